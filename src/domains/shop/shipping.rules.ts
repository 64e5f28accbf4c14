export type ShippingRate = { countries: string[]; upTo: number | null; price: number }

/**
 * What sending a parcel costs: the cheapest line for its country that bears its weight. A line that names the country comes before one for the EU, and
 * that before one for everywhere. Null: nothing is sent there, or nothing as heavy. `grams`: the things; wrapping is the seller's affair.
 */
export function shippingTo(
  rates: readonly ShippingRate[],
  { country, grams, isInEu }: { country: string; grams: number; isInEu: boolean },
): number | null {
  for (const zone of [country, ...(isInEu ? ['EU'] : []), '*']) {
    const named = rates.filter(({ countries }) => countries.includes(zone))
    if (named.length === 0) continue
    const bearing = named.filter(({ upTo }) => upTo === null || grams <= upTo).map(({ price }) => price)
    return bearing.length > 0 ? Math.min(...bearing) : null
  }
  return null
}
