import './tables.ts'
import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { cardEnd, EXPIRES_SOON_MS } from './charge.rules.ts'
import { words } from './words.ts'

type Named = { brand: string; last4: string }

/** "Visa card ending 4242". */
export const cardName = ({ brand, last4 }: Named, lang: Lang): string =>
  brand
    ? words(lang)('card', { brand: BRANDS[brand] ?? brand[0]?.toUpperCase() + brand.slice(1), last4 })
    : words(lang)('card_plain', { last4 })

/** As their owners write them, where it is not the first letter alone. */
const BRANDS: Record<string, string> = {
  ...{ amex: 'American Express', cartes_bancaires: 'CB', diners: 'Diners Club', eftpos_au: 'eftpos', jcb: 'JCB' },
  ...{ mastercard: 'Mastercard', unionpay: 'UnionPay' },
}

/** "March 2027": until the end of which month a card is good. */
export const expiryOf = ({ expMonth, expYear }: { expMonth: number; expYear: number }, lang: Lang): string =>
  formats(lang).month(new Date(Date.UTC(expYear, expMonth - 1, 1)))

export const isExpired = ({ expMonth, expYear }: { expMonth: number; expYear: number }, by: Date): boolean =>
  cardEnd(expMonth, expYear) <= by

export type CardOfMember = {
  brand: string
  last4: string
  expMonth: number
  expYear: number
  /** What was agreed to, in the words and on the day in which it was. */
  words: string
  language: string
  agreedAt: Date
  /** The sum that was agreed to: it is taken, or nothing. */
  amount: number
  currency: string
  /** Its owner told their bank, of any period, that it was not them: nothing is taken. */
  isDisputed: boolean
  /** A payment that anybody may have made began the membership again on that day, while it rested: nothing is taken until its owner agrees anew. */
  waitsSince: Date | null
}

/** Cards `c` with what their owners agreed to last, `a`. */
export const CARDS_AGREED = sql`kept_cards c join charge_agreements a on a.id = coalesce(c.renewed_id, c.agreement_id)`

export type ExpiringCard = Named & {
  id: string
  membershipId: string
  accountId: string
  method: string
  expMonth: number
  expYear: number
}

/** Cards by which a membership is paid that expire soon, of whose date their owners were not told: all, or one of them. A thousand at most. */
export async function expiringCards(db: Db, at: Date, cardId?: string): Promise<ExpiringCard[]> {
  const soon = new Date(at.getTime() + EXPIRES_SOON_MS)
  const { rows } = await sql<ExpiringCard>`
    select c.id, c.membership_id as "membershipId", c.account_id as "accountId", c.method, c.brand, c.last4, c.exp_month as "expMonth", c.exp_year as "expYear"
    from kept_cards c join members m on m.id = c.membership_id
    where c.forgotten_at is null and c.warned_at is null and c.waits_since is null and m.state = 'active'
      and make_timestamptz(c.exp_year, c.exp_month, 1, 0, 0, 0, 'UTC') + interval '1 month' <= ${soon} ${cardId ? sql`and c.id = ${cardId}` : sql``}
    limit 1000`.execute(db)
  return rows
}

/** What is to be charged next, or what was refused last, of the order that waits. */
export type ChargeOfMember = {
  state: 'due' | 'refused'
  dueAt: Date
  toldAt: Date | null
  problem: string | null
  changedAt: Date
  /** What its order costs, in the currency of the membership. */
  total: number
}

export async function cardOfMember(db: Db, membershipId: string): Promise<CardOfMember | null> {
  const { rows } = await sql<CardOfMember>`
    select c.brand, c.last4, c.exp_month as "expMonth", c.exp_year as "expYear", a.words, a.language, a.at as "agreedAt", a.amount::bigint as amount, a.currency,
      exists (select from disputes d join member_periods p on p.order_id = d.order_id where p.membership_id = c.membership_id and d.state <> 'won') as "isDisputed",
      c.waits_since as "waitsSince"
    from ${CARDS_AGREED}
    where c.membership_id = ${membershipId} and c.forgotten_at is null`.execute(db)
  return rows[0] ?? null
}

/** The charges of the order that waits, the first one first. */
export async function chargesOfMember(db: Db, membershipId: string): Promise<ChargeOfMember[]> {
  const { rows } = await sql<ChargeOfMember>`
    select c.state, c.due_at as "dueAt", c.told_at as "toldAt", c.problem, c.changed_at as "changedAt", o.total::bigint as total
    from member_charges c join member_periods p on p.order_id = c.order_id join orders o on o.id = c.order_id
    where c.membership_id = ${membershipId} and p.until is null and not p.dropped and o.state = 'placed' and c.state in ('due', 'refused')
    order by c.nth`.execute(db)
  return rows
}

/** When an order is charged next to a kept card. */
export const chargedOn = async (db: Db, orderId: string): Promise<Date | null> =>
  (
    await db
      .selectFrom('memberCharges')
      .innerJoin('keptCards', 'keptCards.membershipId', 'memberCharges.membershipId')
      .select('dueAt')
      .where('orderId', '=', orderId)
      .where('state', '=', 'due')
      .where('forgottenAt', 'is', null)
      .executeTakeFirst()
  )?.dueAt ?? null

export type TellableCharge = {
  id: string
  orderId: string
  membershipId: string
  state: 'due' | 'asked' | 'refused' | 'off'
  problem: string | null
  dueAt: Date
  toldAt: Date | null
  changedAt: Date
  holdUntil: Date
  /** What its order costs: the sum that is taken. */
  total: number
  currency: string
}

/** The charge of an order of which its member is to be told, or was; null where there is none, or it is not wanted any more. */
export async function chargeToTell(db: Db, orderId: string) {
  const { rows } = await sql<TellableCharge & Named & { expMonth: number; expYear: number }>`
    select c.id, c.order_id as "orderId", c.membership_id as "membershipId", c.state, c.problem, c.due_at as "dueAt",
      c.told_at as "toldAt", c.changed_at as "changedAt", o.hold_until as "holdUntil", o.total::bigint as total, o.currency, k.brand, k.last4, k.exp_month as "expMonth", k.exp_year as "expYear"
    from member_charges c join orders o on o.id = c.order_id join members m on m.id = c.membership_id
      join kept_cards k on k.membership_id = c.membership_id and k.forgotten_at is null
    where c.order_id = ${orderId} and c.state = 'due' and o.state = 'placed' and m.state = 'active'`.execute(db)
  return rows[0] ?? null
}
