import type { Db } from '../../platform/database/index.ts'
import type { Subject } from '../exchange/index.ts'

/** `opensAt`: when it can be downloaded, while it cannot yet. `isEarly`: a track of it that came before it. */
export type Holding = { subject: Subject; artistName: string | null; opensAt: Date | null; isEarly: boolean }

/** What an address owns, each thing once, the latest first; with `orderId`, what that order gave. */
export async function holdingsOf(
  db: Db,
  { mailKey, orderId, now }: { mailKey: string; orderId?: string; now: Date },
): Promise<Holding[]> {
  let query = db
    .selectFrom('holdings')
    .leftJoin('artists', 'artists.id', 'holdings.artistId')
    .select(['holdings.subject', 'holdings.fromAt', 'holdings.source', 'artists.name as artistName'])
    .where('holdings.mailKey', '=', mailKey)
    .where('holdings.revokedAt', 'is', null)
    .orderBy('holdings.fromAt', 'desc')
  if (orderId) query = query.where('holdings.orderId', '=', orderId)
  const found = new Map<string, Holding>()
  for (const { subject, artistName, fromAt, source } of await query.execute()) {
    const known = found.get(subject)
    // Held twice, it is open as soon as one of them is.
    const opensAt = fromAt > now && (!known || known.opensAt) ? fromAt : null
    const isEarly = source === 'early' && (known?.isEarly ?? true)
    found.set(subject, { subject: subject as Subject, artistName, opensAt, isEarly })
  }
  return [...found.values()]
}
