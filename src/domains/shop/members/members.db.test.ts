import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import { bySomebodyElse, givenSeller, type TestPlatform, testPlatform, untilOneWaits } from '../../../testing/index.ts'
import { createArtist } from '../../identity/index.ts'
import { expireOrders, placeOrder, recordRefund, settleOrder } from '../index.ts'
import { standing } from '../payments/payments.fixtures.ts'
import { anOrder, givenBasket, givenProduct } from '../shop.fixtures.ts'
import { resumeMembership, stopMembership } from './change-membership.ts'
import { memberById, membersOf } from './members.views.ts'
import { renewMemberships } from './renew-memberships.ts'

const DAY = 24 * 3_600_000
const BEGUN = new Date('2027-01-31T10:00:00Z')
let platform: TestPlatform
let artistId: string
let sellerId: string
let at = BEGUN
const clock = () => ({ db: platform.db, now: () => at })
beforeAll(async () => {
  platform = await testPlatform()
  artistId = (await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Ana' }))).id
  sellerId = await givenSeller(platform.db, { artistId, vatRegime: 'registered', vatNumber: 'FR40303265045' })
})
afterAll(() => platform.close())

const days = (n: number) => {
  at = new Date(at.getTime() + n * DAY)
}
const plan = (said = {}) =>
  givenProduct(platform.db, {
    ...{ artistId, sellerId, kind: 'membership', subject: null, title: 'The kitchen', price: 600, every: 'month' },
    ...said,
  })
const pay = async (orderId: string, reference = orderId) => {
  const { total, currency } = await platform.db
    .selectFrom('orders')
    .select(['total', 'currency'])
    .where('id', '=', orderId)
    .executeTakeFirstOrThrow()
  const settlement = { orderId, provider: 'manual', reference, amount: total, currency, at }
  return platform.db.transaction().execute((tx) => settleOrder(tx, settlement))
}

/** Somebody who has become a member on the last of January. */
async function begun(said = {}) {
  at = BEGUN
  const { variantId, productId } = await plan(said)
  const basketId = await givenBasket(platform.db, sellerId, [{ variantId, quantity: 3 }])
  const mail = `${newId()}@members.example`
  const order = anOrder({ basketId, artistId, shipping: 0, address: null, mail, mailKey: mail })
  const placed = await placeOrder(clock(), order)
  if (!placed.ok) throw new Error(placed.error.problem)
  expect(await pay(placed.value.orderId)).toBe('paid')
  const { id } = await platform.db
    .selectFrom('members')
    .select('id')
    .where('mailKey', '=', mail)
    .executeTakeFirstOrThrow()
  const read = async () => {
    const member = await memberById(platform.db, id)
    if (!member) throw new Error('There is no such member')
    return member
  }
  return { id, productId, mail, orderId: placed.value.orderId, total: placed.value.total, read }
}
const day = (date: Date) => date.toISOString().slice(0, 10)

test('a membership is one, whatever number is in the basket; it is asked for a week before its end, and goes on when it is paid', async () => {
  const { read, id, total } = await begun()
  expect(total).toBe(600)
  expect(day((await read()).paidUntil)).toBe('2027-02-28')
  days(20)
  await renewMemberships(clock())
  expect((await read()).openOrder).toBeNull()
  days(3)
  await renewMemberships(clock())
  await renewMemberships(clock())
  const { openOrder } = await read()
  const asked = await platform.db.selectFrom('memberPeriods').select('orderId').where('membershipId', '=', id).execute()
  expect(asked).toHaveLength(2)
  // Three days late: no day is lost and none gained.
  days(8)
  expect([await pay(openOrder ?? ''), await pay(openOrder ?? '')]).toEqual(['paid', 'again'])
  expect((await read()).state).toBe('active')
  expect(day((await read()).paidUntil)).toBe('2027-03-31')
  expect((await membersOf(platform.db, artistId, at)).find((row) => row.id === id)).toMatchObject({ paid: 1200 })
})

test('what is not paid in time rests; who comes back pays, and begins on that day', async () => {
  const { read, id } = await begun()
  days(22)
  await renewMemberships(clock())
  days(20)
  await expireOrders(clock())
  await renewMemberships(clock())
  expect(await read()).toMatchObject({ state: 'resting', openOrder: null })
  const orderId = await resumeMembership(clock(), id)
  expect(await resumeMembership(clock(), id)).toBe(orderId)
  expect((await read()).state).toBe('resting')
  await pay(orderId ?? '')
  expect(await read()).toMatchObject({ state: 'active' })
  expect(day((await read()).paidUntil)).toBe('2027-04-14')
})

test('who leaves keeps what was paid, is asked for nothing, and gets back what comes all the same', async () => {
  const { read, id } = await begun()
  days(22)
  await renewMemberships(clock())
  const { openOrder } = await read()
  expect(await stopMembership(clock(), id, 'left')).toBe(true)
  expect(await stopMembership(clock(), id, 'left')).toBe(false)
  expect(await resumeMembership(clock(), id)).toBeNull()
  expect(await pay(openOrder ?? '')).toBe('too-late')
  expect(await read()).toMatchObject({ state: 'left', openOrder: null })
  expect(day((await read()).paidUntil)).toBe('2027-02-28')
  days(30)
  await renewMemberships(clock())
  expect((await read()).openOrder).toBeNull()
})

test('who pauses is asked for nothing, and goes on without paying twice for what is paid', async () => {
  const { read, id } = await begun()
  days(22)
  await renewMemberships(clock())
  await stopMembership(clock(), id, 'paused')
  await renewMemberships(clock())
  expect(await read()).toMatchObject({ state: 'paused', openOrder: null })
  const orderId = await resumeMembership(clock(), id)
  expect((await read()).openOrder).toBe(orderId)
  await pay(orderId ?? '')
  expect(day((await read()).paidUntil)).toBe('2027-03-31')
})

test('two memberships in one basket are two, each paid by the one order; given back, both end', async () => {
  at = BEGUN
  const [one, other] = [await plan(), await plan({ title: 'The garden', price: 900, every: 'year' })]
  const basketId = await givenBasket(platform.db, sellerId, [one, other])
  const mail = `${newId()}@members.example`
  const placed = await placeOrder(
    clock(),
    anOrder({ basketId, artistId, shipping: 0, address: null, mail, mailKey: mail }),
  )
  if (!placed.ok) throw new Error(placed.error.problem)
  const { orderId, total } = placed.value
  expect(await pay(orderId)).toBe('paid')
  const both = () =>
    platform.db
      .selectFrom('members')
      .select(['title', 'state', 'paidUntil'])
      .where('mailKey', '=', mail)
      .orderBy('title')
      .execute()
  expect((await both()).map(({ title, paidUntil }) => [title, day(paidUntil)])).toEqual([
    ['The garden', '2028-01-31'],
    ['The kitchen', '2027-02-28'],
  ])
  const back = { orderId, key: newId(), amount: total, reason: '', reference: '', by: null, at, from: 'manual' }
  await platform.db.transaction().execute((tx) => recordRefund(tx, back))
  expect((await both()).map(({ state }) => state)).toEqual(['left', 'left'])
})

test('a new price is for those who come after; a plan that is gone asks nobody', async () => {
  const { read, productId } = await begun()
  await platform.db
    .updateTable('products')
    .set({ price: 900, state: 'withdrawn' })
    .where('id', '=', productId)
    .execute()
  days(22)
  await renewMemberships(clock())
  const { openOrder } = await read()
  const asked = platform.db.selectFrom('orders').select('total').where('id', '=', openOrder)
  expect(await asked.executeTakeFirst()).toEqual({ total: 600 })
  await pay(openOrder ?? '')
  await platform.db.deleteFrom('products').where('id', '=', productId).execute()
  days(40)
  await renewMemberships(clock())
  expect(await read()).toMatchObject({ state: 'left', openOrder: null })
})

test('members have what is published while they are members, and what they have stays; money given back takes it away', async () => {
  const releaseId = newId()
  await sql`
    insert into releases (id, artist_id, slug, title, visibility, published_at)
    values (${releaseId}, ${artistId}, 'early', 'Early', 'public', '2027-01-01'), (${newId()}, ${artistId}, 'secret', 'Secret', 'draft', null)`.execute(
    platform.db,
  )
  const { read, mail, orderId, total } = await begun({ givesAll: true })
  const held = () =>
    platform.db
      .selectFrom('holdings')
      .select('subject')
      .where('mailKey', '=', mail)
      .where('revokedAt', 'is', null)
      .execute()
  expect(await held()).toEqual([{ subject: `release:${releaseId}` }])
  await renewMemberships(clock())
  expect(await held()).toHaveLength(1)
  const back = { orderId, key: newId(), amount: total, reason: '', by: null, at, from: 'manual' }
  await platform.db.transaction().execute((tx) => recordRefund(tx, back))
  expect(await held()).toEqual([])
  expect(await read()).toMatchObject({ state: 'left', paidUntil: at })
})

test('in whatever order things happen, and however often they are told, each paid period counts once, who left is not asked, and the books sum to nothing', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('wait' as const), n: fc.integer({ min: 1, max: 25 }) }),
    fc.constantFrom(
      ...(['renew', 'pay', 'pay-old', 'crash', 'pause', 'resume', 'leave'] as const).map((name) => ({
        do: name,
        n: 0,
      })),
    ),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { id, read } = await begun()
      const all = () =>
        platform.db
          .selectFrom('memberPeriods')
          .innerJoin('orders', 'orders.id', 'memberPeriods.orderId')
          .select(['orderId', 'until', 'dropped', 'orders.state', 'placedAt'])
          .where('membershipId', '=', id)
          .orderBy('placedAt')
          .execute()
      let hasLeft = 0
      for (const { do: what, n } of steps) {
        const orders = await all()
        if (what === 'wait') days(n)
        else if (what === 'renew') {
          await expireOrders(clock())
          await renewMemberships(clock())
        } else if (what === 'pay') {
          const open = (await read()).openOrder
          if (open) expect([await pay(open), await pay(open)]).toEqual(['paid', 'again'])
        } else if (what === 'pay-old') for (const { orderId } of orders) await pay(orderId)
        else if (what === 'crash') {
          const open = (await read()).openOrder
          const amount = { amount: 600, currency: 'EUR', provider: 'manual' }
          if (open)
            await platform.db
              .transaction()
              .execute(async (tx) => {
                await settleOrder(tx, { ...amount, orderId: open, reference: open, at })
                throw new Error('killed')
              })
              .catch(() => undefined)
        } else if (what === 'resume') await resumeMembership(clock(), id)
        else if (await stopMembership(clock(), id, what === 'leave' ? 'left' : 'paused'))
          if (what === 'leave') hasLeft = orders.length
      }
      const orders = await all()
      const member = await read()
      if (member.state === 'left') expect(orders).toHaveLength(hasLeft)
      if (member.state === 'left' || member.state === 'paused') expect(member.openOrder).toBeNull()
      // An order counts as a period exactly when it is paid, and one that was dropped never does.
      for (const { state, until, dropped } of orders) {
        expect(state === 'paid').toBe(until !== null)
        if (dropped) expect(until).toBeNull()
      }
      // Periods follow one another and never overlap; the last is what is paid.
      const periods = member.periods.toReversed()
      for (const [index, { from }] of periods.entries())
        if (index > 0) expect(from.getTime()).toBeGreaterThanOrEqual(periods[index - 1]?.until.getTime() ?? 0)
      expect(periods.at(-1)?.until).toEqual(member.paidUntil)
      const { rows } = await sql<{ sold: number }>`
        select count(*)::int as sold from ledger_entries e join orders o on e.key = 'order:' || o.id || ':sale'
          join member_periods p on p.order_id = o.id where p.membership_id = ${id}`.execute(platform.db)
      expect(rows[0]?.sold).toBe(periods.length)
      expect((await standing(platform.db, sellerId)).sum).toBe(0)
    }),
    { numRuns: 25 },
  )
})

test('what is large in the smallest unit of its currency is shown as it is', async () => {
  const price = 4_000_000_000
  const { id } = await begun({ price })
  const row = (await membersOf(platform.db, artistId, at)).find((one) => one.id === id)
  expect(row).toMatchObject({ price, paid: price })
})

test('several that go on by one order are locked in one order: whoever closes them meanwhile waits, and they for them', async () => {
  at = BEGUN
  const plans = [await plan(), await plan({ title: 'The garden' })]
  const mail = `${newId()}@members.example`
  const ordered = async (lines: { variantId: string }[]) => {
    const basketId = await givenBasket(platform.db, sellerId, lines)
    const who = { mail, mailKey: mail, shipping: 0, address: null }
    const placed = await placeOrder(clock(), anOrder({ basketId, artistId, ...who }))
    if (!placed.ok) throw new Error(placed.error.problem)
    return placed.value.orderId
  }
  await pay(await ordered(plans))
  const ids = await platform.db
    .selectFrom('members')
    .select(['id', 'productId'])
    .where('mailKey', '=', mail)
    .orderBy('id')
    .execute()
  // The later of the two lies first in the basket.
  const latest = ids.toReversed().flatMap(({ productId }) => plans.filter((one) => one.productId === productId))
  const orderId = await ordered(latest)
  let paying: Promise<unknown> | undefined
  await platform.db.transaction().execute(async (tx) => {
    const lock = (id: string | undefined) => sql`select from members where id = ${id} for no key update`.execute(tx)
    await lock(ids[0]?.id)
    paying = bySomebodyElse(() => pay(orderId))
    await untilOneWaits(platform.pool)
    await lock(ids[1]?.id)
  })
  expect(await paying).toBe('paid')
})
