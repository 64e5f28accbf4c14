import { type Money, minorDigits } from '../../platform/money.ts'

/** How many of a currency one euro was on a day; an exact decimal. */
export type EuroRate = { currency: string; day: string; rate: string }

/**
 * Reads what the European Central Bank publishes of its reference rates (`eurofxref-hist-90d.xml`): in days, of each currency how many of it one euro is.
 * What else stands there is passed over.
 */
export function readEuroRates(xml: string): EuroRate[] {
  return [...xml.matchAll(/<Cube time=["'](\d{4}-\d\d-\d\d)["']>(.*?)<\/Cube>/gs)].flatMap(([, day = '', of = '']) =>
    [...of.matchAll(/<Cube currency=["']([A-Z]{3})["'] rate=["'](\d{1,9}(?:\.\d{1,9})?)["']\s*\/>/g)].map(
      ([, currency = '', rate = '']) => ({ currency, day, rate }),
    ),
  )
}

/** An amount in cents of euro, rounded half away from nothing. `rate`: a decimal, how many of the currency one euro is. */
export function toEuroCents({ amount, currency }: Money, rate: string): number {
  const [whole = '0', fraction = ''] = rate.split('.')
  const per = BigInt(whole + fraction) * 10n ** BigInt(minorDigits(currency))
  const cents = BigInt(Math.abs(amount)) * 100n * 10n ** BigInt(fraction.length)
  return (amount < 0 ? -1 : 1) * Number((cents * 2n + per) / (2n * per)) || 0
}

/** A rate as a person types it: "4,2575"; null when it is none. */
export function readRate(text: string): string | null {
  const plain = text.trim().replace(',', '.')
  return /^\d{1,6}(\.\d{1,6})?$/.test(plain) && Number(plain) > 0 ? plain : null
}
