import type { Tx } from '../../platform/database/index.ts'
import type { Account } from './accounts.store.ts'
import { addMembership } from './artists.store.ts'
import { audit } from './audit.ts'

/** Makes the invited person a member, once. Null when the invitation was withdrawn or taken meanwhile. */
export async function acceptInvitation(
  tx: Tx,
  id: string,
  account: Account,
  now: Date,
): Promise<{ slug: string } | null> {
  const invitation = await tx
    .updateTable('invitations')
    .set({ acceptedAt: now })
    .where('id', '=', id)
    .where('acceptedAt', 'is', null)
    .where('withdrawnAt', 'is', null)
    .returning(['artistId', 'labelId', 'role'])
    .executeTakeFirst()
  if (!invitation) return null
  const { artistId, labelId, role } = invitation
  await addMembership(tx, { accountId: account.id, artistId, labelId, role })
  await audit(tx, {
    accountId: account.id,
    action: 'people.join',
    artistId,
    labelId,
    subject: account.name || account.email,
    details: { accountId: account.id, role },
  })
  const place = artistId
    ? await tx.selectFrom('artists').select('slug').where('id', '=', artistId).executeTakeFirstOrThrow()
    : await tx
        .selectFrom('labels')
        .select('slug')
        .where('id', '=', labelId ?? '')
        .executeTakeFirstOrThrow()
  return { slug: place.slug }
}
