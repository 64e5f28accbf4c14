import type { Db } from '../../platform/database/index.ts'
import type { Subject } from '../exchange/index.ts'

export type Holding = { subject: Subject; artistName: string | null }

/** What an address owns, each thing once, the latest first; with `orderId`, what that order gave. */
export async function holdingsOf(
  db: Db,
  { mailKey, orderId }: { mailKey: string; orderId?: string },
): Promise<Holding[]> {
  let query = db
    .selectFrom('holdings')
    .leftJoin('artists', 'artists.id', 'holdings.artistId')
    .select(['holdings.subject', 'artists.name as artistName'])
    .where('holdings.mailKey', '=', mailKey)
    .where('holdings.revokedAt', 'is', null)
    .orderBy('holdings.fromAt', 'desc')
  if (orderId) query = query.where('holdings.orderId', '=', orderId)
  const found = new Map<string, Holding>()
  for (const { subject, artistName } of await query.execute())
    if (!found.has(subject)) found.set(subject, { subject: subject as Subject, artistName })
  return [...found.values()]
}
