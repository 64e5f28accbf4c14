import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { isOnlyHost } from '../account/account.views.ts'
import { accountById } from '../accounts.store.ts'
import { audit } from '../audit.ts'
import type { Actor } from '../rights.rules.ts'
import { closeSessions } from '../sessions.store.ts'

export type AccountLine = {
  id: string
  name: string
  email: string
  isHost: boolean
  createdAt: Date
  disabledAt: Date | null
  seenAt: Date | null
}

export const accountList = (db: Db): Promise<AccountLine[]> =>
  db
    .selectFrom('accounts')
    .select(['accounts.id', 'name', 'email', 'isHost', 'accounts.createdAt', 'disabledAt'])
    .select((account) =>
      account
        .selectFrom('sessions')
        .select((session) => session.fn.max('seenAt').as('seenAt'))
        .whereRef('sessions.accountId', '=', 'accounts.id')
        .as('seenAt'),
    )
    .orderBy('accounts.createdAt')
    .execute()

export const ACCOUNT_CHANGES = ['close', 'open', 'host', 'unhost'] as const
export type AccountChange = (typeof ACCOUNT_CHANGES)[number]

/** Shuts an account out (its sessions end at once), lets it in again, gives or takes the ownership of the place. */
export async function changeAccount(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  actor: Actor,
  id: string,
  change: AccountChange,
): Promise<'done' | 'none' | 'last'> {
  return db.transaction().execute(async (tx) => {
    // Two hosts who shut each other out at once would leave nobody.
    await sql`lock table accounts in share row exclusive mode`.execute(tx)
    const account = await accountById(tx, id)
    if (!account) return 'none'
    if ((change === 'close' || change === 'unhost') && (await isOnlyHost(tx, id))) return 'last'
    const set = {
      close: { disabledAt: now(), isHost: false },
      open: { disabledAt: null },
      host: { isHost: true },
      unhost: { isHost: false },
    }[change]
    await tx.updateTable('accounts').set(set).where('id', '=', id).execute()
    if (change === 'close') await closeSessions(tx, id)
    await audit(tx, {
      accountId: actor.accountId,
      action: `account.${change}`,
      subject: account.name || account.email,
      // By which the name is found, and erased with the account.
      details: { accountId: id },
    })
    return 'done'
  })
}
