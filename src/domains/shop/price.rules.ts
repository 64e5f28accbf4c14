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
 * `refunded` are the amounts given back before, part by part.
 */
export function shareRefund(amount: number, parts: readonly Taxed[], refunded: readonly number[]): Taxed[] {
  const left = parts.map(({ gross }, index) => gross - (refunded[index] ?? 0))
  const shares = allocate(amount, left)
  return parts.map((part, index) => {
    const before = refunded[index] ?? 0
    const gross = shares[index] ?? 0
    return { gross, tax: taxOfPart(part, before + gross) - taxOfPart(part, before) }
  })
}

/** The tax in the first `gross` of a part: all of it in all of it. */
const taxOfPart = (part: Taxed, gross: number): number =>
  part.gross === 0 ? 0 : (allocate(part.tax, [gross, part.gross - gross])[0] ?? 0)
