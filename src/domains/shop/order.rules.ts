import { allocate } from '../../platform/money.ts'
import type { BasketLine } from './basket.views.ts'
import { priceOf, taxWithin } from './price.rules.ts'
import type { Tax, TaxReason } from './tax.rules.ts'

/** One line of an order, all its amounts frozen. Minor units, taxes included. */
export type OrderLine = {
  productId: string
  variantId: string
  artistId: string
  kind: string
  subject: string | null
  title: string
  variant: string
  bundle: string
  quantity: number
  each: number
  gross: number
  tax: number
  rate: number
  taxCountry: string
  taxReason: TaxReason
  weight: number | null
  /** It is a pre-order until then. */
  releasedAt: Date | null
}

export type LineProblem =
  | { problem: 'gone' }
  | { problem: 'too-little' | 'missing'; least: number }
  | { problem: 'sold-out'; left: number }

type TaxFor = (kind: string) => Tax

/** Why a basket cannot be ordered, line by line. */
export type BasketProblems = Map<string, LineProblem>

/**
 * The lines of an order: what was put aside, priced and taxed. A bundle becomes its parts, its price divided among them by what each costs alone.
 * `taxFor` tells the tax on a thing of a kind.
 */
export function orderLines(lines: BasketLine[], taxFor: TaxFor): { lines: OrderLine[] } | { problems: BasketProblems } {
  const problems: BasketProblems = new Map()
  const ordered: OrderLine[] = []
  for (const line of lines) {
    const price = priceOf(line, line.named)
    if (!line.offered || (line.kind === 'bundle' && line.parts.length === 0))
      problems.set(line.variantId, { problem: 'gone' })
    else if ('problem' in price) problems.set(line.variantId, price)
    else if (line.left !== null && line.left < line.quantity)
      problems.set(line.variantId, { problem: 'sold-out', left: Math.max(0, line.left) })
    else
      ordered.push(
        ...(line.kind === 'bundle' ? unbundled(line, price.each, taxFor) : [single(line, price.each, taxFor)]),
      )
  }
  return problems.size > 0 ? { problems } : { lines: ordered }
}

const taxed = (gross: number, kind: string, taxFor: TaxFor) => {
  const { rate, country, reason } = taxFor(kind)
  return { gross, rate, taxCountry: country, taxReason: reason, tax: taxWithin(gross, rate) }
}

function single(line: BasketLine, each: number, taxFor: TaxFor): OrderLine {
  const { productId, variantId, artistId, kind, subject, title, variant, quantity, weight, releasedAt } = line
  return {
    ...{
      productId,
      variantId,
      artistId,
      kind,
      subject,
      title,
      variant,
      quantity,
      weight,
      releasedAt,
      each,
      bundle: '',
    },
    ...taxed(each * quantity, kind, taxFor),
  }
}

function unbundled(line: BasketLine, each: number, taxFor: TaxFor): OrderLine[] {
  const alone = line.parts.map((part) => part.price * part.quantity)
  const weights = alone.some((price) => price > 0) ? alone : line.parts.map((part) => part.quantity)
  const shares = allocate(each * line.quantity, weights)
  return line.parts.map((part, index) => {
    const gross = shares[index] ?? 0
    const quantity = part.quantity * line.quantity
    const { productId, variantId, kind, subject, title, variant, weight, releasedAt } = part
    return {
      ...{ productId, variantId, kind, subject, title, variant, quantity, weight, releasedAt },
      artistId: line.artistId,
      bundle: line.title,
      each: Math.floor(gross / quantity),
      ...taxed(gross, kind, taxFor),
    }
  })
}

const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ'

/** What people say of an order on the telephone: eight signs that are not taken for one another, such as 'K7RM-2QXF'. */
export function orderCode(random: Uint8Array): string {
  const signs = [...random.slice(0, 8)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')
  return `${signs.slice(0, 4)}-${signs.slice(4)}`
}

/** Whether all that was paid for it went back; of what cost nothing nothing can. */
export const isGivenBack = ({ total, refunded }: { total: number; refunded: number }): boolean =>
  total > 0 && refunded >= total
