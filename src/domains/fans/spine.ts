import type { Tx } from '../../platform/database/index.ts'
import { recordReturn, type Subject } from '../exchange/index.ts'
import { senderId, senderOf, senderThing } from '../identity/index.ts'
import type { Subscription } from './subscriptions.store.ts'

/** A sign-up or a confirmation is something that came back: of the release on whose page it was made, else of the artist or label. */
export async function recordOwn(
  tx: Tx,
  kind: 'sign-up' | 'confirmation',
  { id, askedWith, channel, ...of }: Subscription,
  { personId, at, source }: { personId: string; at: Date; source: string },
): Promise<void> {
  const sender = senderOf(of)
  const own: Subject = `${senderThing(sender).kind}:${senderId(sender)}`
  const { subject = own, token = null, referrer = null } = askedWith ?? {}
  await recordReturn(tx, {
    artistId: senderId(sender),
    key: `${kind}:${id}:${at.getTime()}`,
    kind,
    subject: subject as Subject,
    // Who joins a label by an artist's music did nothing for that artist.
    givenAs: of.labelId ? own : (subject as Subject),
    personId,
    at,
    token,
    referrer,
    details: { channel, source },
  })
}
