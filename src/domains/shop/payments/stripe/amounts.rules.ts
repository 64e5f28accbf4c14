import { minorDigits } from '../../../../platform/money.ts'

/** https://docs.stripe.com/currencies: those whose amounts Stripe counts whole. */
const WHOLE = 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' ')
/** And in thousandths; the last digit of what is charged must be a nought. */
const THOUSANDTHS = 'BHD JOD KWD OMR TND'.split(' ')
/** Stripe's page lists the Ugandan shilling as whole and as hundredths: a hundredfold mistake is worse than no card. */
const UNSURE = 'UGX'

/** How many decimals Stripe's integers have. ISK has none any more, and is written in hundredths all the same. */
const digitsOf = (currency: string): number => (WHOLE.includes(currency) ? 0 : THOUSANDTHS.includes(currency) ? 3 : 2)

/** The integer that Stripe wants for an amount of ours; null when it cannot charge it. */
export function toStripe(amount: number, currency: string): number | null {
  if (currency === UNSURE) return null
  const scaled = (BigInt(amount) * 10n ** BigInt(digitsOf(currency))) as bigint
  const unit = 10n ** BigInt(minorDigits(currency))
  if (scaled % unit !== 0n) return null
  const theirs = Number(scaled / unit)
  return THOUSANDTHS.includes(currency) && theirs % 10 !== 0 ? null : theirs
}

/** An amount of Stripe's in our minor units: what it kept or paid out may be finer than ours, and is then rounded half away from nothing. */
export function fromStripe(theirs: number, currency: string): number {
  const scaled = BigInt(Math.abs(theirs)) * 10n ** BigInt(minorDigits(currency))
  const unit = 10n ** BigInt(digitsOf(currency))
  const ours = Number((scaled * 2n + unit) / (2n * unit))
  return (theirs < 0 ? -ours : ours) || 0
}
