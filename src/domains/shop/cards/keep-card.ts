import './tables.ts'
import { type Selectable, sql } from 'kysely'
import type { Db, Tables, Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { inLots } from '../../identity/index.ts'
import { lockMembership, type Membership } from '../members/take-up.ts'
import { accountById } from '../payments/accounts.store.ts'
import type { ToldCard } from '../payments/provider.types.ts'
import { type PaymentDeps, providerOf } from '../payments/providers.ts'
import { problemOf } from '../payments/stripe/stripe.ts'
import { agreedWith, takeBack } from './agreement.store.ts'
import { planWaiting } from './plan-charge.ts'

/** From when somebody asked to leave: the two weeks in which they may come back, and a day. */
const DETACHED_WITHIN_MS = 15 * 24 * 3_600_000

export type KeptCard = Selectable<Tables['keptCards']>

/** The card by which a membership is paid. */
export const cardOf = (db: Platform['db'] | Tx, membershipId: string): Promise<KeptCard | undefined> =>
  db
    .selectFrom('keptCards')
    .selectAll()
    .where('membershipId', '=', membershipId)
    .where('forgottenAt', 'is', null)
    .executeTakeFirst()

/** What a card was known by, once it is forgotten. */
const UNKNOWN = { brand: '', last4: '', expMonth: 0, expYear: 0 }

type Kept = {
  membershipId: string
  accountId: string
  agreementId: string
  card: ToldCard
  at: Date
  /** What it does where the membership has a card: an order is placed with an address that was only typed, so its card takes nobody's place. */
  replaces?: boolean
}

/**
 * From now on the membership is paid by this card, and by no other. Told twice it is kept once; a card that is not taken is forgotten, at the provider too: of who has left
 * meanwhile, or given where it replaces none. In the transaction of what was told, which locked the order, if any.
 */
export async function keepCard(
  tx: Tx,
  { membershipId, accountId, agreementId, card, at, replaces = true }: Kept,
): Promise<void> {
  const membership = await lockMembership(tx, membershipId)
  const known = await tx.selectFrom('keptCards').select('id').where('agreementId', '=', agreementId).executeTakeFirst()
  if (!membership || known) return
  const isUnused = membership.state === 'left' || (!replaces && (await cardOf(tx, membershipId)) !== undefined)
  if (!isUnused) await letGo(tx, membershipId, at)
  const id = newId(at.getTime())
  const { customer, method, ...knownBy } = card
  await tx
    .insertInto('keptCards')
    .values({
      ...{ id, membershipId, accountId, agreementId, customer, method },
      ...(isUnused ? UNKNOWN : knownBy),
      ...{ keptAt: at, seenAt: at, warnedAt: null, forgottenAt: isUnused ? at : null },
    })
    .execute()
  if (isUnused) return addJob(tx, 'shop.forget-card', { cardId: id })
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
    await keepCard(tx, {
      ...{ membershipId: period.membershipId, accountId, agreementId: agreement.id, card, at },
      replaces: false,
    })
}

/**
 * A card that was charged again, or that its provider was asked of, may have been renewed by its bank. What was seen later counts; of another date its owner was
 * not told yet that it expires.
 */
export async function refreshCard(
  db: Db | Tx,
  { accountId, card, at }: { accountId: string; card: ToldCard; at: Date },
): Promise<void> {
  const { method, brand, last4, expMonth, expYear } = card
  await sql`
    update kept_cards set brand = ${brand}, last4 = ${last4}, exp_month = ${expMonth}, exp_year = ${expYear}, seen_at = ${at},
      warned_at = case when exp_month = ${expMonth} and exp_year = ${expYear} then warned_at end
    where method = ${method} and account_id = ${accountId} and forgotten_at is null and seen_at <= ${at}`.execute(db)
}

/** The card that a membership had is forgotten here, and by a job at the provider. False when it had none. */
export async function letGo(tx: Tx, membershipId: string, at: Date): Promise<boolean> {
  const card = await cardOf(tx, membershipId)
  if (!card) return false
  await tx
    .updateTable('keptCards')
    .set({ forgottenAt: at, ...UNKNOWN })
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

/** Nothing is charged any more from when this is kept: whoever charges has locked the membership too. Answers with the orders that it was about to be charged for. */
export async function forgetCardOf(tx: Tx, membership: Membership, at: Date): Promise<string[]> {
  if (await letGo(tx, membership.id, at)) await takeBack(tx, membership, at)
  const due = await tx
    .updateTable('memberCharges')
    .set({ state: 'off', changedAt: at })
    .where('membershipId', '=', membership.id)
    .where('state', '=', 'due')
    .returning('orderId')
    .execute()
  return due.map(({ orderId }) => orderId)
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

/** They have their card forgotten, in one press. What it was about to pay, they are asked for by mail. Twice is once. */
export const forgetCard = ({ db, now }: Pick<Platform, 'db' | 'now'>, membershipId: string): Promise<void> =>
  db.transaction().execute(async (tx) => {
    const membership = await lockMembership(tx, membershipId)
    const asked = membership ? await forgetCardOf(tx, membership, now()) : []
    for (const orderId of asked) await addJob(tx, 'shop.mail-order', { orderId })
  })

/**
 * Has the provider forget it; and whose it was, when they had all that is known of them erased. Of an account that is not spoken of any more nobody can
 * charge it.
 */
export async function detachCard(platform: PaymentDeps, cardId: string): Promise<void> {
  const { db } = platform
  const card = await toForget(db)
    .where('keptCards.id', '=', cardId)
    .select(['accountId', 'customer'])
    .executeTakeFirst()
  if (!card) return
  const { method, customer, isErased } = card
  const account = await accountById(db, card.accountId)
  const holder = account?.via ? await accountById(db, account.via) : account
  // The keys of who is gone are gone: so is every way to charge it.
  if (account && holder?.secrets?.length !== 0) {
    const provider = await providerOf(platform, account)
    await (isErased ? provider.forgetCustomer(customer) : provider.forget(method))
  }
  await db
    .updateTable('keptCards')
    .set({ method: '', ...(isErased && { customer: '' }) })
    .where('id', '=', cardId)
    .execute()
}

/** Who had all erased has no address any more. */
const toForget = (db: Platform['db']) =>
  db
    .selectFrom('keptCards')
    .innerJoin('members', 'members.id', 'keptCards.membershipId')
    .select(['keptCards.id', 'method', sql<boolean>`mail_key = ''`.as('isErased')])
    .where('forgottenAt', 'is not', null)
    .where((is) => is.or([is('method', '<>', ''), is.and([is('mailKey', '=', ''), is('customer', '<>', '')])]))

/** What a job gave up on is tried again every hour, until it is done. */
export async function detachCards({ db }: Pick<Platform, 'db'>): Promise<void> {
  for (const { id } of await toForget(db).limit(1000).execute())
    await addJob(db, 'shop.forget-card', { cardId: id }, { key: `forget-card:${id}` })
}

/** Before the keys of a seller go for good: every card that is kept with them, or that pays who leaves, is forgotten while there are keys to ask with. */
export async function forgetCardsOf(
  platform: PaymentDeps,
  { kind, id }: { kind: 'artist' | 'label'; id: string },
  { hiddenSince }: { hiddenSince: Date },
): Promise<void> {
  const { db, log, now } = platform
  const theirs = sql`(k.account_id in (
      select p.id from payment_accounts p left join payment_accounts h on h.id = p.via join sellers s on s.id in (p.seller_id, h.seller_id)
      where ${kind === 'artist' ? sql`s.artist_id` : sql`s.label_id`} = ${id})
    ${kind === 'artist' ? sql`or m.artist_id = ${id}` : sql``})`
  await inLots(db, async (tx) => {
    const { rows } = await sql<{ membershipId: string }>`
      select m.id as "membershipId" from kept_cards k join members m on m.id = k.membership_id
      where k.forgotten_at is null and ${theirs} order by m.id limit 50 for no key update of m`.execute(tx)
    for (const { membershipId } of rows) await letGo(tx, membershipId, now())
    return rows.length
  })
  const { rows: left } = await sql<{ id: string }>`
    select k.id from kept_cards k join members m on m.id = k.membership_id
    where k.forgotten_at is not null and k.method <> '' and ${theirs}`.execute(db)
  for (const card of left)
    await detachCard(platform, card.id).catch((error) => {
      // Asked again for a day; a key that is refused for good keeps nobody here.
      if (now().getTime() < hiddenSince.getTime() + DETACHED_WITHIN_MS) throw error
      log.warn({ card: card.id, problem: problemOf(error) }, 'a card could not be forgotten before its keys went')
    })
}
