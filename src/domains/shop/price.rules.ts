import { allocate } from '../../platform/money.ts'

export type Pricing = 'fixed' | 'named' | 'free'
export type Priced = { pricing: Pricing; price: number; suggested: number | null }

export type PriceProblem = 'too-little' | 'missing'

/** What one costs: the price, or what the buyer named when it is enough. Minor units, taxes included. */
export function priceOf(
  offer: Priced,
  named: number | null,
): { each: number } | { problem: PriceProblem; least: number } {
  switch (offer.pricing) {
    case 'free':
      return { each: 0 }
    case 'fixed':
      return { each: offer.price }
    case 'named': {
      if (named === null) return { problem: 'missing', least: offer.price }
      return named < offer.price ? { problem: 'too-little', least: offer.price } : { each: named }
    }
  }
}

/** Where the field of a named price begins: the suggestion, else the least; never an invented amount. */
export const startsAt = ({ price, suggested }: Priced): number => suggested ?? price

/** The tax within an amount that includes it: `rate` in hundredths of a percent, rounded half up to a minor unit. */
export function taxWithin(gross: number, rate: number): number {
  const whole = BigInt(10_000 + rate)
  return Number((BigInt(gross) * BigInt(rate) * 2n + whole) / (2n * whole))
}

export type Taxed = { gross: number; tax: number }

/**
 * What of a refund belongs to each part of an order: by what each has left, largest remainder, so that refunds of any sizes never take more than
 * a part cost, and when all is refunded every part is. The tax goes back with it, in the same way.
 * `given` is what is given back of each part so far: any of the refunds before may have failed to arrive, so its tax is not what its sum alone would say.
 */
export function shareRefund(amount: number, parts: readonly Taxed[], given: readonly Taxed[]): Taxed[] {
  const before = parts.map((_, index) => given[index] ?? { gross: 0, tax: 0 })
  const shares = allocate(
    amount,
    parts.map(({ gross }, index) => gross - (before[index]?.gross ?? 0)),
  )
  return parts.map((part, index) => {
    const gross = shares[index] ?? 0
    return { gross, tax: taxGivenBack(part, before[index] ?? { gross: 0, tax: 0 }, gross) }
  })
}

/** Up to the tax that is due of all that is given back by then; never more than goes back or is left, nor so little that the rest could not hold what is left of it. */
function taxGivenBack(part: Taxed, before: Taxed, gross: number): number {
  const left = { gross: part.gross - before.gross, tax: part.tax - before.tax }
  const least = Math.max(0, left.tax - (left.gross - gross))
  return Math.min(Math.max(taxOfPart(part, before.gross + gross) - before.tax, least), left.tax, gross)
}

/** The tax in the first `gross` of a part: all of it in all of it. */
export const taxOfPart = (part: Taxed, gross: number): number =>
  part.gross === 0 ? 0 : (allocate(part.tax, [gross, part.gross - gross])[0] ?? 0)
