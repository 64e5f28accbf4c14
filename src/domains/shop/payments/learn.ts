import type { Db, Tx } from '../../../platform/database/index.ts'
import { learnCard } from '../cards/give-card.ts'
import { learnRenewal } from '../cards/learn-renewal.ts'
import type { PaymentAccount } from './accounts.store.ts'
import type { About, Provider } from './provider.types.ts'
import type { PaymentDeps } from './providers.ts'
import { type TakenIn, takeInPayment } from './take-in-payment.ts'

/**
 * Asks the provider what it knows of a payment or a card now, and takes it in. What an event says is not believed, only that something happened: so its order does not
 * matter. The event is noted in the same transaction; when that fails, nothing happened and it may be told again.
 */
export async function learn(
  { db, now }: Pick<PaymentDeps, 'db' | 'now'>,
  account: Pick<PaymentAccount, 'id' | 'sellerId'>,
  provider: Provider,
  about: About,
  event?: HeardEvent,
): Promise<TakenIn | null> {
  if ('method' in about) {
    const learned = await learnRenewal({ db, now }, account, provider, about.method)
    if (learned && event) await noteEvent(db, account.id, about, event, now())
    return null
  }
  if ('reference' in about && (await learnCard({ db, now }, account, provider, about.reference))) return null
  const told = await provider.lookUp(about)
  if (!told) return null
  return db.transaction().execute(async (tx) => {
    const taken = await takeInPayment(tx, account, told, now())
    if (taken && event) await noteEvent(tx, account.id, about, event, now())
    return taken
  })
}

type HeardEvent = { event: string; kind: string }

const noteEvent = async (db: Db | Tx, accountId: string, about: About, { event, kind }: HeardEvent, at: Date) =>
  void (await db
    .insertInto('providerEvents')
    .values({
      ...{ accountId, provider: 'stripe', eventId: event, kind },
      ...{ payload: JSON.stringify(about), receivedAt: at, handledAt: at },
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute())

/** Which of these events were taken in before. */
export async function heardBefore(
  { db }: Pick<PaymentDeps, 'db'>,
  accountId: string,
  events: string[],
): Promise<Set<string>> {
  if (events.length === 0) return new Set()
  const rows = await db
    .selectFrom('providerEvents')
    .select('eventId')
    .where('accountId', '=', accountId)
    .where('eventId', 'in', events)
    .execute()
  return new Set(rows.map(({ eventId }) => eventId))
}

/** Longer than a provider says anything again, or keeps it to be asked for. */
const KEPT_MS = 60 * 24 * 3_600_000

export async function forgetOldEvents({ db, now }: Pick<PaymentDeps, 'db' | 'now'>): Promise<void> {
  await db
    .deleteFrom('providerEvents')
    .where('receivedAt', '<', new Date(now().getTime() - KEPT_MS))
    .execute()
}
