import type { Db } from '../../platform/database/index.ts'
import { ordersToPack } from '../shop/index.ts'

/** Of one artist: how many orders wait to be packed, and since when the first of them. */
export type ToPack = { artistId: string; count: number; since: Date }

/** What these artists' buyers paid for and has not left, what is not out yet aside. */
export async function toPack(db: Db, artistIds: string[], now: Date): Promise<ToPack[]> {
  const found = await Promise.all(
    artistIds.map(async (artistId) => {
      const waiting = (await ordersToPack(db, { artistId }, now)).filter(({ waitsUntil }) => waitsUntil === null)
      return waiting.map(({ placedAt }) => ({ artistId, placedAt }))
    }),
  )
  return found.flatMap((orders) => {
    const [first] = orders
    return first ? [{ artistId: first.artistId, count: orders.length, since: first.placedAt }] : []
  })
}
