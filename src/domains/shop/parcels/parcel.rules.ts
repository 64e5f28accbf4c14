import type { StoredLine } from '../order.store.ts'
import type { ParcelAddress } from '../tables.ts'
import type { ParcelKind } from './tables.ts'

type Line = Pick<StoredLine, 'position' | 'quantity' | 'gross' | 'refunded' | 'weight'>
export type Part = { position: number; quantity: number }

/** What is known of an order beside its lines: what lies in its parcels, those that were unpacked left out, and the positions that its buyer withdrew from. */
export type Known = { parts: (Part & { kind: ParcelKind; isSent: boolean })[]; withdrawn: readonly number[] }

/**
 * Why nothing of a line leaves any more. A line given back in part still leaves: the money may have been for a piece or for a scratch, and only
 * the seller knows.
 */
export function keptBack(
  { position, gross, refunded }: Pick<Line, 'position' | 'gross' | 'refunded'>,
  withdrawn: readonly number[],
): 'withdrawn' | 'given-back' | null {
  if (gross > 0 && refunded >= gross) return 'given-back'
  return withdrawn.includes(position) ? 'withdrawn' : null
}

/**
 * How many of a line may still be put into a parcel. `order`: what was bought, less what lies in parcels. `replacement`: no more at a time than were
 * sent; what replaces one may be replaced in turn. What weighs nothing is not sent, nor what is kept back.
 */
export function leftOf(line: Line, { parts, withdrawn }: Known, kind: ParcelKind = 'order'): number {
  if (line.weight === null || keptBack(line, withdrawn)) return 0
  const count = (is: (part: Known['parts'][number]) => boolean) =>
    parts.reduce((sum, part) => sum + (part.position === line.position && is(part) ? part.quantity : 0), 0)
  const bought = (part: Known['parts'][number]) => part.kind === 'order'
  return kind === 'order'
    ? line.quantity - count(bought)
    : count((part) => bought(part) && part.isSent) - count((part) => !bought(part) && !part.isSent)
}

const plain = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase()

const placeKey = ({ name, lines, postcode, city, country }: ParcelAddress) =>
  [country, postcode, city, ...lines, name].map(plain).join('|')

/**
 * Orders that go to the same person at the same place, together; those of the seller's own country first, then by country. Each group in the order in which its first was
 * placed.
 */
export function grouped<Row extends { address: ParcelAddress; home: string }>(rows: Row[]): Row[][] {
  const groups = [...Map.groupBy(rows, ({ address }) => placeKey(address)).values()]
  const rank = ([first]: Row[]) => (first?.address.country === first?.home ? '' : (first?.address.country ?? ''))
  return groups.sort((a, b) => rank(a).localeCompare(rank(b), 'en'))
}
