import './tables.ts'
import type { PaymentAccount } from '../payments/accounts.store.ts'
import type { Provider } from '../payments/provider.types.ts'
import type { PaymentDeps } from '../payments/providers.ts'
import { refreshCard } from './keep-card.ts'

/**
 * A bank may have renewed a card that is kept: its provider is asked what it is now. False when none of ours is meant, or it is nobody's any more there. Two who ask
 * at once may write in any order: what was asked later counts.
 */
export async function learnRenewal(
  { db, now }: Pick<PaymentDeps, 'db' | 'now'>,
  account: Pick<PaymentAccount, 'id'>,
  provider: Provider,
  method: string,
): Promise<boolean> {
  const kept = await db
    .selectFrom('keptCards')
    .select('id')
    .where('method', '=', method)
    .where('accountId', '=', account.id)
    .where('forgottenAt', 'is', null)
    .executeTakeFirst()
  if (!kept) return false
  const at = now()
  const card = await provider.keptCard(method)
  if (card) await refreshCard(db, { accountId: account.id, card, at })
  return card !== null
}
