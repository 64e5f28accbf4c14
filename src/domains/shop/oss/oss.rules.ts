import type { Evidence } from '../tax.rules.ts'

/** A quarter of the calendar, as the one-stop shop declares them: "2026-Q3". */
export type Quarter = { year: number; quarter: number }

export const quarterName = ({ year, quarter }: Quarter): string => `${year}-Q${quarter}`

export function readQuarter(text: string): Quarter | null {
  const [, year, quarter] = /^(2\d{3})-Q([1-4])$/.exec(text) ?? []
  return year && quarter ? { year: Number(year), quarter: Number(quarter) } : null
}

export const quarterOf = (day: string): Quarter => ({
  year: Number(day.slice(0, 4)),
  quarter: Math.ceil(Number(day.slice(5, 7)) / 3),
})

const utc = (year: number, month: number, day: number) =>
  new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10)

/** Its first and last day, and the last day on which its return may be handed in: the end of the next month (article 369f of directive 2006/112/EC). */
export const quarterDays = ({ year, quarter }: Quarter): { from: string; through: string; due: string } => ({
  from: utc(year, quarter * 3 - 3, 1),
  through: utc(year, quarter * 3, 0),
  due: utc(year, quarter * 3 + 1, 0),
})

/** From the quarter of one day to that of another, the latest first. */
export function quartersBetween(first: string, last: string): Quarter[] {
  const found: Quarter[] = []
  const end = quarterOf(first)
  for (
    let at = quarterOf(last);
    at.year > end.year || (at.year === end.year && at.quarter >= end.quarter);
    at = at.quarter === 1 ? { year: at.year - 1, quarter: 4 } : { year: at.year, quarter: at.quarter - 1 }
  )
    found.push(at)
  return found
}

/** What was booked in a quarter of one country, rate and kind, in one currency: of sales of `sold`, a quarter. Less than nothing when it went back. */
export type OssSum = {
  sold: string
  country: string
  rate: number
  isGoods: boolean
  currency: string
  net: number
  tax: number
}

export type OssRow = Omit<OssSum, 'sold'>
export type OssCorrection = { sold: string; country: string; currency: string; tax: number }

/**
 * The return of a quarter: what was sold in it, less what of that went back, by country of consumption, kind and rate; and of earlier quarters, what changed of
 * the tax, by quarter and country (article 369g(4)): a correction names no rate.
 */
export function ossReturn(quarter: string, sums: readonly OssSum[]): { rows: OssRow[]; corrections: OssCorrection[] } {
  const [own, before] = [sums.filter(({ sold }) => sold === quarter), sums.filter(({ sold }) => sold !== quarter)]
  const rows = own
    .map(({ sold, ...row }) => row)
    .filter(({ net, tax }) => net !== 0 || tax !== 0)
    .sort((a, b) => order(a.country, b.country) || Number(a.isGoods) - Number(b.isGoods) || b.rate - a.rate)
  const corrections = [
    ...Map.groupBy(before, ({ sold, country, currency }) => `${sold} ${country} ${currency}`).values(),
  ]
    .flatMap(([first, ...rest]) =>
      first ? [{ ...pick(first), tax: rest.reduce((sum, { tax }) => sum + tax, first.tax) }] : [],
    )
    .filter(({ tax }) => tax !== 0)
    .sort((a, b) => order(a.sold, b.sold) || order(a.country, b.country))
  return { rows, corrections }
}

const pick = ({ sold, country, currency }: OssSum) => ({ sold, country, currency })
const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/**
 * Whether two pieces of evidence say the same country, or one that nothing contradicts: enough while cross-border services stay below 100,000 EUR a year
 * (implementing regulation 282/2011, article 24b).
 */
export function evidenceOf(country: string, evidence: readonly Evidence[]): 'two' | 'one' | 'contradicted' {
  const agree = evidence.filter((one) => one.country === country).length
  return agree >= 2 ? 'two' : agree < evidence.length ? 'contradicted' : 'one'
}
