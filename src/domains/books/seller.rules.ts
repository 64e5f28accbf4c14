import { isDay } from '../../platform/days.ts'
import { isCurrency } from '../../platform/money.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import type { PostalAddress } from './address.types.ts'
import type { VatRegime } from './vat.types.ts'

export type SellerFields = {
  legalName: string
  address: PostalAddress
  country: string
  registerNumber: string
  vatRegime: VatRegime
  vatNumber: string
  currency: string
  yearBegins: number
  /** Since when sales to consumers elsewhere in the EU are declared through the one-stop shop, YYYY-MM-DD; null: not. */
  ossSince: string | null
}

/** What is typed on the page of a seller. */
export type TypedSeller = Record<
  | 'legalName'
  | 'lines'
  | 'postcode'
  | 'city'
  | 'country'
  | 'registerNumber'
  | 'vatRegime'
  | 'vatNumber'
  | 'currency'
  | 'yearBegins'
  | 'ossSince',
  string
>

export type SellerProblem =
  | 'missing'
  | 'siren-wrong'
  | 'vat-wrong'
  | 'vat-missing'
  | 'regime-wrong'
  | 'currency-wrong'
  | 'month-wrong'
  | 'day-wrong'
  | 'country-wrong'
  | 'frozen'

export type SellerProblems = Partial<Record<keyof TypedSeller, SellerProblem>>

/** Patterns of numbers of VAT after their two letters, as VIES, the United Kingdom, Switzerland and Norway publish them. */
const VAT_NUMBERS: Record<string, [prefix: string, rest: RegExp]> = {
  AT: ['AT', /^U\d{8}$/],
  BE: ['BE', /^[01]\d{9}$/],
  BG: ['BG', /^\d{9,10}$/],
  CH: ['CHE', /^\d{9}(MWST|TVA|IVA)?$/],
  CY: ['CY', /^\d{8}[A-Z]$/],
  CZ: ['CZ', /^\d{8,10}$/],
  DE: ['DE', /^\d{9}$/],
  DK: ['DK', /^\d{8}$/],
  EE: ['EE', /^\d{9}$/],
  ES: ['ES', /^(?=.*[A-Z])[A-Z0-9]\d{7}[A-Z0-9]$/],
  FI: ['FI', /^\d{8}$/],
  FR: ['FR', /^[0-9A-HJ-NP-Z]{2}\d{9}$/],
  GB: ['GB', /^(\d{9}|\d{12}|GD[0-4]\d{2}|HA[5-9]\d{2})$/],
  GR: ['EL', /^\d{9}$/],
  HR: ['HR', /^\d{11}$/],
  HU: ['HU', /^\d{8}$/],
  IE: ['IE', /^(\d{7}[A-W][A-IW]?|\d[A-Z+*]\d{5}[A-W])$/],
  IT: ['IT', /^\d{11}$/],
  LT: ['LT', /^(\d{9}|\d{12})$/],
  LU: ['LU', /^\d{8}$/],
  LV: ['LV', /^\d{11}$/],
  MC: ['FR', /^[0-9A-HJ-NP-Z]{2}\d{9}$/],
  MT: ['MT', /^\d{8}$/],
  NL: ['NL', /^[A-Z0-9+*]{10}\d{2}$/],
  NO: ['NO', /^\d{9}(MVA)?$/],
  PL: ['PL', /^\d{10}$/],
  PT: ['PT', /^\d{9}$/],
  RO: ['RO', /^\d{2,10}$/],
  SE: ['SE', /^\d{10}01$/],
  SI: ['SI', /^\d{8}$/],
  SK: ['SK', /^\d{10}$/],
}

/** Whether the last of the digits is the check digit of Luhn (ISO/IEC 7812-1). */
export function luhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const twice = Number(digit) * 2
    return total + (index % 2 ? twice - (twice > 9 ? 9 : 0) : Number(digit))
  }, 0)
  return /^\d+$/.test(digits) && sum % 10 === 0
}

/** The SIREN in what was typed: nine digits that check, or the first nine of a SIRET. Null when it is none. */
export function readSiren(text: string): string | null {
  const digits = text.replace(/[\s.\u00a0\u202f-]/g, '')
  if (!/^(\d{9}|\d{14})$/.test(digits)) return null
  const siren = digits.slice(0, 9)
  // Of the post office's own SIRET the digits are summed instead; its SIREN checks as all do.
  return luhn(siren) && (digits.length === 9 || siren === '356000000' || luhn(digits)) ? siren : null
}

/** The number of VAT as it is written, with the letters of its country; null when a country whose pattern is known has no such number. */
export function readVatNumber(text: string, country: string): string | null {
  const plain = text.toUpperCase().replace(/[\s.\u00a0\u202f/-]/g, '')
  const [prefix, pattern] = VAT_NUMBERS[country] ?? []
  if (!prefix || !pattern) return /^[A-Z0-9]{4,20}$/.test(plain) ? plain : null
  const rest = plain.startsWith(prefix) ? plain.slice(prefix.length) : plain
  if (!pattern.test(rest)) return null
  return country === 'FR' && !frenchKey(rest) ? null : prefix + rest
}

/** The two digits before a French SIREN follow from it, where they are digits: (12 + 3 × (SIREN mod 97)) mod 97. */
function frenchKey(rest: string): boolean {
  const [key, siren] = [rest.slice(0, 2), rest.slice(2)]
  if (!luhn(siren)) return false
  return !/^\d\d$/.test(key) || Number(key) === (12 + 3 * (Number(siren) % 97)) % 97
}

/**
 * Reads what was typed about a seller. `frozen` is what the books were begun with once they hold an entry: their currency and the month in which their year
 * begins stay.
 */
export function readSeller(
  typed: TypedSeller,
  countries: readonly string[],
  frozen: Pick<SellerFields, 'currency' | 'yearBegins'> | null,
): Result<SellerFields, SellerProblems> {
  const problems: SellerProblems = {}
  const legalName = typed.legalName.slice(0, 200)
  if (!legalName) problems.legalName = 'missing'
  const country = countries.includes(typed.country) ? typed.country : ''
  if (!country) problems.country = typed.country ? 'country-wrong' : 'missing'
  const lines = typed.lines
    .split('\n')
    .map((line) => line.trim().slice(0, 200))
    .filter(Boolean)
    .slice(0, 5)
  if (!lines.length) problems.lines = 'missing'
  if (!typed.city) problems.city = 'missing'

  let registerNumber = typed.registerNumber.slice(0, 50)
  if (country === 'FR' && registerNumber) {
    const siren = readSiren(registerNumber)
    if (siren) registerNumber = siren
    else problems.registerNumber = 'siren-wrong'
  }
  const vatRegime = (['small', 'registered', 'outside'] as const).find((one) => one === typed.vatRegime)
  if (!vatRegime) problems.vatRegime = 'regime-wrong'
  let vatNumber = ''
  if (vatRegime === 'registered') {
    if (!typed.vatNumber) problems.vatNumber = 'vat-missing'
    else if (country) {
      const read = readVatNumber(typed.vatNumber, country)
      if (read) vatNumber = read
      else problems.vatNumber = 'vat-wrong'
    }
  }
  const currency = typed.currency.toUpperCase()
  if (!/^[A-Z]{3}$/.test(currency) || !isCurrency(currency)) problems.currency = 'currency-wrong'
  else if (frozen && currency !== frozen.currency) problems.currency = 'frozen'
  const yearBegins = /^\d{1,2}$/.test(typed.yearBegins) ? Number(typed.yearBegins) : 0
  if (yearBegins < 1 || yearBegins > 12) problems.yearBegins = 'month-wrong'
  else if (frozen && yearBegins !== frozen.yearBegins) problems.yearBegins = 'frozen'

  // Who is not registered for VAT has nothing to declare there.
  const ossSince = vatRegime === 'registered' && typed.ossSince ? typed.ossSince : null
  if (ossSince !== null && !isDay(ossSince)) problems.ossSince = 'day-wrong'

  if (Object.keys(problems).length || !vatRegime) return fail(problems)
  const address: PostalAddress = { lines, city: typed.city.slice(0, 100) }
  if (typed.postcode) address.postcode = typed.postcode.slice(0, 20)
  return ok({ legalName, address, country, registerNumber, vatRegime, vatNumber, currency, yearBegins, ossSince })
}
