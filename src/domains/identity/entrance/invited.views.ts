import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import { accountByMail } from '../accounts.store.ts'

export type Invited = {
  id: string
  who: string | null
  role: 'artist' | 'editor' | 'label_manager'
  name: string
  email: string
  /** True when the address has no account yet: then its name is asked. */
  isNew: boolean
}

/** An invitation that may still be accepted, in what its page says of it. */
export async function openInvitation(db: Db, id: string): Promise<Invited | null> {
  const found = await db
    .selectFrom('invitations')
    .leftJoin('accounts', 'accounts.id', 'invitations.invitedBy')
    .leftJoin('artists', 'artists.id', 'invitations.artistId')
    .leftJoin('labels', 'labels.id', 'invitations.labelId')
    .select(['invitations.id', 'role', 'invitations.email', 'accounts.name as who'])
    .select(sql<string>`coalesce(artists.name, labels.name)`.as('name'))
    .where('invitations.id', '=', id)
    .where('acceptedAt', 'is', null)
    .where('withdrawnAt', 'is', null)
    .executeTakeFirst()
  return found ? { ...found, isNew: (await accountByMail(db, found.email)) === null } : null
}
