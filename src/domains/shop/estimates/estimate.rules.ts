import { type Money, minorDigits } from '../../../platform/money.ts'

/** How many of each currency one euro is; the euro itself is not in it. */
export type EuroTable = ReadonlyMap<string, number>

/** What a buyer may see prices in besides: `chosen` of `codes`, by the rates of `day`. Without rates there are no codes, and nothing is offered. */
export type Estimates = { chosen: string | null; codes: string[]; table: EuroTable; day: string | null }

/** More figures than these would promise what no estimate can keep. */
const FIGURES = 3

/** About what an amount is in another currency: three figures, never finer than the currency is. Null where no rate is known, or nothing is to be said. */
export function estimate({ amount, currency }: Money, to: string, table: EuroTable): Money | null {
  const [from, into] = [currency, to].map((code) => (code === 'EUR' ? 1 : table.get(code)))
  if (amount <= 0 || currency === to || !from || !into) return null
  const units = (amount / 10 ** minorDigits(currency) / from) * into
  const finest = 10 ** -minorDigits(to)
  const step = Math.max(finest, 10 ** (Math.floor(Math.log10(units)) - FIGURES + 1))
  return { amount: Math.round(Math.round(units / step) * step * 10 ** minorDigits(to)), currency: to }
}
