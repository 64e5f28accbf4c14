import { callingCodes } from '../announce/number-countries.ts'
import type { SmsPrices } from '../sms.rules.ts'

const MILLION = 1_000_000

/** One price a line: a country (`FR`), what its numbers begin with (`+33`), or `*` for all others, then the price of one message. */
export function readPrices(text: string): { prices: SmsPrices; wrong: string | null } {
  const prices: SmsPrices = {}
  for (const line of text.split(/\r?\n/)) {
    if (!line.trim()) continue
    const [, where = '', amount = ''] =
      /^\s*(\*|\+\d{1,4}|[a-z]{2})\s*[:=]?\s*(\d{1,4}(?:[.,]\d{1,6})?)\s*$/i.exec(line) ?? []
    const countries = countriesOf(where)
    if (countries.length === 0) return { prices, wrong: line.trim().slice(0, 60) }
    for (const country of countries) prices[country] = Math.round(Number(amount.replace(',', '.')) * MILLION)
  }
  return { prices, wrong: null }
}

function countriesOf(where: string): string[] {
  if (where === '*') return ['*']
  if (where.startsWith('+')) return callingCodes().find(({ code }) => code === where.slice(1))?.countries ?? []
  const country = where.toUpperCase()
  return callingCodes().some(({ countries }) => countries.includes(country)) ? [country] : []
}

/** The same as text: countries in their order, all others last. */
export const writePrices = (prices: SmsPrices): string =>
  Object.entries(prices)
    .toSorted(([a], [b]) => Number(a === '*') - Number(b === '*') || (a < b ? -1 : 1))
    .map(([country, price]) => `${country} ${price / MILLION}`)
    .join('\n')

export const isCurrency = (text: string): boolean => Intl.supportedValuesOf('currency').includes(text)
