import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { accountOf, openAccount, type PaymentAccount } from './accounts.store.ts'
import type { Provider } from './provider.types.ts'
import { openStripe } from './stripe/stripe.ts'

/** The key was sealed with another secret than this place has: it was restored without it. */
export class SealedElsewhere extends Error {
  override name = 'sealed'
}

export type PaymentDeps = Pick<Platform, 'db' | 'sealer' | 'config' | 'log' | 'now'>

/** Who takes the money for this account. */
export async function providerOf(platform: PaymentDeps, account: PaymentAccount): Promise<Provider> {
  const opened = await openAccount(platform, account)
  if (!opened) throw new SealedElsewhere()
  return openStripe(platform, opened)
}

/**
 * Through which account a buyer may pay a seller by card now; null while they may not. On a label's platform, as long as the label opens it to its artists and
 * has a mandate of this one.
 */
export async function openFor(db: Db | Tx, sellerId: string): Promise<PaymentAccount | null> {
  const account = await accountOf(db, sellerId)
  if (!account?.facts.charges) return null
  return account.via === null || (await platformsFor(db, sellerId)).some(({ id }) => id === account.via)
    ? account
    : null
}

/** The accounts of labels that open their platform to this seller. */
export async function platformsFor(db: Db | Tx, sellerId: string): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    select distinct p.id, l.name from payment_accounts p join sellers ls on ls.id = p.seller_id join labels l on l.id = ls.label_id
      join living_mandates m on m.label_id = l.id join sellers s on s.artist_id = m.artist_id
    where s.id = ${sellerId} and p.for_artists and p.is_enabled and p.via is null order by l.name`.execute(db)
  return rows
}
