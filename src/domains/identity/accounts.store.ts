import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { newId } from '../../platform/ids.ts'

export type Account = {
  id: string
  email: string
  name: string
  isHost: boolean
  language: Lang
  disabledAt: Date | null
}

const COLUMNS = ['id', 'email', 'name', 'isHost', 'language', 'disabledAt'] as const

/** The account of a mail address, in whatever case it is typed. */
export const accountByMail = async (db: Db | Tx, email: string): Promise<Account | null> =>
  (await db
    .selectFrom('accounts')
    .select(COLUMNS)
    .where(sql`lower(email)`, '=', email.toLowerCase())
    .executeTakeFirst()) ?? null

export const accountById = async (db: Db | Tx, id: string): Promise<Account | null> =>
  (await db.selectFrom('accounts').select(COLUMNS).where('id', '=', id).executeTakeFirst()) ?? null

type NewAccount = { email: string; name: string; language: Lang }

/** Makes an account; null when this address has one already. */
export async function newAccount(tx: Tx, { email, name, language }: NewAccount): Promise<Account | null> {
  const made = await tx
    .insertInto('accounts')
    .values({ id: newId(), email, name, language, disabledAt: null })
    .onConflict((conflict) => conflict.doNothing())
    .returning(COLUMNS)
    .executeTakeFirst()
  return made ?? null
}

/** The account of this address, made when there is none. Two that make it at once get the same one. */
export async function accountFor(tx: Tx, input: NewAccount): Promise<Account> {
  await newAccount(tx, input)
  const account = await accountByMail(tx, input.email)
  if (!account) throw new Error('An account that was just made is not there')
  return account
}

/** Makes an account the host of this place, and lets it back in if it had been shut out. */
export async function makeHost(tx: Tx, id: string, more: { name?: string; language?: Lang } = {}): Promise<void> {
  await tx
    .updateTable('accounts')
    .set({ isHost: true, disabledAt: null, ...more })
    .where('id', '=', id)
    .execute()
}

/** Artists that nobody may work for at all become this account's: what commands made before there was anybody. */
export async function adoptOrphans(tx: Tx, accountId: string): Promise<number> {
  const orphans = await tx
    .selectFrom('artists')
    .select('artists.id')
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('memberships').select('id').whereRef('memberships.artistId', '=', 'artists.id'))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('livingMandates').select('id').whereRef('livingMandates.artistId', '=', 'artists.id'))),
    )
    .execute()
  for (const { id } of orphans)
    await tx
      .insertInto('memberships')
      .values({ id: newId(), accountId, artistId: id, labelId: null, role: 'artist' })
      .execute()
  return orphans.length
}
