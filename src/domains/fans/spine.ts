import type { Tx } from '../../platform/database/index.ts'
import { recordReturn, type Subject } from '../exchange/index.ts'
import type { Subscription } from './subscriptions.store.ts'

/** A sign-up or a confirmation is something that came back: of the release on whose page it was made, else of the artist. */
export async function recordOwn(
  tx: Tx,
  kind: 'sign-up' | 'confirmation',
  { id, artistId, askedWith, channel }: Subscription,
  { personId, at, source }: { personId: string; at: Date; source: string },
): Promise<void> {
  if (!artistId) return
  const { subject = `artist:${artistId}`, token = null, referrer = null } = askedWith ?? {}
  await recordReturn(tx, {
    artistId,
    key: `${kind}:${id}:${at.getTime()}`,
    kind,
    subject: subject as Subject,
    givenAs: subject as Subject,
    personId,
    at,
    token,
    referrer,
    details: { channel, source },
  })
}
