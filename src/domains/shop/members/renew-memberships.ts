import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import { newId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { cardOf, forgetCardOf } from '../cards/keep-card.ts'
import { planCharge } from '../cards/plan-charge.ts'
import { sellerOfOrder } from '../order.store.ts'
import { placeLines } from '../place-order.ts'
import { ASKED_BEFORE_MS, WAITED_FOR_MS } from './member.rules.ts'
import { givePublished, isLeaving, LEAVING, lockMembership, type Membership, unpaid } from './take-up.ts'

type Deps = Pick<Platform, 'db' | 'now'>

/**
 * Asks for what is due soon, lets rest what was asked for and not paid in time, and gives what was published meanwhile. Nobody is charged by it: who is asked pays, or does not; for whose card pays, the day is set.
 * Each membership in a transaction of its own; run again, it does nothing again.
 */
export async function renewMemberships({ db, now }: Deps): Promise<void> {
  const at = now()
  const { rows: due } = await sql<{ id: string }>`
    select id from members m where state = 'active' and paid_until <= ${new Date(at.getTime() + ASKED_BEFORE_MS)}
      and not exists (select from member_periods p where p.membership_id = m.id and p.renews = m.paid_until and not p.dropped)
      and not ${LEAVING}
    order by paid_until limit 1000`.execute(db)
  for (const { id } of due) await db.transaction().execute((tx) => askAgain(tx, id, at))
  const { rows: over } = await sql<{ id: string }>`select m.id from members m where ${unpaid(at)} limit 1000`.execute(
    db,
  )
  for (const { id } of over) await db.transaction().execute((tx) => rest(tx, id, at))
  await db.transaction().execute((tx) => givePublished(tx, at))
}

async function askAgain(tx: Tx, id: string, at: Date): Promise<void> {
  const membership = await lockMembership(tx, id)
  if (membership?.state !== 'active') return
  if (membership.productId === null) {
    // What they were a member of is gone: it ends with what was paid.
    if (membership.paidUntil <= at) await end(tx, membership, at)
    return
  }
  if (membership.paidUntil.getTime() <= at.getTime() + ASKED_BEFORE_MS) await askFor(tx, membership, at)
}

async function end(tx: Tx, membership: Membership, at: Date): Promise<void> {
  await tx.updateTable('members').set({ state: 'left', changedAt: at }).where('id', '=', membership.id).execute()
  await forgetCardOf(tx, membership, at)
}

/** The order of the next period, asked for once. It waits a while beyond the end of what is paid. Null where nothing is to be paid. */
export async function askFor(tx: Tx, membership: Membership, at: Date): Promise<string | null> {
  const { id, paidUntil, productId } = membership
  const asked = await tx
    .selectFrom('memberPeriods')
    .innerJoin('orders', 'orders.id', 'memberPeriods.orderId')
    .select(['orders.id', 'orders.state'])
    .where('membershipId', '=', id)
    .where('renews', '=', paidUntil)
    .where('dropped', '=', false)
    .execute()
  // Who rests, and comes back, is asked once more.
  const open = asked.find(({ state }) => state === 'placed')
  if (open || (asked.length > 0 && membership.state !== 'resting')) return open?.id ?? null
  const plan = await tx
    .selectFrom('variants')
    .innerJoin('products', 'products.id', 'variants.productId')
    .innerJoin('artists', 'artists.id', 'products.artistId')
    .select(['variants.id as variantId', 'artists.id as artistId', 'artists.name as artistName'])
    .where('products.id', '=', productId)
    .where('variants.removedAt', 'is', null)
    .executeTakeFirst()
  if (!productId || !plan || (await isLeaving(tx, id))) return null
  const { title, subject, price, currency } = membership
  const seller = await sellerOfOrder(tx, membership)
  const seconds = Math.ceil((Math.max(paidUntil.getTime(), at.getTime()) + WAITED_FOR_MS - at.getTime()) / 1000)
  const placed = await placeLines(
    tx,
    {
      ...{ formKey: `membership:${id}:${newId(at.getTime())}`, seller, basketId: null, artistId: plan.artistId },
      ...{ mail: membership.mail, mailKey: membership.mailKey, name: membership.name },
      ...{ language: membership.language as Lang, evidence: membership.evidence, address: null, shipping: 0 },
      ...{ terms: { version: 'membership', language: membership.language, waiver: null }, note: '' },
      ...{ provider: membership.provider, personId: membership.personId, way: {} },
      hold: { seconds },
    },
    [
      {
        ...{ ...plan, productId, kind: 'membership', subject, title, variant: '', quantity: 1, named: null },
        ...{ pricing: 'fixed', price, suggested: null, currency, weight: null, left: null, releasedAt: null },
        ...{ offered: true, parts: [] },
      },
    ],
    at,
  )
  if (!placed.ok) throw new Error(`The next period of ${id} could not be ordered: ${placed.error.problem}`)
  const { orderId } = placed.value
  await tx.insertInto('memberPeriods').values({ orderId, membershipId: id, renews: paidUntil }).execute()
  // Who comes back when it is over pays by hand, since they are there.
  if (membership.state === 'active' && (await cardOf(tx, id))) {
    const holdUntil = new Date(at.getTime() + seconds * 1000)
    await planCharge(tx, membership, { orderId, holdUntil }, at)
  }
  if (membership.provider !== 'manual') await addJob(tx, 'shop.mail-order', { orderId })
  return orderId
}

async function rest(tx: Tx, id: string, at: Date): Promise<void> {
  const membership = await lockMembership(tx, id)
  // Asked for before what they were a member of was gone.
  if (membership?.state === 'active' && membership.productId === null) return end(tx, membership, at)
  const { numUpdatedRows } = await tx
    .updateTable('members')
    .set({ state: 'resting', changedAt: at })
    .where('id', '=', id)
    .where('state', '=', 'active')
    .where('paidUntil', '<=', at)
    .executeTakeFirst()
  if (Number(numUpdatedRows) > 0) await addJob(tx, 'shop.mail-member', { membershipId: id, what: 'resting' })
}
