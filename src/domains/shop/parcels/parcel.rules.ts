import type { StoredLine } from '../order.store.ts'
import type { ParcelAddress } from '../tables.ts'

type Line = Pick<StoredLine, 'position' | 'quantity' | 'gross' | 'refunded' | 'weight'>
export type Part = { position: number; quantity: number }

/** What of a line may still be put into a parcel: what weighs nothing is not sent, nor what was given back. `taken`: packed or sent of the order. */
export const leftOf = ({ position, quantity, gross, refunded, weight }: Line, taken: Part[]): number =>
  weight === null || (gross > 0 && refunded >= gross)
    ? 0
    : quantity - taken.reduce((sum, part) => sum + (part.position === position ? part.quantity : 0), 0)

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
