import type { PostalAddress } from './address.types.ts'
import type { VatRegime } from './vat.types.ts'

export type PaperKind = 'invoice' | 'credit-note'

export type PaperLine = {
  what: string
  quantity: number
  /** Of the whole line, minor units: without tax, and the tax. Below zero on a credit note. */
  net: number
  tax: number
  /** Hundredths of a percent. */
  taxRate: number
}

export type PaperBuyer = {
  name: string
  address: PostalAddress
  country: string
  /** Of a business. */
  vatNumber?: string
}

/**
 * Of some of the lines. 'export': delivered outside the seller's customs and VAT territory, without VAT. 'oss': at the rate of the buyer's country, declared
 * through the one-stop shop. 'tip': nothing was sold.
 */
export type TaxedElsewhere = 'export' | 'oss' | 'tip'

/** All that an invoice or credit note says, frozen when it is issued; its number comes after. */
export type PaperContent = {
  seller: {
    legalName: string
    address: PostalAddress
    country: string
    registerNumber: string
    vatRegime: VatRegime
    vatNumber: string
  }
  buyer: PaperBuyer
  currency: string
  lines: PaperLine[]
  /** When it was sold or given, YYYY-MM-DD. */
  suppliedOn: string
  /** When it was paid; null when it is still to be. */
  paidOn: string | null
  /** What the order is called. */
  reference: string
  /** The key of the paper that it corrects: of a credit note its invoice, of an invoice a credit note whose money never arrived. */
  corrects: string | null
  /** Why no tax of the seller's country is on it, where that is to be said. Papers of before an order could have several reasons hold one. */
  taxed?: TaxedElsewhere[] | TaxedElsewhere
}

/** Sums by rate of tax, the highest first, and in all. */
export function totalsOf(lines: PaperLine[]): {
  net: number
  tax: number
  byRate: { taxRate: number; net: number; tax: number }[]
} {
  const byRate = [...Map.groupBy(lines, ({ taxRate }) => taxRate)].map(([taxRate, own]) => ({
    taxRate,
    net: own.reduce((sum, { net }) => sum + net, 0),
    tax: own.reduce((sum, { tax }) => sum + tax, 0),
  }))
  return {
    net: byRate.reduce((sum, { net }) => sum + net, 0),
    tax: byRate.reduce((sum, { tax }) => sum + tax, 0),
    byRate: byRate.sort((a, b) => b.taxRate - a.taxRate),
  }
}

export type Mention =
  | 'art_293b'
  | 'small'
  | 'no_vat_here'
  | 'late'
  | 'reverse_charge'
  | 'export_fr'
  | 'export'
  | 'oss'
  | 'tip'

/**
 * What the law wants on it besides: article 242 nonies A of annexe II of the CGI and L441-9 of the code de commerce in France. Penalties for late payment
 * concern businesses.
 */
export function mentionsOf({ seller, buyer, lines, paidOn, taxed }: PaperContent): Mention[] {
  const mentions: Mention[] = []
  const { tax } = totalsOf(lines)
  if (seller.vatRegime === 'small') mentions.push(seller.country === 'FR' ? 'art_293b' : 'small')
  if (seller.vatRegime === 'outside') mentions.push('no_vat_here')
  if (seller.vatRegime === 'registered' && tax === 0 && buyer.vatNumber && buyer.country !== seller.country)
    mentions.push('reverse_charge')
  if (seller.vatRegime === 'registered') {
    const reasons = [taxed ?? []].flat()
    if (reasons.includes('export')) mentions.push(seller.country === 'FR' ? 'export_fr' : 'export')
    if (reasons.includes('oss')) mentions.push('oss')
    if (reasons.includes('tip')) mentions.push('tip')
  }
  if (seller.country === 'FR' && buyer.vatNumber && paidOn === null) mentions.push('late')
  return mentions
}

/** "F-2026-00012", "A-2026-00001": the series, then the number in it. */
export const paperNumber = (series: string, number: number): string => `${series}-${String(number).padStart(5, '0')}`
