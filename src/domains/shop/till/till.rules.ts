import type { Lang } from '../../../platform/i18n/languages.ts'
import { currencyName, formatMoney, minorDigits, readMoney } from '../../../platform/money.ts'

/** Where the pages of open tills and what they need are kept on the device. */
export const TILL_CACHE = 'ritornello-till'

export type PaidWith = 'cash' | 'other'

/** One thing sold, at what it cost at the table: minor units, taxes included. */
export type SoldLine = { variantId: string; quantity: number; each: number }

/** A sale as it was made at the table, on the device or in a form. `id` is made there. */
export type TableSale = {
  id: string
  lines: SoldLine[]
  paidWith: PaidWith
  /** By the clock of the device, ISO 8601. */
  soldAt: string
  /** Where the receipt and the download go, if the buyer wants them; else empty. */
  mail: string
}

/** More was sold than was counted. */
export type Short = { title: string; missing: number }

/** The provider of a payment at a table. What is in the box is counted in the evening; what was paid otherwise arrives elsewhere. */
export const TILL_PROVIDER = { cash: 'till-cash', other: 'till-other' } as const satisfies Record<PaidWith, string>

/**
 * Who may use this till, as docs/TILL.md says: 'free' where no certified one is asked for; 'attest' who charges VAT in France needs an attestation; 'elsewhere'
 * other countries have rules that this till does not meet.
 */
export function tillRule(seller: { country: string; vatRegime: string }): 'free' | 'attest' | 'elsewhere' {
  if (seller.country !== 'FR') return 'elsewhere'
  return seller.vatRegime === 'registered' ? 'attest' : 'free'
}

export const saleTotal = (lines: readonly Pick<SoldLine, 'quantity' | 'each'>[]): number =>
  lines.reduce((sum, { quantity, each }) => sum + quantity * each, 0)

export type Box = { begunWith: number; sold: number; givenBack: number; counted: number }

/** What should lie in the box, and what is there beyond it; below zero, what is missing. */
export function boxOf({ begunWith, sold, givenBack, counted }: Box): { expected: number; difference: number } {
  const expected = begunWith + sold - givenBack
  return { expected, difference: counted - expected }
}

/** When it was sold: what the device says, but neither before the evening began nor in the time to come. */
export function soldBetween(said: string, openedAt: Date, now: Date): Date {
  const at = new Date(said).getTime()
  return new Date(Math.min(Math.max(Number.isNaN(at) ? now.getTime() : at, openedAt.getTime()), now.getTime()))
}

/** How the till writes and reads amounts, in minor units, and what they are called. `read` gives null for what is no amount. */
export const moneyAt = (currency: string, lang: Lang) => ({
  money: (amount: number): string => formatMoney({ amount, currency }, lang),
  read: (text: string): number | null => readMoney(text, currency)?.amount ?? null,
  isWhole: minorDigits(currency) === 0,
  name: currencyName(currency, lang),
})
