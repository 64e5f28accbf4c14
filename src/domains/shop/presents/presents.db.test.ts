import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import type { Mail } from '../../../platform/mail/index.ts'
import { givenSeller, type TestPlatform, testPlatform } from '../../../testing/index.ts'
import { addressHash, suppress } from '../../fans/index.ts'
import { createArtist } from '../../identity/index.ts'
import { placeOrder, recordRefund, settleOrder } from '../index.ts'
import { closeHoldings } from '../refund-order.ts'
import { anOrder, givenBasket, givenProduct } from '../shop.fixtures.ts'
import { presentOf, sendElsewhere, sendPresents } from './present.store.ts'
import { mailPresent } from './present-mail.ts'
import { takePresent } from './take-present.ts'

let platform: TestPlatform
let artistId: string
let sellerId: string
let at = new Date()
let mails: { to: string; id: string }[] = []
beforeAll(async () => {
  platform = await testPlatform()
  artistId = (await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Ana' }))).id
  sellerId = await givenSeller(platform.db, { artistId })
  await platform.db.updateTable('sellers').set({ timeZone: 'Europe/Paris' }).where('id', '=', sellerId).execute()
})
afterAll(() => platform.close())

const clock = () => ({ db: platform.db, now: () => at })
/** The letters that leave, written down. */
const outbox = () => ({
  ...{ db: platform.db, config: platform.config, signer: platform.signer },
  mailer: {
    ...platform.mailer,
    send: async ({ to, headers }: Mail) => void mails.push({ to, id: headers?.['Message-ID'] ?? '' }),
  },
})

/** A download that is paid, for a friend, to be told in ten days. */
async function given(price = 700) {
  at = new Date('2027-03-01T09:00:00Z')
  mails = []
  const { variantId } = await givenProduct(platform.db, {
    artistId,
    sellerId,
    price,
    ...(price === 0 && { pricing: 'free' as const }),
  })
  const basketId = await givenBasket(platform.db, sellerId, [{ variantId }])
  const friend = `${newId()}@friends.example`
  const present = { mail: friend, mailKey: friend, giver: 'Noé', message: 'For you.', day: '2027-03-11' }
  const placed = await placeOrder(clock(), anOrder({ basketId, artistId, shipping: 0, address: null, present }))
  if (!placed.ok) throw new Error(placed.error.problem)
  const { orderId, total, currency } = placed.value
  const pay = () =>
    platform.db
      .transaction()
      .execute((tx) =>
        settleOrder(tx, { orderId, provider: 'manual', reference: orderId, amount: total, currency, at }),
      )
  const refund = () =>
    platform.db
      .transaction()
      .execute((tx) =>
        recordRefund(tx, { orderId, key: orderId, amount: total, reason: '', by: null, at, from: 'manual' }),
      )
  /** The buyer's bank took the money back, as it is taken in from a provider. `outcome`: what the money was for the order. */
  const lose = (outcome: 'paid' | 'wrong-amount' = 'paid') =>
    platform.db.transaction().execute(async (tx) => {
      const ofOrder = tx.selectFrom('payments').select('id').where('orderId', '=', orderId)
      const paid = await ofOrder.where('outcome', '=', outcome).executeTakeFirst()
      if (!paid) return false
      await tx
        .insertInto('disputes')
        .values({
          ...{
            id: newId(),
            orderId,
            paymentId: paid.id,
            provider: 'stripe',
            reference: newId(),
            amount: total,
            currency,
          },
          ...{ reason: '', state: 'lost', dueAt: null, openedAt: at, closedAt: at },
        })
        .execute()
      if (outcome === 'paid') await closeHoldings(tx, orderId, at)
      return true
    })
  /** The buyer had paid once more, another way, and their bank took that back. */
  async function loseTwice(): Promise<boolean> {
    if (
      !(await platform.db
        .selectFrom('orders')
        .select('id')
        .where('id', '=', orderId)
        .where('state', '=', 'paid')
        .executeTakeFirst())
    )
      return false
    const again = { orderId, provider: 'manual', reference: newId(), amount: total, currency, at }
    expect(await platform.db.transaction().execute((tx) => settleOrder(tx, again))).toBe('wrong-amount')
    return lose('wrong-amount')
  }
  const held = () =>
    platform.db
      .selectFrom('holdings')
      .select('mailKey')
      .where('orderId', '=', orderId)
      .where('revokedAt', 'is', null)
      .execute()
  const read = async () => {
    const found = await presentOf(platform.db, orderId)
    if (!found) throw new Error('There is no such present')
    return found
  }
  /** Runs the job, and what it asked for, as often as a crash would. */
  const tell = async (times = 1) => {
    await sendPresents(clock())
    const { sent } = await read()
    if (sent > 0) for (let n = 0; n < times; n++) await mailPresent(outbox(), { orderId, sent })
  }
  return { orderId, friend, pay, refund, lose, loseTwice, held, read, tell }
}

test('a friend is told on the day and not before, nor of what is not paid; it is nobody’s until they take it', async () => {
  const { orderId, friend, pay, held, tell } = await given()
  at = new Date('2027-03-12T09:00:00Z')
  await tell()
  expect(mails).toEqual([])
  at = new Date('2027-03-02T09:00:00Z')
  await pay()
  await tell()
  expect(mails).toEqual([])
  // Eleven at night in London is the next day in France.
  at = new Date('2027-03-10T23:30:00Z')
  await tell()
  expect(mails.map(({ to }) => to)).toEqual([friend])
  expect(await held()).toEqual([])
  expect(await takePresent(clock(), orderId, friend)).toBe(true)
  expect(await takePresent(clock(), orderId, friend)).toBe(true)
  expect(await held()).toEqual([{ mailKey: friend }])
})

test('what costs nothing is the friend’s as well, and not the buyer’s', async () => {
  const { orderId, friend, held, tell } = await given(0)
  expect(await held()).toEqual([])
  at = new Date('2027-03-11T09:00:00Z')
  await tell()
  expect(mails.map(({ to }) => to)).toEqual([friend])
  expect(await takePresent(clock(), orderId, friend)).toBe(true)
  expect(await held()).toEqual([{ mailKey: friend }])
})

test('an address that is to be left alone is not written to, and the buyer is told so', async () => {
  const { friend, pay, read, tell } = await given()
  const hash = addressHash(platform.signer, 'mail', friend)
  await suppress(platform.db, { channel: 'mail', addressHash: hash, reason: 'asked', at })
  await pay()
  at = new Date('2027-03-11T09:00:00Z')
  await tell()
  expect(mails).toEqual([])
  expect((await read()).isRefused).toBe(true)
})

test('whoever gives pays twice, and their bank takes back the second time: it is paid once, and the friend’s', async () => {
  const { orderId, friend, pay, loseTwice, held, tell } = await given()
  await pay()
  expect(await loseTwice()).toBe(true)
  at = new Date('2027-03-11T09:00:00Z')
  await tell()
  expect(mails.map(({ to }) => to)).toEqual([friend])
  expect(await takePresent(clock(), orderId, friend)).toBe(true)
  expect(await held()).toEqual([{ mailKey: friend }])
})

test('whatever happens in whatever order: told once a sending, owned by one person at most, by nobody once the money went back', async () => {
  const step = fc.constantFrom(
    'pay',
    'wait',
    'tell',
    'twice',
    'elsewhere',
    'take',
    'take-old',
    'refund',
    'lose',
    'lose-twice',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const { orderId, friend, pay, refund, lose, loseTwice, held, read, tell } = await given()
      let isBack = false
      for (const what of steps) {
        if (what === 'pay') await pay()
        else if (what === 'wait') at = new Date(at.getTime() + 4 * 24 * 3_600_000)
        else if (what === 'tell') await tell()
        else if (what === 'twice') await tell(2)
        else if (what === 'lose') isBack = (await lose()) || isBack
        else if (what === 'lose-twice') await loseTwice()
        else if (what === 'elsewhere') {
          const other = `${newId()}@friends.example`
          await sendElsewhere(clock(), orderId, { address: other, key: other })
        } else if (what === 'take') await takePresent(clock(), orderId, (await read()).mailKey)
        else if (what === 'take-old') {
          const isTaken = await takePresent(clock(), orderId, friend)
          if ((await read()).mailKey !== friend) expect(isTaken).toBe(false)
        } else isBack ||= (await refund()).ok
      }
      const present = await read()
      const owners = await held()
      // A second mail of one sending bears the same name: a mail program shows one.
      expect(new Set(mails.map(({ id }) => id)).size).toBeLessThanOrEqual(present.sent)
      if (isBack) expect(owners).toEqual([])
      else expect(owners).toEqual(present.takenAt ? [{ mailKey: present.mailKey }] : [])
    }),
    { numRuns: 40 },
  )
})

test('of what its buyer’s bank took back, or whose money went back in that moment, no friend is told, and nobody takes it', async () => {
  const { orderId, friend, pay, refund, lose, held, tell, read } = await given()
  await pay()
  await lose()
  at = new Date('2027-03-12T09:00:00Z')
  await tell()
  expect(await takePresent(clock(), orderId, friend)).toBe(false)
  expect([mails, await held()]).toEqual([[], []])
  const other = await given()
  await other.pay()
  at = new Date('2027-03-12T09:00:00Z')
  await sendPresents(clock())
  await other.refund()
  await mailPresent(outbox(), { orderId: other.orderId, sent: (await other.read()).sent })
  expect(mails).toEqual([])
  expect((await refund()).ok).toBe(true)
  expect((await read()).takenAt).toBeNull()
})
