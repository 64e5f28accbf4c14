/** Standard rates by country (ISO 3166-1 alpha-2), in hundredths of a percent: 2000 is 20 %. Null where there is no VAT or none is known. */
export type Rates = { rateOf(country: string, at: Date): number | null; isInEu(country: string): boolean }

export type TaxSeller = {
  country: string
  regime: 'small' | 'registered' | 'outside'
  /** Declares through the one-stop shop (OSS), by choice or because the threshold was passed. */
  oss: boolean
}

/**
 * Why a sale is taxed as it is, as each line of its order keeps it:
 * - 'small': the seller is exempt (in France article 293 B of the CGI);
 * - 'no-vat': the seller's country has none, or the seller need not charge it there;
 * - 'home': the buyer is where the seller is;
 * - 'below-threshold': in another country of the EU, while cross-border sales stay below 10,000 EUR a year: the seller's own rate;
 * - 'oss': in another country of the EU, at that country's rate;
 * - 'export': goods that leave, or a download for somebody outside: none;
 * - 'tip': nothing is sold. What a passer-by gives of their own accord, with nothing due for it, is no consideration for a supply and outside the tax
 *   (Court of Justice, C-16/93 Tolsma).
 */
export type TaxReason = 'small' | 'no-vat' | 'home' | 'below-threshold' | 'oss' | 'export' | 'tip'

/** `country` is the one whose tax it is, and its rate in hundredths of a percent. */
export type Tax = { country: string; rate: number; reason: TaxReason }

/**
 * Cross-border sales to consumers in the EU, of goods and of electronic services together, in this and in the year before, in cents of euro, before tax.
 * Directive 2006/112/EC, article 59c: up to it the seller's own country taxes.
 */
export const THRESHOLD_EUR_CENTS = 10_000_00

/**
 * The tax on what is sold to a consumer. `buyer`: where a download's buyer is (two pieces of evidence agree), or where goods go.
 * `passed`: cross-border sales of this or of last year are above the threshold, this sale among them.
 */
export function taxOf(
  { seller, buyer, passed, at }: { seller: TaxSeller; buyer: string; passed: boolean; at: Date },
  rates: Rates,
): Tax {
  const from = vatCountry(seller.country)
  const to = vatCountry(buyer)
  if (seller.regime === 'small') return { country: from, rate: 0, reason: 'small' }
  if (seller.regime === 'outside') return { country: from, rate: 0, reason: 'no-vat' }
  const home = rates.rateOf(from, at)
  if (home === null) return { country: from, rate: 0, reason: 'no-vat' }
  if (to === from) return { country: from, rate: home, reason: 'home' }
  if (!rates.isInEu(to)) return { country: to, rate: 0, reason: 'export' }
  const there = rates.rateOf(to, at) ?? 0
  if (seller.oss) return { country: to, rate: there, reason: 'oss' }
  // From outside the EU there is no threshold, but neither a way to declare without the one-stop shop: none is charged, and the seller is told.
  if (!rates.isInEu(from)) return { country: to, rate: 0, reason: 'export' }
  return passed ? { country: to, rate: there, reason: 'oss' } : { country: from, rate: home, reason: 'below-threshold' }
}

/** Whether it is a thing; what is no thing is a download, a service or a tip. */
export const isGoods = (kind: string): boolean => kind === 'record' || kind === 'merch'

/** Where a sale takes place: a download where its buyer is, a thing where its parcel goes, or where the seller is when it is handed over. */
export const placeOf = (
  kind: string,
  { seller, buyer, parcel }: { seller: string; buyer: string; parcel: string | null },
): string => (isGoods(kind) ? (parcel ?? seller) : buyer)

/** Whether a sale counts towards the threshold: from one country of the EU into another. */
export function crossesBorder(from: string, to: string, rates: Pick<Rates, 'isInEu'>): boolean {
  const [here, there] = [vatCountry(from), vatCountry(to)]
  return here !== there && rates.isInEu(here) && rates.isInEu(there)
}

/** Why an order is taxed as it is, each reason once, in the order of its lines. */
export const reasonsOf = (
  order: { shippingTaxReason: TaxReason | null },
  lines: readonly { taxReason: TaxReason }[],
): TaxReason[] => [
  ...new Set([
    ...lines.map(({ taxReason }) => taxReason),
    ...(order.shippingTaxReason === null ? [] : [order.shippingTaxReason]),
  ]),
]

/** Monaco is France for VAT, the Isle of Man the United Kingdom (directive 2006/112/EC, article 7). */
const vatCountry = (country: string): string => ({ MC: 'FR', IM: 'GB' })[country] ?? country

export type Evidence = { kind: 'declared' | 'network' | 'card' | 'bank' | 'phone' | 'delivery'; country: string }

/**
 * The country that a buyer is in, by two pieces of evidence that agree (implementing regulation 282/2011, article 24b and 24f); `unsure` when none do:
 * then what the buyer said counts, and the order says so.
 */
export function whereabouts(evidence: readonly Evidence[]): { country: string | null; unsure: boolean } {
  const declared = evidence.find(({ kind }) => kind === 'declared')?.country ?? null
  const counts = new Map<string, number>()
  for (const { country } of evidence) counts.set(country, (counts.get(country) ?? 0) + 1)
  if (declared && (counts.get(declared) ?? 0) >= 2) return { country: declared, unsure: false }
  const agreed = [...counts].find(([, count]) => count >= 2)
  return agreed ? { country: agreed[0], unsure: false } : { country: declared, unsure: true }
}
