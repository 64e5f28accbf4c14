import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import {
  bySomebodyElse,
  givenSeller,
  type TestPlatform,
  testPlatform,
  untilOneWaits,
  workOff,
} from '../../../testing/index.ts'
import { createArtist } from '../../identity/index.ts'
import { expireOrders, placeOrder, recordRefund, settleOrder } from '../index.ts'
import { lockOrder } from '../order.store.ts'
import { standing } from '../payments/payments.fixtures.ts'
import { closeHoldings, undoRefund } from '../refund-order.ts'
import { anOrder, givenBasket, givenProduct } from '../shop.fixtures.ts'
import { resumeMembership, stopMembership } from './change-membership.ts'
import { closeWithDispute } from './close-period.ts'
import { doorOf, membershipByFeed } from './doors.ts'
import { openingOf } from './member.rules.ts'
import { memberById, membersOf, periodsOfOrder } from './members.views.ts'
import { renewMemberships } from './renew-memberships.ts'

const DAY = 24 * 3_600_000
let platform: TestPlatform
let artistId: string
let sellerId: string
beforeAll(async () => {
  platform = await testPlatform()
  artistId = (await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Ana' }))).id
  sellerId = await givenSeller(platform.db, { artistId, vatRegime: 'registered', vatNumber: 'FR40303265045' })
})
afterAll(() => platform.close())

const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => platform.db.transaction().execute(work)
const pay = (orderId: string, amount = 600) => {
  const payment = { orderId, provider: 'manual', reference: orderId, amount, currency: 'EUR', at: platform.now() }
  return inTx((tx) => settleOrder(tx, payment))
}

/** Somebody who has paid for so many months of a membership, the first of them from now on. */
async function begun({ months = 1, givesAll = false, country = 'FR' } = {}) {
  const { db } = platform
  const { variantId, productId } = await givenProduct(db, {
    ...{ artistId, sellerId, kind: 'membership', subject: null, title: 'The kitchen', price: 600, every: 'month' },
    givesAll,
  })
  const mail = `${newId()}@members.example`
  const orders: string[] = []
  /** One month more, in the shop. */
  async function more(): Promise<string> {
    const basketId = await givenBasket(db, sellerId, [{ variantId }])
    const evidence = [
      { kind: 'declared' as const, country },
      { kind: 'network' as const, country },
    ]
    const who = { mail, mailKey: mail, address: null, shipping: 0, language: 'en' as const, evidence }
    const placed = await placeOrder(platform, anOrder({ basketId, artistId, ...who }))
    if (!placed.ok) throw new Error(placed.error.problem)
    expect(await pay(placed.value.orderId)).toBe('paid')
    orders.push(placed.value.orderId)
    return placed.value.orderId
  }
  for (let month = 0; month < months; month++) await more()
  const { id } = await db.selectFrom('members').select('id').where('mailKey', '=', mail).executeTakeFirstOrThrow()
  const read = async () => {
    const member = await memberById(db, id)
    if (!member) throw new Error('There is no such member')
    return member
  }
  return {
    ...{ id, productId, mail, orders, more, read },
    mails: async () => {
      await workOff(platform, ['shop.mail-member'])
      return platform.mails.filter(({ to }) => to === mail)
    },
    /** Whether what is for members opens now: as the page says, and as is asked at every request. */
    async isOpen() {
      const { isOpen } = openingOf(await read(), platform.now())
      const letIn = await membershipByFeed(platform, (await doorOf(db, id)).feedKey)
      expect(letIn !== null).toBe(isOpen)
      return isOpen
    },
    held: () =>
      db
        .selectFrom('holdings')
        .select(['subject', 'orderId'])
        .where('mailKey', '=', mail)
        .where('revokedAt', 'is', null)
        .execute(),
  }
}

async function giveBack(orderId: string | undefined, amount = 600): Promise<string> {
  const key = newId()
  const said = { orderId: orderId ?? '', key, amount, reason: '', by: null, at: platform.now(), from: 'manual' }
  const done = await inTx((tx) => recordRefund(tx, said))
  if (!done.ok) throw new Error(done.error.problem)
  return key
}
const neverArrived = (orderId: string, key: string) =>
  inTx((tx) => undoRefund(tx, { orderId, key, at: platform.now(), problem: 'the account is closed' }))
/** As it is taken in from a provider. `outcome`: what the money was for the order. */
const lost = (orderId: string, outcome: 'paid' | 'wrong-amount' = 'paid') =>
  inTx(async (tx) => {
    const at = platform.now()
    const ofOrder = tx.selectFrom('payments').select('id').where('orderId', '=', orderId)
    const { id } = await ofOrder.where('outcome', '=', outcome).executeTakeFirstOrThrow()
    await tx
      .insertInto('disputes')
      .values({
        ...{
          id: newId(),
          orderId,
          paymentId: id,
          provider: 'stripe',
          reference: newId(),
          amount: 600,
          currency: 'EUR',
        },
        ...{ reason: '', state: 'lost', dueAt: null, openedAt: at, closedAt: at },
      })
      .execute()
    if (outcome !== 'paid') return
    await closeHoldings(tx, orderId, at)
    await closeWithDispute(tx, orderId, { at, now: at })
  })
/** It was paid once more, another way, and the bank took that back. */
async function lostTwice(orderId: string): Promise<void> {
  const again = { orderId, provider: 'manual', reference: newId(), amount: 600, currency: 'EUR', at: platform.now() }
  expect(await inTx((tx) => settleOrder(tx, again))).toBe('wrong-amount')
  await lost(orderId, 'wrong-amount')
}
const brought = async (memberId: string) =>
  (await membersOf(platform.db, artistId, platform.now())).find(({ id }) => id === memberId)?.paid

test('the running month given back closes until the next begins, which is paid: the membership goes on, and is asked for as before', async () => {
  const member = await begun({ months: 2 })
  const [first = '', second = ''] = member.orders
  const { paidUntil, periods } = await member.read()
  const begins = periods[0]?.from ?? new Date(0)
  expect(await periodsOfOrder(platform.db, first)).toMatchObject([{ isPaidLater: true, keptUntil: paidUntil }])
  platform.pass(3 * DAY)
  expect(await member.isOpen()).toBe(true)
  // A part of it changes nothing.
  await giveBack(first, 200)
  expect(await member.isOpen()).toBe(true)
  await giveBack(first, 400)
  expect(await member.read()).toMatchObject({ state: 'active', paidUntil })
  expect(openingOf(await member.read(), platform.now())).toEqual({ isOpen: false, opensAt: begins })
  expect(await member.isOpen()).toBe(false)
  expect((await membersOf(platform.db, artistId, platform.now())).find(({ id }) => id === member.id)).toMatchObject({
    opensAt: begins,
    paid: 600,
  })
  const told = (await member.mails()).filter(({ subject }) => subject === 'The kitchen: given back, Ana')
  expect(told).toHaveLength(1)
  expect(told[0]?.text).toContain('A later period is paid, so your membership goes on')
  expect(told[0]?.text).toContain('What is for members opens again on')
  platform.pass(begins.getTime() - platform.now().getTime())
  expect(await member.isOpen()).toBe(true)
  platform.pass(paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
  await renewMemberships(platform)
  const { openOrder } = await member.read()
  expect(await pay(openOrder ?? '')).toBe('paid')
  expect((await member.read()).periods).toMatchObject([
    { orderId: openOrder, closedAt: null },
    { orderId: second, closedAt: null },
    { orderId: first, closedAt: expect.any(Date), refunded: 600 },
  ])
  expect((await standing(platform.db, sellerId)).sum).toBe(0)
})

test('the last month given back ends the membership, and the month before it stays theirs until its end', async () => {
  const member = await begun({ months: 2 })
  const [first = '', second = ''] = member.orders
  const end = (await member.read()).periods[1]?.until
  await giveBack(second)
  expect(await member.read()).toMatchObject({ state: 'left', paidUntil: end })
  expect(await member.isOpen()).toBe(true)
  expect((await member.mails()).at(-1)?.text).toContain('What you paid besides is yours until')
  // And that one too: nothing is.
  platform.pass(DAY)
  await giveBack(first)
  const { state, paidUntil } = await member.read()
  expect([state, paidUntil <= platform.now()]).toEqual(['left', true])
  expect(await member.isOpen()).toBe(false)
  expect(await periodsOfOrder(platform.db, first)).toMatchObject([{ isPaidLater: false, keptUntil: null }])
})

test('a month that is long over is given back, and who is a member stays one, with what is still asked', async () => {
  const member = await begun()
  const { paidUntil } = await member.read()
  platform.pass(paidUntil.getTime() - platform.now().getTime() - DAY)
  await renewMemberships(platform)
  expect(await pay((await member.read()).openOrder ?? '')).toBe('paid')
  platform.pass(28 * DAY)
  await renewMemberships(platform)
  const before = await member.read()
  expect(before.openOrder).not.toBeNull()
  await giveBack(member.orders[0])
  const { state, openOrder } = await member.read()
  expect({ state, openOrder }).toEqual({ state: 'active', openOrder: before.openOrder })
  expect(await member.isOpen()).toBe(true)
  // The one that is asked for is not paid: with the one that runs, it ends, and what is asked for is dropped.
  await giveBack((await member.read()).periods[0]?.orderId)
  expect(await member.read()).toMatchObject({ state: 'left', openOrder: null })
  expect(await pay(before.openOrder ?? '')).toBe('too-late')
})

test('what all members have closes with the month that gave it, and opens again with the next; what an earlier one gave stays', async () => {
  const { db } = platform
  const publish = async (slug: string) => {
    const id = newId()
    await sql`insert into releases (id, artist_id, slug, title, visibility, published_at)
      values (${id}, ${artistId}, ${slug}, ${slug}, 'public', ${platform.now()})`.execute(db)
    return `release:${id}`
  }
  const early = await publish('early')
  const member = await begun({ months: 2, givesAll: true })
  const [first = '', second = ''] = member.orders
  expect(await member.held()).toEqual([{ subject: early, orderId: first }])
  const key = await giveBack(first)
  expect(await member.held()).toEqual([])
  await renewMemberships(platform)
  expect(await member.held()).toEqual([])
  const begins = (await member.read()).periods[0]?.from ?? new Date(0)
  platform.pass(begins.getTime() - platform.now().getTime() + DAY)
  const late = await publish('late')
  await renewMemberships(platform)
  const both = [early, late].toSorted()
  expect((await member.held()).map(({ subject }) => subject).toSorted()).toEqual(both)
  // The refund of the first did not arrive, and the second is given back: what the first gave is theirs by it.
  await neverArrived(first, key)
  await giveBack(second)
  expect(await member.held()).toEqual([{ subject: early, orderId: first }])
  expect((await member.read()).state).toBe('left')
})

test('a dispute lost on one month closes it and ends the membership; another month that is paid stays theirs, and is not brought back by a refund', async () => {
  const member = await begun({ months: 3 })
  const [first = '', second = '', third = ''] = member.orders
  const { paidUntil } = await member.read()
  const key = await giveBack(second)
  await lost(first)
  expect(await member.read()).toMatchObject({ state: 'left', paidUntil })
  expect(await member.isOpen()).toBe(false)
  await neverArrived(second, key)
  expect(await member.read()).toMatchObject({ state: 'left', paidUntil })
  // What was lost counts as little as what went back: after it nothing is paid.
  const other = await begun({ months: 2 })
  await lost(other.orders[1] ?? '')
  expect(await periodsOfOrder(platform.db, other.orders[0] ?? '')).toMatchObject([{ isPaidLater: false }])
  await giveBack(third)
  expect((await member.read()).periods.map(({ closedAt }) => closedAt !== null)).toEqual([true, false, true])
})

test('a month that is paid twice, of which the bank takes back one, is paid once: given back in vain, it opens again with what it gave', async () => {
  const release = newId()
  await sql`insert into releases (id, artist_id, slug, title, visibility, published_at)
    values (${release}, ${artistId}, ${release}, 'Both', 'public', ${platform.now()})`.execute(platform.db)
  const member = await begun({ months: 2, givesAll: true })
  const [first = '', second = ''] = member.orders
  const held = await member.held()
  expect(held).toContainEqual({ subject: `release:${release}`, orderId: first })
  await lostTwice(first)
  expect(await brought(member.id)).toBe(1200)
  const key = await giveBack(first)
  expect(await member.held()).toEqual([])
  await neverArrived(first, key)
  expect(await member.isOpen()).toBe(true)
  expect(await member.held()).toEqual(held)
  expect(await brought(member.id)).toBe(1200)
  // What the bank took of what paid a month is paid by nobody any more.
  await lost(second)
  expect(await brought(member.id)).toBe(600)
})

test('what the rule of before closed of who had paid twice, and took of who had paid for more, is theirs again; who left by themselves, and what went back, stay as they are', async () => {
  const { db } = platform
  const twice = await begun()
  const [ended, left, back] = [await begun({ months: 2 }), await begun({ months: 2 }), await begun({ months: 2 })]
  const before = (await ended.read()).paidUntil
  await lostTwice(twice.orders[0] ?? '')
  await giveBack(ended.orders[0])
  await giveBack(left.orders[0])
  await stopMembership(platform, left.id, 'left')
  for (const orderId of back.orders) await giveBack(orderId)
  // As they were left: every period of an order with a lost dispute closed, and the end of what is paid at the refund.
  const at = platform.now()
  await db.updateTable('memberPeriods').set({ closedAt: at }).where('membershipId', '=', twice.id).execute()
  await db.updateTable('members').set({ state: 'left', paidUntil: at }).where('id', '=', ended.id).execute()
  platform.pass(DAY)
  // Nothing of it is paid, so nothing says from when on it is open.
  expect(openingOf(await ended.read(), platform.now())).toEqual({ isOpen: false, opensAt: null })
  expect((await membersOf(db, artistId, platform.now())).find(({ id }) => id === ended.id)?.opensAt).toBeNull()
  const unchanged = [await left.read(), await back.read()]
  const migration = readFileSync(new URL('../migrations/20261208-13-lost-over-what-paid.sql', import.meta.url), 'utf8')
  for (let time = 0; time < 2; time++) await platform.pool.query(migration)
  expect((await twice.read()).periods).toMatchObject([{ closedAt: null }])
  expect(await twice.isOpen()).toBe(true)
  expect(await ended.read()).toMatchObject({ state: 'left', paidUntil: before })
  expect(openingOf(await ended.read(), platform.now()).opensAt).not.toBeNull()
  expect([await left.read(), await back.read()]).toEqual(unchanged)
})

test('a refund meets the payment of the next month: it is paid and goes on, or it is too late and has ended; two at once end it', async () => {
  for (let time = 0; time < 6; time++) {
    const member = await begun()
    const { paidUntil } = await member.read()
    platform.pass(paidUntil.getTime() - platform.now().getTime() - DAY)
    await renewMemberships(platform)
    const { openOrder } = await member.read()
    // As every night, months ahead.
    await sql`select ensure_spine_partitions(${platform.now()}, ${platform.now()})`.execute(platform.db)
    const [, outcome] = await Promise.all([
      giveBack(member.orders[0]),
      pay(openOrder ?? ''),
      renewMemberships(platform),
    ])
    const { state, periods } = await member.read()
    expect([outcome, state, periods.length]).toEqual(
      outcome === 'paid' ? ['paid', 'active', 2] : ['too-late', 'left', 1],
    )
    if (outcome !== 'paid') continue
    await member.more()
    const [, one = '', two = ''] = (await member.read()).periods.toReversed().map(({ orderId }) => orderId)
    await Promise.all([giveBack(one), giveBack(two)])
    expect((await member.read()).state).toBe('left')
    expect(await member.isOpen()).toBe(false)
  }
  expect((await standing(platform.db, sellerId)).sum).toBe(0)
})

test('whoever gives back waits for who is paying what is asked for, before they hold what that payment counts', async () => {
  const member = await begun({ country: 'DE' })
  const { paidUntil } = await member.read()
  platform.pass(paidUntil.getTime() - platform.now().getTime() - DAY)
  await renewMemberships(platform)
  const { openOrder } = await member.read()
  let given: Promise<unknown> | undefined
  await inTx(async (tx) => {
    await lockOrder(tx, openOrder ?? '')
    given = bySomebodyElse(() => giveBack(member.orders[0]))
    await untilOneWaits(platform.pool)
    const { rows } =
      await sql`update cross_border_sums set sold = sold where seller_id = ${sellerId} returning sold`.execute(tx)
    expect(rows).not.toEqual([])
  })
  await given
  expect(await member.read()).toMatchObject({ state: 'left', openOrder: null })
})

test('in whatever order months are paid, given back, lost and given back in vain: open is what is paid and not closed, and nobody who has left is asked', async () => {
  const step = fc.record({
    do: fc.constantFrom(
      ...(['wait', 'renew', 'pay', 'ahead', 'back', 'part', 'vain', 'lost', 'pause', 'resume', 'leave'] as const),
    ),
    n: fc.integer({ min: 0, max: 20 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const member = await begun({ months: 2 })
      const refunds: { orderId: string; key: string }[] = []
      let leftBySelf = false
      for (const { do: what, n } of steps) {
        const { periods, openOrder, state } = await member.read()
        const one = periods[n % periods.length]
        if (what === 'wait') platform.pass(n * DAY)
        else if (what === 'renew') {
          await expireOrders(platform)
          await renewMemberships(platform)
        } else if (what === 'pay' && openOrder) await pay(openOrder)
        else if (what === 'ahead' && state !== 'left') await member.more()
        else if ((what === 'back' || what === 'part') && one && one.refunded < one.total)
          refunds.push({
            orderId: one.orderId,
            key: await giveBack(one.orderId, what === 'part' ? 1 : one.total - one.refunded),
          })
        else if (what === 'vain' && refunds.length > 0) {
          const [refund] = refunds.splice(n % refunds.length, 1)
          if (refund) await neverArrived(refund.orderId, refund.key)
        } else if (what === 'lost' && one && n % 5 === 0) {
          await lost(one.orderId)
          leftBySelf = true
        } else if (what === 'pause') await stopMembership(platform, member.id, 'paused')
        else if (what === 'resume') await resumeMembership(platform, member.id)
        else if (what === 'leave')
          leftBySelf = (await stopMembership(platform, member.id, 'left')) || leftBySelf || state === 'left'
      }
      const now = platform.now()
      const { rows } = await sql<{ closed: boolean; gone: boolean }>`
        select p.closed_at is not null as closed,
          o.refunded >= o.total or exists (select from disputes d where d.order_id = o.id and d.state = 'lost') as gone
        from member_periods p join orders o on o.id = p.order_id where p.membership_id = ${member.id} and p.until is not null`.execute(
        platform.db,
      )
      for (const { closed, gone } of rows) expect(closed).toBe(gone)
      const { state, periods, paidUntil, openOrder } = await member.read()
      const kept = periods.filter(({ closedAt }) => !closedAt)
      expect(await member.isOpen()).toBe(kept.some(({ from, until }) => from <= now && until > now))
      // What is open and not over is never later than what they are told.
      for (const { until } of kept) expect(paidUntil.getTime()).toBeGreaterThanOrEqual(until.getTime())
      const last = periods.toSorted((a, b) => b.until.getTime() - a.until.getTime())[0]
      // Whose last month stands is a member as long as they did not leave themselves, or their bank took money back; whose last month is closed is none.
      if (last?.closedAt) expect(state).toBe('left')
      else expect(state === 'left').toBe(leftBySelf)
      if (state === 'left') expect(openOrder).toBeNull()
      expect((await standing(platform.db, sellerId)).sum).toBe(0)
    }),
    { numRuns: 40 },
  )
})
