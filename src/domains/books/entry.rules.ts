import { allocate } from '../../platform/money.ts'
import type { AccountKind } from './account-plan.rules.ts'

/** An account of one seller's books: `of` tells two of a kind apart. */
export type Account = { kind: AccountKind; of?: string }

export type Line = {
  account: Account
  /** Minor units: above zero debits the account, below zero credits it. */
  amount: number
  currency: string
  /** What it is about, `<kind>:<id>`; where it was sold (ISO 3166-1 alpha-2); how many. What statements are made of. */
  subject?: string
  country?: string
  quantity?: number
}

export type BookedLine = Line & { baseAmount: number }

/** How much of the books' currency one unit of another is worth, as an exact fraction of minor units: `base` for `foreign`. */
export type Rate = { currency: string; base: number; foreign: number }

/**
 * The lines as they are booked: each with its worth in the currency of the books. Debits and credits of a currency sum to nothing, so does their worth:
 * what rounding leaves is divided by largest remainder on each side, from the same total.
 * Throws when the lines do not balance, a rate is missing, or the worth is more than a number holds exactly (2^53): whoever composed them is wrong.
 */
export function bookedLines(lines: Line[], base: string, rates: Rate[] = []): BookedLine[] {
  const booked = lines.map((line) => ({ ...line, baseAmount: line.amount }))
  for (const currency of new Set(lines.map((line) => line.currency))) {
    const own = booked.filter((line) => line.currency === currency)
    if (own.reduce((sum, { amount }) => sum + amount, 0) !== 0)
      throw new Error(`the lines in ${currency} do not balance`)
    if (currency === base) continue
    const rate = rates.find((known) => known.currency === currency)
    if (!rate) throw new Error(`no rate from ${currency} to ${base}`)
    for (const side of [own.filter(({ amount }) => amount > 0), own.filter(({ amount }) => amount < 0)]) {
      const total = side.reduce((sum, { amount }) => sum + Math.abs(amount), 0)
      const worth = Number(
        (BigInt(total) * BigInt(rate.base) * 2n + BigInt(rate.foreign)) / (2n * BigInt(rate.foreign)),
      )
      if (!Number.isSafeInteger(worth)) throw new Error(`the lines in ${currency} are worth too much to be counted`)
      const parts = allocate(
        worth,
        side.map(({ amount }) => Math.abs(amount)),
      )
      side.forEach((line, index) => {
        line.baseAmount = Math.sign(line.amount) * (parts[index] ?? 0)
      })
    }
  }
  return booked
}

/** The year of the books in which a day lies, by the calendar year in which it begins. `bookedOn` is YYYY-MM-DD. */
export function bookYear(bookedOn: string, yearBegins: number): number {
  const [year = 0, month = 1] = bookedOn.split('-').map(Number)
  return month < yearBegins ? year - 1 : year
}
