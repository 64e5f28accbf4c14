import regions from 'sales-tax/res/region_countries.json' with { type: 'json' }
import rates from 'sales-tax/res/sales_tax_rates.json' with { type: 'json' }
import type { Rates } from './tax.rules.ts'

type Known = { type: string; rate: number; before?: Record<string, { rate: number }> }

/** The standard rates of VAT as the package `sales-tax` keeps them up to date. */
export const vatRates: Rates = {
  rateOf(country, at) {
    const known = (rates as Record<string, Known>)[country]
    if (known?.type !== 'vat') return null
    const changed = Object.entries(known.before ?? {})
      .filter(([until]) => at < new Date(until))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))[0]
    return Math.round((changed?.[1].rate ?? known.rate) * 10_000)
  },
  isInEu: (country) => regions.EU.includes(country),
}
