import '../tables.ts'
import type { Selectable } from 'kysely'
import type { Db, Tables, Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { AccountFacts } from '../tables.ts'

export type PaymentAccount = Selectable<Tables['paymentAccounts']>

/** `hooks`: the secrets by which what is told is signed; an endpoint for one's own account and one for those on the platform have two. */
export type AccountSecrets = { key: string; hooks: string[] }

/** An account with the key by which it is spoken of. `on`: the account to name, when the key is a platform's. */
export type OpenedAccount = PaymentAccount & { key: string; on: string | null }

const purpose = (id: string) => `payment-account:${id}`

export type NewAccount = { sellerId: string; account: string; isLive: boolean; facts: AccountFacts; at: Date } & (
  | { secrets: AccountSecrets; via: null }
  | { secrets: null; via: string }
)

/**
 * From now on the seller is paid through this account; through any other they had, nothing new begins. One that they had before is taken up again,
 * with what it is spoken of by now.
 */
export async function useAccount(
  tx: Tx,
  sealer: Platform['sealer'],
  { secrets, facts, at, ...said }: NewAccount,
): Promise<string> {
  await tx.selectFrom('sellers').select('id').where('id', '=', said.sellerId).forNoKeyUpdate().executeTakeFirstOrThrow()
  await tx
    .updateTable('paymentAccounts')
    .set({ isEnabled: false })
    .where('sellerId', '=', said.sellerId)
    .where('isEnabled', '=', true)
    .execute()
  const known = await tx
    .selectFrom('paymentAccounts')
    .select(['id', 'secrets'])
    .where('sellerId', '=', said.sellerId)
    .where('account', '=', said.account)
    .where('isLive', '=', said.isLive)
    .executeTakeFirst()
  const id = known?.id ?? newId(at.getTime())
  // Another key of the same account is told of by the same signatures.
  const hooks = secrets?.hooks.length ? secrets.hooks : ((known && unsealed(sealer, id, known.secrets)?.hooks) ?? [])
  const row = {
    ...said,
    provider: 'stripe' as const,
    facts: JSON.stringify(facts),
    secrets: secrets && sealer.seal(purpose(id), JSON.stringify({ ...secrets, hooks })),
    isEnabled: true,
    triedAt: at,
    problem: null,
  }
  if (known) await tx.updateTable('paymentAccounts').set(row).where('id', '=', id).execute()
  else
    await tx
      .insertInto('paymentAccounts')
      .values({ ...row, id, createdAt: at })
      .execute()
  return id
}

/** Replaces the secrets of signatures; the key stays. */
export async function keepHooks(tx: Tx, sealer: Platform['sealer'], id: string, hooks: string[]): Promise<void> {
  const row = await tx
    .selectFrom('paymentAccounts')
    .select('secrets')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const { key = '' } = unsealed(sealer, id, row.secrets) ?? {}
  await tx
    .updateTable('paymentAccounts')
    .set({ secrets: sealer.seal(purpose(id), JSON.stringify({ key, hooks })) })
    .where('id', '=', id)
    .execute()
}

/** Null when it was sealed under another key. */
export function unsealed(sealer: Platform['sealer'], id: string, secrets: Buffer | null): AccountSecrets | null {
  const opened = secrets && sealer.unseal(purpose(id), secrets)
  return opened ? JSON.parse(opened) : null
}

export const accountById = async (db: Db | Tx, id: string): Promise<PaymentAccount | null> =>
  (await db.selectFrom('paymentAccounts').selectAll().where('id', '=', id).executeTakeFirst()) ?? null

/** Through which a seller is paid by card now; null while they are not. */
export const accountOf = async (db: Db | Tx, sellerId: string): Promise<PaymentAccount | null> =>
  (await db
    .selectFrom('paymentAccounts')
    .selectAll()
    .where('sellerId', '=', sellerId)
    .where('isEnabled', '=', true)
    .executeTakeFirst()) ?? null

/** With the key to speak of it by; null when it cannot be opened: sealed under another key, or the platform's account is gone. */
export async function openAccount(
  { db, sealer }: Pick<Platform, 'db' | 'sealer'>,
  account: PaymentAccount,
): Promise<OpenedAccount | null> {
  const holder = account.via ? await accountById(db, account.via) : account
  const secrets = holder && unsealed(sealer, holder.id, holder.secrets)
  return secrets?.key ? { ...account, key: secrets.key, on: account.via ? account.account : null } : null
}
