import './tables.ts'
import type { Selectable } from 'kysely'
import type { Tables, Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { lockMembership, type Membership } from '../members/take-up.ts'
import { accountById } from '../payments/accounts.store.ts'
import type { ToldCard } from '../payments/provider.types.ts'
import { type PaymentDeps, providerOf } from '../payments/providers.ts'
import { agreedWith, takeBack } from './agreement.store.ts'
import { planWaiting } from './plan-charge.ts'

export type KeptCard = Selectable<Tables['keptCards']>

/** The card by which a membership is paid. */
export const cardOf = (db: Platform['db'] | Tx, membershipId: string): Promise<KeptCard | undefined> =>
  db
    .selectFrom('keptCards')
    .selectAll()
    .where('membershipId', '=', membershipId)
    .where('forgottenAt', 'is', null)
    .executeTakeFirst()

type Kept = { membershipId: string; accountId: string; agreementId: string; card: ToldCard; at: Date }

/**
 * From now on the membership is paid by this card, and by no other. Told twice it is kept once; who has left meanwhile has their card forgotten, at the provider
 * too. In the transaction of what was told, which locked the order, if any.
 */
export async function keepCard(tx: Tx, { membershipId, accountId, agreementId, card, at }: Kept): Promise<void> {
  const membership = await lockMembership(tx, membershipId)
  const known = await tx.selectFrom('keptCards').select('id').where('agreementId', '=', agreementId).executeTakeFirst()
  if (!membership || known) return
  const hasLeft = membership.state === 'left'
  if (!hasLeft) await letGo(tx, membershipId, at)
  const id = newId(at.getTime())
  const { customer, method, brand, last4, expMonth, expYear } = card
  await tx
    .insertInto('keptCards')
    .values({
      ...{ id, membershipId, accountId, agreementId, customer, method, brand, last4, expMonth, expYear },
      ...{ keptAt: at, warnedAt: null, forgottenAt: hasLeft ? at : null },
    })
    .execute()
  if (hasLeft) return addJob(tx, 'shop.forget-card', { cardId: id })
  await tx.updateTable('members').set({ provider: 'stripe' }).where('id', '=', membershipId).execute()
  if (membership.state === 'active') await planWaiting(tx, membership, at)
}

/** What is told of the card with which an order was paid: kept, where that was agreed to with it. */
export async function keepCardOfOrder(
  tx: Tx,
  { orderId, accountId, card, at }: { orderId: string; accountId: string; card: ToldCard; at: Date },
): Promise<void> {
  const agreement = await agreedWith(tx, orderId)
  const period = await tx
    .selectFrom('memberPeriods')
    .select('membershipId')
    .where('orderId', '=', orderId)
    .where('until', 'is not', null)
    .executeTakeFirst()
  if (agreement && period)
    await keepCard(tx, { membershipId: period.membershipId, accountId, agreementId: agreement.id, card, at })
}

/** A card that was charged again may have been renewed by its bank. */
export const refreshCard = async (tx: Tx, { method, brand, last4, expMonth, expYear }: ToldCard): Promise<void> =>
  void (await tx
    .updateTable('keptCards')
    .set({ brand, last4, expMonth, expYear })
    .where('method', '=', method)
    .where('forgottenAt', 'is', null)
    .execute())

/** The card that a membership had is forgotten here, and by a job at the provider. False when it had none. */
export async function letGo(tx: Tx, membershipId: string, at: Date): Promise<boolean> {
  const card = await cardOf(tx, membershipId)
  if (!card) return false
  await tx
    .updateTable('keptCards')
    .set({ forgottenAt: at, brand: '', last4: '', expMonth: 0, expYear: 0 })
    .where('id', '=', card.id)
    .execute()
  await addJob(tx, 'shop.forget-card', { cardId: card.id })
  return true
}

/** The bank will never say yes to it again: it is not asked again either. `at`: when it was charged; a card that was given since stays. */
export async function dropRefused(tx: Tx, chargeId: string, at: Date): Promise<void> {
  const charge = await tx
    .selectFrom('memberCharges')
    .select('membershipId')
    .where('id', '=', chargeId)
    .executeTakeFirst()
  const membership = charge && (await lockMembership(tx, charge.membershipId))
  const card = membership && (await cardOf(tx, membership.id))
  if (card && card.keptAt <= at) await letGo(tx, membership.id, at)
}

/** Nothing is charged any more from when this is kept: whoever charges has locked the membership too. */
export async function forgetCardOf(tx: Tx, membership: Membership, at: Date): Promise<void> {
  if (await letGo(tx, membership.id, at)) await takeBack(tx, membership, at)
}

/** Whose membership ended with an order. */
export async function forgetCardOfOrder(tx: Tx, orderId: string, at: Date): Promise<void> {
  const ended = await tx
    .selectFrom('memberPeriods')
    .innerJoin('members', 'members.id', 'memberPeriods.membershipId')
    .selectAll('members')
    .where('orderId', '=', orderId)
    .where('state', '=', 'left')
    .execute()
  for (const membership of ended) await forgetCardOf(tx, membership, at)
}

/** They have their card forgotten, in one press. Twice is once. */
export const forgetCard = ({ db, now }: Pick<Platform, 'db' | 'now'>, membershipId: string): Promise<void> =>
  db.transaction().execute(async (tx) => {
    const membership = await lockMembership(tx, membershipId)
    if (membership) await forgetCardOf(tx, membership, now())
  })

/** Has the provider forget it. Of an account that is not spoken of any more nobody can charge it. */
export async function detachCard(platform: PaymentDeps, cardId: string): Promise<void> {
  const { db } = platform
  const card = await db.selectFrom('keptCards').selectAll().where('id', '=', cardId).executeTakeFirst()
  if (!card?.forgottenAt || card.method === '') return
  const account = await accountById(db, card.accountId)
  // The keys of who is gone are gone: so is every way to charge it.
  const isGone = account?.via === null && account.secrets?.length === 0
  if (account && !isGone) await (await providerOf(platform, account)).forget(card.method)
  await db.updateTable('keptCards').set({ method: '' }).where('id', '=', cardId).execute()
}

/** What a job gave up on is tried again every hour, until it is done. */
export async function detachCards({ db }: Pick<Platform, 'db'>): Promise<void> {
  const left = await db
    .selectFrom('keptCards')
    .select('id')
    .where('forgottenAt', 'is not', null)
    .where('method', '<>', '')
    .limit(1000)
    .execute()
  for (const { id } of left) await addJob(db, 'shop.forget-card', { cardId: id }, { key: `forget-card:${id}` })
}
