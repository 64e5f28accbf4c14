import type { Lang } from './i18n/languages.ts'

/** An amount of money in integer minor units of an ISO 4217 currency: cents, whole yen, thousandths of a Kuwaiti dinar. */
export type Money = { amount: number; currency: string }

/** No single amount that a person types is larger, in minor units. Far below 2^53, so sums of millions of them stay exact. */
export const LARGEST_AMOUNT = 100_000_000_00

const digits = new Map<string, number>()

/** Whether it is the code of a currency in use (ISO 4217, upper case), as the platform's own list knows them. */
export const isCurrency = (code: string): boolean => CURRENCIES.has(code)
const CURRENCIES = new Set(Intl.supportedValuesOf('currency'))

/** How many decimals the currency has: 2 for EUR, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  const known = digits.get(currency)
  if (known !== undefined) return known
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
  digits.set(currency, maximumFractionDigits)
  return maximumFractionDigits
}

/** "12,50 €", "£12.50", "−£1.00", as the language writes it, with a minus and not a hyphen. */
export const formatMoney = ({ amount, currency }: Money, lang: Lang): string =>
  new Intl.NumberFormat(lang === 'fr' ? 'fr-FR' : 'en-GB', { style: 'currency', currency })
    .format(decimal({ amount, currency }) as Intl.StringNumericLiteral)
    .replace('-', '\u2212')

/** What several of a currency are called: "euros", "pounds sterling", "dollars des États-Unis"; "US dollars" in English. */
export const currencyName = (currency: string, lang: Lang): string =>
  new Intl.NumberFormat(lang === 'fr' ? 'fr-FR' : 'en-GB', { style: 'currency', currency, currencyDisplay: 'name' })
    .formatToParts(1000)
    .flatMap(({ type, value }) => (type === 'currency' ? [value] : []))
    .join('')

/** The amount as a plain decimal with a point, exact: "12.50", "-0.05", "1200" for yen. For CSV and JSON. */
export function decimal({ amount, currency }: Money): string {
  const places = minorDigits(currency)
  const minor = String(Math.abs(amount)).padStart(places + 1, '0')
  const sign = amount < 0 ? '-' : ''
  return places === 0 ? sign + minor : `${sign}${minor.slice(0, -places)}.${minor.slice(-places)}`
}

/** The amount as somebody would type it into a field: "12,50" in French, "12.50" in English. {@link readMoney} takes both. */
export const typedMoney = (money: Money, lang: Lang): string =>
  lang === 'fr' ? decimal(money).replace('.', ',') : decimal(money)

/**
 * Reads what a person typed: "12", "12.5", "12,50", "1 234,50", "1,234.50". Null when it is no amount, is negative, finer than the currency,
 * absurd, or can be read in two ways: "1.234" euros may be one or a thousand.
 */
export function readMoney(text: string, currency: string): Money | null {
  const plain = text.replace(/[\s\u00a0\u202f'’]/g, '').replace(/^\p{Sc}|\p{Sc}$/gu, '')
  const places = minorDigits(currency)
  const [, whole, fraction = ''] = /^(.*?)(?:[.,](\d*))?$/.exec(plain) ?? []
  const isDecimal = fraction.length <= places && !(fraction === '' && /[.,]$/.test(plain))
  const digits = isDecimal
    ? ungrouped(whole ?? '', fraction === '' || whole !== '')
    : places === 0
      ? ungrouped(plain, true)
      : null
  if (digits === null || plain === '') return null
  const amount = Number(digits + (isDecimal ? fraction : '').padEnd(places, '0'))
  return amount <= LARGEST_AMOUNT ? { amount, currency } : null
}

/** Digits without their thousands marks ("1,234", "1.234.567"), or null when they are not set as such. */
function ungrouped(text: string, needed: boolean): string | null {
  if (text === '' && !needed) return '0'
  return /^(\d+|\d{1,3}(,\d{3})+|\d{1,3}(\.\d{3})+)$/.test(text) ? text.replace(/[.,]/g, '') : null
}

/**
 * Divides an amount among weights so that the parts sum to it exactly: each gets its share rounded towards zero, and what is left goes, one
 * unit each, to those with the largest remainders (Hamilton's method), the earlier one when two are equal. A negative amount mirrors.
 * With no weight above zero nothing can be divided: throws.
 */
export function allocate(amount: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + BigInt(weight), 0n)
  if (sum <= 0n || weights.some((weight) => weight < 0)) throw new Error('nothing to divide among')
  const whole = BigInt(Math.abs(amount))
  const shares = weights.map((weight, index) => {
    const product = whole * BigInt(weight)
    return { index, part: product / sum, remainder: product % sum }
  })
  let left = whole - shares.reduce((total, { part }) => total + part, 0n)
  for (const share of shares.toSorted((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
  )) {
    if (left === 0n) break
    share.part += 1n
    left -= 1n
  }
  // `|| 0` turns -0 into 0.
  return shares.map(({ part }) => (amount < 0 ? -Number(part) : Number(part)) || 0)
}
