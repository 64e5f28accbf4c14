import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import { givenSeller, type StripePeer, type TestPlatform, workOff } from '../../../testing/index.ts'
import { createArtist } from '../../identity/index.ts'
import { expireOrders, giveUpOrder } from '../give-up-orders.ts'
import { keepProof } from '../parcels/keep-proof.ts'
import { packParcel, sendParcel } from '../parcels/send-parcel.ts'
import { placeOrder } from '../place-order.ts'
import { anOrder, givenBasket, givenProduct } from '../shop.fixtures.ts'
import { accountById } from './accounts.store.ts'
import { askRefund } from './ask-refund.ts'
import { beginPayment, CARD_HOLD_SECONDS } from './begin-payment.ts'
import { learn } from './learn.ts'
import { givenAccount, openPlace, providerAt, standing } from './payments.fixtures.ts'
import { paymentHealth, paymentNotes } from './payments.views.ts'
import type { ToldPayment } from './provider.types.ts'
import { reconcileAccount } from './reconcile.ts'
import { sendEvidence } from './send-evidence.ts'
import { takeInPayment } from './take-in-payment.ts'

let platform: TestPlatform
let peer: StripePeer
let at: string
let close: () => Promise<void>
let artistId: string
let sellerId: string
let account: Awaited<ReturnType<typeof givenAccount>>

beforeAll(async () => {
  ;({ platform, peer, at, close } = await openPlace())
})
afterAll(() => close())
beforeEach(async () => {
  peer.how.sends = false
  peer.how.balanceLater = false
  await seller()
})

async function seller(
  said: Parameters<typeof givenSeller>[1] = {},
  theirs: { currency?: string; rates?: Record<string, number> } = {},
) {
  artistId = (await inTx((tx) => createArtist(tx, { name: `Ana ${newId()}` }))).id
  sellerId = await givenSeller(platform.db, { artistId, vatRegime: 'registered', vatNumber: 'FR40303265045', ...said })
  account = await givenAccount(platform, peer, at, { sellerId, ...theirs })
}
const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => platform.db.transaction().execute(work)

/** An order that its buyer is about to pay: a record at 20 with shipping at 4.50, unless told. */
async function ordered(
  said: { price?: number; currency?: string; stock?: number | null; shipping?: number; weight?: number | null } = {},
) {
  const { price = 2000, currency = 'EUR', stock = null, shipping = 450, weight = 300 } = said
  const { variantId } = await givenProduct(platform.db, {
    artistId,
    sellerId,
    price,
    currency,
    weight,
    stock,
    subject: `release:${newId()}`,
  })
  const basketId = await givenBasket(platform.db, sellerId, [{ variantId }])
  const placed = await placeOrder(
    platform,
    anOrder({ basketId, artistId, provider: 'stripe', shipping, hold: { seconds: CARD_HOLD_SECONDS } }),
  )
  if (!placed.ok) throw new Error(JSON.stringify(placed.error))
  return { ...placed.value, variantId }
}
const begin = (orderId: string) => beginPayment(platform, orderId, { mayTest: false })
async function begun(said: Parameters<typeof ordered>[0] = {}) {
  const order = await ordered(said)
  const begun = await begin(order.orderId)
  if (!begun.ok || !begun.value) throw new Error(JSON.stringify(begun))
  return { ...order, session: new URL(begun.value).pathname.split('/').at(-1) ?? '', url: begun.value }
}
const orderOf = (id: string) =>
  platform.db.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const paymentOf = (orderId: string) =>
  platform.db.selectFrom('payments').selectAll().where('orderId', '=', orderId).executeTakeFirstOrThrow()
/** Every event of the account that was not sent yet is sent, in its order. */
const sent = new Set<string>()
async function sendAll(): Promise<number[]> {
  const answers: number[] = []
  for (const { id } of peer.events(account.theirs.id)) {
    if (sent.has(id)) continue
    sent.add(id)
    answers.push(...(await peer.send(id)))
  }
  return answers
}
const lastEvent = () => peer.events(account.theirs.id).at(-1)?.id ?? ''
const refunded = (orderId: string) =>
  platform.db.selectFrom('refunds').select(['state', 'amount', 'problem']).where('orderId', '=', orderId).execute()
const ask = (orderId: string, amount: number, key = newId()) =>
  inTx((tx) => askRefund(tx, { orderId, key, amount, reason: 'a scratch', by: newId(), at: platform.now() }))

describe('an order paid by card', () => {
  test('is begun once, with all that Stripe wants, and paid in one piece: stock, books, fee, library, receipt', async () => {
    const order = await begun({ stock: 3 })
    expect(await begin(order.orderId)).toEqual({ ok: true, value: order.url })
    expect(peer.sessions(account.theirs.id)).toHaveLength(1)
    expect(peer.sessions(account.theirs.id)[0]).toMatchObject({
      ...{ amount_total: 2450, currency: 'eur', client_reference_id: order.orderId, locale: 'fr' },
      customer_email: 'Lise@buyers.example',
    })
    peer.pay(order.session)
    expect(await sendAll()).toEqual([204, 204])
    expect((await orderOf(order.orderId)).state).toBe('paid')
    // 1.5 % and 0.25, and the tax on it that a registered seller gets back.
    const fee = Math.round(2450 * 0.015) + 25
    const tax = Math.round(2450 * 0.003)
    expect(await standing(platform.db, sellerId)).toEqual({
      accounts: {
        'clearing stripe EUR': 2450 - fee - tax,
        'fees EUR': fee,
        'vat-paid EUR': tax,
        'sales-goods EUR': -1667,
        'sales-shipping EUR': -375,
        'vat-collected FR:2000 EUR': -408,
      },
      sum: 0,
    })
    expect(peer.balance(account.theirs.id)).toBe(2450 - fee - tax)
    expect(await paymentOf(order.orderId)).toMatchObject({
      ...{ state: 'paid', outcome: 'paid', amount: 2450, settledAmount: 2450, settledCurrency: 'EUR' },
      ...{ fee: fee + tax, feeTax: tax, url: null },
    })
    platform.mails.length = 0
    await workOff(platform, ['shop.mail-order'])
    expect(platform.mails.filter(({ to }) => to === 'Lise@buyers.example')).toHaveLength(1)
    expect((await begin(order.orderId)).ok).toBe(true)
  })

  test('whose answer was lost is begun again, and is the same', async () => {
    const { orderId } = await ordered()
    peer.trouble(/POST \/v1\/checkout\/sessions$/, 'lost')
    expect((await begin(orderId)).ok).toBe(true)
    expect(peer.sessions(account.theirs.id)).toHaveLength(1)
    const keys = peer.requests.filter(({ path, key }) => path === '/v1/checkout/sessions' && key === `order:${orderId}`)
    expect(keys).toHaveLength(2)
  })

  test('by somebody whose address Stripe does not take is paid all the same', async () => {
    const { orderId } = await ordered()
    await platform.db.updateTable('orders').set({ mail: 'léa@élan.example' }).where('id', '=', orderId).execute()
    expect((await begin(orderId)).ok).toBe(true)
    expect(peer.sessions(account.theirs.id)).toMatchObject([{ client_reference_id: orderId, customer_email: null }])
  })

  test('is not begun for a sum that Stripe refuses, without an account, or when too little time is left', async () => {
    expect(await begin((await ordered({ price: 20, shipping: 0 })).orderId)).toEqual({
      ok: false,
      error: 'not-chargeable',
    })
    const late = await ordered()
    platform.pass(31 * 60_000)
    expect(await begin(late.orderId)).toEqual({ ok: false, error: 'too-late' })
    const { orderId } = await ordered()
    await platform.db.updateTable('paymentAccounts').set({ isEnabled: false }).where('id', '=', account.id).execute()
    expect(await begin(orderId)).toEqual({ ok: false, error: 'unreachable' })
  })

  test('by debit waits for the bank, for days, and keeps what it wants', async () => {
    const yes = await begun({ stock: 2 })
    peer.pay(yes.session, 'debit')
    await sendAll()
    platform.pass(3 * 24 * 3_600_000)
    await expireOrders(platform)
    expect((await orderOf(yes.orderId)).state).toBe('placed')
    peer.bankSays(yes.session, true)
    await sendAll()
    expect((await orderOf(yes.orderId)).state).toBe('paid')

    const no = await begun()
    peer.pay(no.session, 'debit')
    peer.bankSays(no.session, false)
    await sendAll()
    expect((await orderOf(no.orderId)).state).toBe('refused')
  })

  test('after its time was over is taken up again while there is what it wants; else the money is owed, and goes back', async () => {
    const first = await begun({ stock: 1 })
    await inTx((tx) => giveUpOrder(tx, first.orderId, 'cancelled', platform.now()))
    await platform.db.updateTable('variants').set({ stock: 0 }).where('id', '=', first.variantId).execute()
    peer.pay(first.session)
    await sendAll()
    expect((await orderOf(first.orderId)).state).toBe('cancelled')
    expect((await standing(platform.db, sellerId)).accounts['customers EUR']).toBe(-2450)
    const [payment] = await platform.db
      .selectFrom('payments')
      .selectAll()
      .where('orderId', '=', first.orderId)
      .execute()
    expect(payment?.outcome).toBe('too-late')
    await inTx((tx) =>
      askRefund(tx, {
        ...{ orderId: first.orderId, key: newId(), amount: 2450, reason: '', by: newId(), at: platform.now() },
        paymentId: payment?.id as string,
      }),
    )
    await workOff(platform, ['shop.refund'])
    const { accounts, sum } = await standing(platform.db, sellerId)
    expect([accounts['customers EUR'], accounts['clearing stripe EUR'], sum]).toEqual([
      undefined,
      peer.balance(account.theirs.id),
      0,
    ])
  })

  test('that was cancelled can be paid no more', async () => {
    const order = await begun()
    await inTx((tx) => giveUpOrder(tx, order.orderId, 'cancelled', platform.now()))
    await platform.db.transaction().execute(async (tx) => {
      const { addJob } = await import('../../../platform/jobs/index.ts')
      await addJob(tx, 'shop.end-payments', { orderId: order.orderId })
    })
    await workOff(platform, ['shop.end-payments'])
    expect(peer.sessions(account.theirs.id)[0]?.status).toBe('expired')
  })

  test('what Stripe keeps is booked when it becomes known', async () => {
    peer.how.balanceLater = true
    const order = await begun()
    peer.pay(order.session)
    await sendAll()
    expect((await standing(platform.db, sellerId)).accounts['clearing stripe EUR']).toBe(2450)
    peer.settleAll()
    await sendAll()
    expect((await standing(platform.db, sellerId)).accounts['clearing stripe EUR']).toBe(
      peer.balance(account.theirs.id),
    )
  })
})

describe('what is told', () => {
  test('forged, changed, old or by another’s secret is not heard, and changes nothing', async () => {
    const order = await begun()
    peer.pay(order.session)
    const event = lastEvent()
    expect(await peer.send(event, { forged: true })).toEqual([403])
    expect(await peer.send(event, { late: 301 })).toEqual([403])
    expect(await peer.send(event, { body: (body) => body.replace('"complete"', '"complete" ') })).toEqual([403])
    for (const path of [newId(), 'nobody'])
      expect((await fetch(`${at}/hooks/stripe/${path}`, { method: 'POST', body: '{}' })).status).toBe(403)
    expect((await orderOf(order.orderId)).state).toBe('placed')
    expect(await peer.send(event, { late: 200 })).toEqual([204])
    expect((await orderOf(order.orderId)).state).toBe('paid')
  })

  test('while it cannot be taken in is answered with an error, and heard when it is said again', async () => {
    const order = await begun()
    peer.pay(order.session)
    for (let n = 0; n < 3; n++) peer.trouble(/GET \/v1\/checkout\/sessions\//, 'dropped')
    expect(await peer.send(lastEvent())).toEqual([503])
    expect((await orderOf(order.orderId)).state).toBe('placed')
    expect(await peer.send(lastEvent())).toEqual([204])
    expect((await orderOf(order.orderId)).state).toBe('paid')
  })

  test('many times at once counts once', async () => {
    const order = await begun({ stock: 5 })
    peer.pay(order.session)
    expect(new Set((await Promise.all(Array.from({ length: 6 }, () => peer.send(lastEvent())))).flat())).toEqual(
      new Set([204]),
    )
    const { stock } = await platform.db
      .selectFrom('variants')
      .select('stock')
      .where('id', '=', order.variantId)
      .executeTakeFirstOrThrow()
    expect(stock).toBe(4)
    expect((await standing(platform.db, sellerId)).accounts['clearing stripe EUR']).toBe(
      peer.balance(account.theirs.id),
    )
  })

  test('of a refund before the payment is both', async () => {
    const order = await begun()
    peer.pay(order.session)
    peer.refundThere(order.session, 450)
    await peer.send(peer.events(account.theirs.id).find(({ type }) => type === 'refund.created')?.id ?? '')
    expect(await orderOf(order.orderId)).toMatchObject({ state: 'paid', refunded: 450 })
    await sendAll()
    expect(await orderOf(order.orderId)).toMatchObject({ state: 'paid', refunded: 450 })
  })

  test('by one seller’s account says nothing of another’s order', async () => {
    const order = await begun()
    const other = await givenSeller(platform.db, {
      artistId: (await inTx((tx) => createArtist(tx, { name: `B ${newId()}` }))).id,
    })
    const theirs = await givenAccount(platform, peer, at, { sellerId: other })
    const told = {
      ...{ orderId: order.orderId, reference: order.session, intent: null, state: 'paid' as const, at: platform.now() },
      ...{
        paid: { amount: 2450, currency: 'EUR', movement: null, rate: null },
        refunds: [],
        disputes: [],
        card: null,
        charge: null,
      },
    }
    expect(await inTx((tx) => takeInPayment(tx, { id: theirs.id, sellerId: other }, told, platform.now()))).toBeNull()
    // Nor when they begin a session of their own that names it.
    const forged = { ...told, reference: 'cs_live_of_theirs' }
    expect(await inTx((tx) => takeInPayment(tx, { id: account.id, sellerId }, forged, platform.now()))).toBeNull()
    const provider = await providerAt(platform, theirs.id)
    expect(await learn(platform, { id: theirs.id, sellerId: other }, provider, { reference: order.session })).toBeNull()
    expect((await orderOf(order.orderId)).state).toBe('placed')
  })

  test('in another sum or currency is owed, and hands nothing over', async () => {
    for (const paid of [
      { amount: 2449, currency: 'EUR' },
      { amount: 24_500, currency: 'EUR' },
    ]) {
      const order = await begun()
      const told = {
        ...{
          orderId: order.orderId,
          reference: order.session,
          intent: null,
          state: 'paid' as const,
          at: platform.now(),
        },
        ...{ paid: { ...paid, movement: null, rate: null }, refunds: [], disputes: [], card: null, charge: null },
      }
      expect(await inTx((tx) => takeInPayment(tx, { id: account.id, sellerId }, told, platform.now()))).toMatchObject({
        changes: ['wrong-amount'],
      })
      expect((await orderOf(order.orderId)).state).toBe('placed')
    }
    const order = await begun()
    const told = {
      ...{ orderId: order.orderId, reference: order.session, intent: null, state: 'paid' as const, at: platform.now() },
      ...{
        paid: { amount: 2450, currency: 'USD', movement: null, rate: null },
        refunds: [],
        disputes: [],
        card: null,
        charge: null,
      },
    }
    await expect(inTx((tx) => takeInPayment(tx, { id: account.id, sellerId }, told, platform.now()))).rejects.toThrow(
      'no rate',
    )
    expect((await orderOf(order.orderId)).state).toBe('placed')
  })
})

describe('money that goes back', () => {
  test('is asked for once, carried out by Stripe, and in the books when it is done', async () => {
    const order = await begun()
    peer.pay(order.session)
    await sendAll()
    const key = newId()
    expect(await ask(order.orderId, 2000, key)).toEqual({ ok: true, value: 'asked' })
    expect(await ask(order.orderId, 2000, key)).toEqual({ ok: true, value: 'again' })
    // What is on its way is not there a second time.
    expect(await ask(order.orderId, 451)).toEqual({ ok: false, error: { problem: 'too-much', left: 450 } })
    expect((await orderOf(order.orderId)).refunded).toBe(0)
    peer.trouble(/POST \/v1\/refunds/, 'lost')
    await workOff(platform, ['shop.refund'])
    await sendAll()
    expect(peer.refunds(account.theirs.id).map(({ amount }) => amount)).toEqual([2000])
    expect(await refunded(order.orderId)).toEqual([{ state: 'done', amount: 2000, problem: null }])
    expect((await orderOf(order.orderId)).refunded).toBe(2000)
    expect((await standing(platform.db, sellerId)).accounts['clearing stripe EUR']).toBe(
      peer.balance(account.theirs.id),
    )
  })

  test('and whose answer was an error is looked for before it is asked for again', async () => {
    const order = await begun()
    peer.pay(order.session)
    await sendAll()
    await ask(order.orderId, 450)
    for (let n = 0; n < 3; n++) peer.trouble(/POST \/v1\/refunds/, 'lost')
    await expect(workOff(platform, ['shop.refund'])).rejects.toThrow()
    expect(await refunded(order.orderId)).toEqual([{ state: 'asked', amount: 450, problem: null }])
    await workOff(platform, ['shop.refund'])
    expect(peer.refunds(account.theirs.id)).toHaveLength(1)
    expect((await orderOf(order.orderId)).refunded).toBe(450)
  })

  test('what Stripe refuses is said, and may be tried again', async () => {
    const order = await begun()
    peer.pay(order.session)
    await sendAll()
    peer.dispute(order.session)
    await ask(order.orderId, 2450)
    await workOff(platform, ['shop.refund'])
    expect(await refunded(order.orderId)).toEqual([
      { state: 'refused', amount: 2450, problem: 'Charge has been charged back; cannot issue a refund.' },
    ])
    expect((await orderOf(order.orderId)).refunded).toBe(0)
  })

  test('and does not arrive is undone: the books, the order and the library are as before', async () => {
    const order = await begun()
    peer.pay(order.session)
    await sendAll()
    const before = await standing(platform.db, sellerId)
    await ask(order.orderId, 2450)
    await workOff(platform, ['shop.refund'])
    const holdings = () =>
      platform.db.selectFrom('holdings').select('revokedAt').where('orderId', '=', order.orderId).execute()
    expect(await holdings()).toEqual([{ revokedAt: expect.any(Date) }])
    peer.failRefund(peer.refunds(account.theirs.id)[0]?.id ?? '')
    await sendAll()
    expect(await standing(platform.db, sellerId)).toEqual(before)
    expect(await holdings()).toEqual([{ revokedAt: null }])
    expect(await orderOf(order.orderId)).toMatchObject({ refunded: 0, shippingRefunded: 0 })
    expect(await refunded(order.orderId)).toEqual([{ state: 'undone', amount: 2450, problem: 'lost_or_stolen_card' }])
    // An older telling does it no second time.
    const provider = await providerAt(platform, account.id)
    const told = await provider.lookUp({ reference: order.session })
    if (!told) throw new Error('nothing told')
    const older = {
      ...told,
      refunds: told.refunds.map((refund) => ({ ...refund, state: 'done' as const, problem: null })),
    }
    expect(await inTx((tx) => takeInPayment(tx, { id: account.id, sellerId }, older, platform.now()))).toMatchObject({
      changes: [],
    })
  })
})

describe('a dispute', () => {
  test('takes the money and a fee at once; won, the money is back; lost, what was bought is closed', async () => {
    const [won, lost] = [await begun(), await begun()]
    for (const { session } of [won, lost]) peer.pay(session)
    await sendAll()
    const paid = await standing(platform.db, sellerId)
    const [first, second] = [peer.dispute(won.session), peer.dispute(lost.session)]
    await sendAll()
    const open = await standing(platform.db, sellerId)
    expect(open.accounts['dispute-losses EUR']).toBe(4900)
    expect(open.accounts['clearing stripe EUR']).toBe(peer.balance(account.theirs.id))
    peer.closeDispute(first, true)
    peer.closeDispute(second, false)
    await sendAll()
    const { accounts, sum } = await standing(platform.db, sellerId)
    expect(sum).toBe(0)
    expect(accounts['clearing stripe EUR']).toBe(peer.balance(account.theirs.id))
    expect(accounts['dispute-losses EUR']).toBe(2450)
    expect(accounts['fees EUR']).toBe((paid.accounts['fees EUR'] ?? 0) + 2000)
    const rows = await platform.db
      .selectFrom('disputes')
      .innerJoin('holdings', 'holdings.orderId', 'disputes.orderId')
      .select(['state', 'revokedAt'])
      .where('disputes.orderId', 'in', [won.orderId, lost.orderId])
      .orderBy('state')
      .execute()
    expect(rows).toEqual([
      { state: 'lost', revokedAt: expect.any(Date) },
      { state: 'won', revokedAt: null },
    ])
  })

  test('that is lost takes back what the order was the answer to, whenever it is told that it was paid, and whatever was given since', async () => {
    const order = await begun()
    const { subject } = await platform.db
      .selectFrom('orderLines')
      .select('subject')
      .where('orderId', '=', order.orderId)
      .executeTakeFirstOrThrow()
    const given = async (id: string, at: Date) =>
      sql`insert into gifts (id, artist_id, kind, subject, at) values (${id}, ${artistId}, 'release', ${subject}, ${at})`.execute(
        platform.db,
      )
    const [answered, other] = [newId(), newId()]
    await given(answered, platform.now())
    peer.pay(order.session)
    await sendAll()
    await given(other, new Date(platform.now().getTime() - 1000))
    peer.closeDispute(peer.dispute(order.session), false)
    const told = await (await providerAt(platform, account.id)).lookUp({ reference: order.session })
    if (!told) throw new Error('nothing told')
    const later = { ...told, at: new Date(told.at.getTime() + 3_600_000) }
    await inTx((tx) => takeInPayment(tx, { id: account.id, sellerId }, later, platform.now()))
    const { rows } =
      await sql`select kind, gift_id as "giftId" from returns where subject = ${subject} order by kind`.execute(
        platform.db,
      )
    expect(rows).toEqual([
      { kind: 'order', giftId: answered },
      { kind: 'refund', giftId: answered },
    ])
  })

  test('has what is known of the parcels laid beside it, in words for a bank, which is not told by that', async () => {
    const order = await begun()
    peer.pay(order.session)
    await sendAll()
    const orderId = order.orderId
    const nobody = await sendEvidence(platform, { orderId })
    expect(nobody).toMatchObject({ error: { problem: 'no-dispute' } })
    const packed = await inTx((tx) =>
      packParcel(tx, {
        ...{ orderId, key: newId(), kind: 'order', by: null, at: platform.now() },
        parts: [{ position: 1, quantity: 1 }],
      }),
    )
    if (!packed.ok) throw new Error(packed.error.problem)
    const { id: parcelId } = packed.value
    await inTx((tx) =>
      sendParcel(tx, { parcelId, carrier: 'laposte', tracking: '6A1', link: null, at: platform.now() }),
    )
    const proof = { parcelId, key: newId(), reference: 'R 12', handedOn: '2026-11-02', file: null, by: newId() }
    expect(await keepProof(platform, proof)).toMatchObject({ ok: true })
    const dispute = peer.dispute(order.session)
    await sendAll()
    expect(await sendEvidence(platform, { orderId })).toMatchObject({ ok: true })
    const there = () => peer.disputes(account.theirs.id).find(({ id }) => id === dispute)
    expect(there()).toMatchObject({
      status: 'needs_response',
      evidence: {
        shipping_carrier: 'La Poste, Colissimo',
        shipping_tracking_number: '6A1',
        shipping_date: '2 November 2026',
        shipping_address: expect.stringMatching(/^Lise Morel\n[\s\S]*\nFrance$/),
      },
    })
    const row = await platform.db
      .selectFrom('disputes')
      .select('evidenceAt')
      .where('reference', '=', dispute)
      .executeTakeFirstOrThrow()
    expect(row.evidenceAt).toEqual(expect.any(Date))
    // Over at Stripe, which we were not told of yet: it says no.
    peer.closeDispute(dispute, false)
    expect(await sendEvidence(platform, { orderId })).toMatchObject({ error: { problem: 'refused' } })
    await sendAll()
    expect(await sendEvidence(platform, { orderId })).toMatchObject({ error: { problem: 'no-dispute' } })
  })

  test('that the bank only asks about takes nothing', async () => {
    const order = await begun()
    peer.pay(order.session)
    await sendAll()
    const before = await standing(platform.db, sellerId)
    const inquiry = peer.dispute(order.session, { inquiry: true })
    await sendAll()
    expect(await standing(platform.db, sellerId)).toEqual(before)
    peer.closeDispute(inquiry, true)
    await sendAll()
    expect(await standing(platform.db, sellerId)).toEqual(before)
  })
})

describe('currencies', () => {
  test.each([
    ['JPY', 2000, 2450, 2450],
    ['KWD', 12_340, 12_790, 12_790],
    ['ISK', 2000, 2450, 245_000],
  ])('%s: the sum at Stripe is the order’s, and what goes back as well', async (currency, price, total, theirs) => {
    await seller({ currency }, { currency: currency.toLowerCase() })
    const order = await begun({ price, currency })
    expect(order.total).toBe(total)
    expect(peer.sessions(account.theirs.id)[0]?.amount_total).toBe(theirs)
    peer.pay(order.session)
    await sendAll()
    expect((await orderOf(order.orderId)).state).toBe('paid')
    await ask(order.orderId, 1000)
    await workOff(platform, ['shop.refund'])
    expect(await orderOf(order.orderId)).toMatchObject({ state: 'paid', refunded: 1000 })
    expect((await standing(platform.db, sellerId)).sum).toBe(0)
  })

  test('a thousandth of a dinar is not charged, nor given back', async () => {
    await seller({ currency: 'KWD' }, { currency: 'kwd' })
    const { orderId } = await ordered({ price: 12_345, currency: 'KWD' })
    expect(await begin(orderId)).toEqual({ ok: false, error: 'not-chargeable' })
    const order = await begun({ price: 12_340, currency: 'KWD' })
    peer.pay(order.session)
    await sendAll()
    await ask(order.orderId, 5)
    await workOff(platform, ['shop.refund'])
    expect(await refunded(order.orderId)).toMatchObject([{ state: 'refused' }])
  })

  test('an account that pays out in another currency: exchanged at the rate of the day, frozen, and the books of both balance', async () => {
    await seller({ currency: 'JPY' }, { currency: 'eur', rates: { jpy: 0.61 } })
    const order = await begun({ price: 20_000, currency: 'JPY' })
    peer.pay(order.session)
    await sendAll()
    await ask(order.orderId, 5000)
    await workOff(platform, ['shop.refund'])
    const id = peer.dispute(order.session)
    await sendAll()
    const { accounts, sum } = await standing(platform.db, sellerId)
    expect(sum).toBe(0)
    expect(accounts['clearing stripe JPY']).toBeUndefined()
    expect(accounts['clearing stripe EUR']).toBe(peer.balance(account.theirs.id))
    peer.closeDispute(id, true)
    await sendAll()
    expect((await standing(platform.db, sellerId)).accounts['clearing stripe EUR']).toBe(
      peer.balance(account.theirs.id),
    )
    expect(await paymentOf(order.orderId)).toMatchObject({
      amount: 20_450,
      currency: 'JPY',
      settledAmount: 12_475,
      settledCurrency: 'EUR',
      rate: '0.61',
    })
  })
})

describe('what nobody told us', () => {
  test('is asked for, taken in, and said', async () => {
    const [order, late] = [await begun(), await begun()]
    peer.pay(order.session)
    peer.dispute(order.session)
    platform.pass(10 * 60_000)
    await reconcileAccount(platform, account.id)
    expect((await orderOf(order.orderId)).state).toBe('paid')
    expect((await standing(platform.db, sellerId)).accounts['clearing stripe EUR']).toBe(
      peer.balance(account.theirs.id),
    )
    const repairs = await platform.db
      .selectFrom('paymentRepairs')
      .select(['orderId', 'what'])
      .where('accountId', '=', account.id)
      .execute()
    expect(repairs).toEqual([{ orderId: order.orderId, what: ['paid', 'dispute-open'] }])
    expect(await accountById(platform.db, account.id)).toMatchObject({ problem: null, askedThrough: expect.any(Date) })
    expect(await paymentHealth(platform.db)).toContainEqual(
      expect.objectContaining({ isLive: true, problem: null, isBehind: false, repairs: 1 }),
    )
    expect(await paymentNotes(platform.db, artistId, platform.now())).toMatchObject({
      disputes: [{ orderId: order.orderId }],
      repairs: [{ orderId: order.orderId }],
      problem: null,
    })
    // Asked again, there is nothing; told at last, it changes nothing.
    const before = await standing(platform.db, sellerId)
    await reconcileAccount(platform, account.id)
    await sendAll()
    expect(await standing(platform.db, sellerId)).toEqual(before)
    expect(
      await platform.db.selectFrom('paymentRepairs').select('id').where('accountId', '=', account.id).execute(),
    ).toHaveLength(1)
    // A page that nobody came back to is over at its time.
    peer.endSession(late.session)
    await reconcileAccount(platform, account.id)
    expect((await orderOf(late.orderId)).state).toBe('expired')
  })

  test('when Stripe cannot be asked is said beside the account, and asked for the next time', async () => {
    const order = await begun()
    peer.pay(order.session)
    for (let n = 0; n < 3; n++) peer.trouble(/GET \/v1\/events/, 500)
    await reconcileAccount(platform, account.id)
    expect((await accountById(platform.db, account.id))?.problem).toMatch(/^StripeAPIError 500/)
    await reconcileAccount(platform, account.id)
    expect((await orderOf(order.orderId)).state).toBe('paid')
  })
})

test('whatever is paid, given back and disputed, told often, late, never or by another way, with a crash in the middle: one effect, and the same books as Stripe’s', async () => {
  type Step = {
    what:
      | 'pay'
      | 'debit'
      | 'bank'
      | 'refund'
      | 'refund-there'
      | 'fail-refund'
      | 'dispute'
      | 'close'
      | 'settle'
      | 'tell'
      | 'look'
      | 'keep'
      | 'late'
      | 'crash'
      | 'reconcile'
      | 'give-up'
    which: number
    share: number
    yes: boolean
  }
  const step: fc.Arbitrary<Step> = fc.record({
    what: fc.constantFrom(
      ...([
        'pay',
        'pay',
        'debit',
        'bank',
        'refund',
        'refund-there',
        'fail-refund',
        'dispute',
        'close',
        'settle',
        'tell',
        'tell',
        'tell',
        'look',
        'keep',
        'late',
        'late',
        'crash',
        'reconcile',
        'give-up',
      ] as const),
    ),
    which: fc.nat(40),
    share: fc.double({ min: 0.01, max: 1, noNaN: true }),
    yes: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 10 }),
      fc.boolean(),
      async (rounds, later) => {
        await seller()
        peer.how.balanceLater = later
        const orders = [await begun({ stock: 2 }), await begun({ price: 1999, stock: 1, shipping: 333 })]
        const disputes: string[] = []
        const kept: ToldPayment[] = []
        const provider = await providerAt(platform, account.id)
        const teller = { id: account.id, sellerId }
        const quietly = (work: () => unknown) =>
          Promise.resolve()
            .then(work)
            .catch(() => undefined)
        for (const round of rounds)
          await Promise.all(
            round.map(async ({ what, which, share, yes }) => {
              const order = orders[which % orders.length] as (typeof orders)[0]
              const events = peer.events(account.theirs.id)
              const refund = peer.refunds(account.theirs.id).filter(({ status }) => status === 'succeeded')[which % 3]
              switch (what) {
                case 'pay':
                case 'debit':
                  return quietly(() => peer.pay(order.session, what === 'pay' ? 'card' : 'debit'))
                case 'bank':
                  return quietly(() => bankSaysOnce(order.session, yes))
                case 'refund':
                  await quietly(() => ask(order.orderId, Math.max(1, Math.floor(order.total * share))))
                  return quietly(() => workOff(platform, ['shop.refund']))
                case 'refund-there':
                  return quietly(() => peer.refundThere(order.session, Math.max(1, Math.floor(order.total * share))))
                case 'fail-refund':
                  return quietly(() => refund && peer.failRefund(refund.id))
                case 'dispute':
                  return quietly(
                    () => disputes.length < 2 && disputes.push(peer.dispute(order.session, { inquiry: share < 0.2 })),
                  )
                case 'close': {
                  const id = disputes.pop()
                  return quietly(() => id && peer.closeDispute(id, yes))
                }
                case 'settle':
                  return peer.settleAll()
                case 'tell': {
                  const event = events[which % Math.max(1, events.length)]
                  return event && quietly(() => peer.send(event.id))
                }
                case 'look':
                  return quietly(() => learn(platform, teller, provider, { reference: order.session }))
                // What was heard a while ago is taken in now.
                case 'keep':
                  return quietly(async () => {
                    const told = await provider.lookUp({ reference: order.session })
                    if (told) kept.push(told)
                  })
                case 'late': {
                  const told = kept[which % Math.max(1, kept.length)]
                  return told && quietly(() => inTx((tx) => takeInPayment(tx, teller, told, platform.now())))
                }
                case 'crash':
                  // Killed after all was written and before it was kept.
                  return quietly(async () => {
                    const told = await provider.lookUp({ reference: order.session })
                    await inTx(async (tx) => {
                      if (told) await takeInPayment(tx, teller, told, platform.now())
                      throw new Error('killed')
                    })
                  })
                case 'reconcile':
                  return quietly(() => reconcileAccount(platform, account.id))
                case 'give-up':
                  return void (await inTx((tx) => giveUpOrder(tx, order.orderId, 'cancelled', platform.now())))
              }
            }),
          )
        peer.settleAll()
        // In the end everything is told, backwards, and asked for once more.
        for (const { id } of peer.events(account.theirs.id).reverse()) expect(await peer.send(id)).toEqual([204])
        await workOff(platform, ['shop.refund'])
        platform.pass(3 * 60_000)
        await reconcileAccount(platform, account.id)
        for (const told of kept) await inTx((tx) => takeInPayment(tx, teller, told, platform.now()))
        const { accounts, sum } = await standing(platform.db, sellerId)
        expect(sum).toBe(0)
        expect(accounts['clearing stripe EUR'] ?? 0).toBe(peer.balance(account.theirs.id))
        const ours = await platform.db
          .selectFrom('disputes')
          .innerJoin('orders', 'orders.id', 'disputes.orderId')
          .select(['reference', 'disputes.state'])
          .where('orders.sellerId', '=', sellerId)
          .execute()
        const theirs = peer.disputes(account.theirs.id).map(({ id, status }) => [id, DISPUTE_STATES[status]])
        expect(Object.fromEntries(ours.map(({ reference, state }) => [reference, state]))).toEqual(
          Object.fromEntries(theirs),
        )
        for (const { orderId, variantId, total } of orders) {
          const order = await orderOf(orderId)
          const theirs = peer.sessions(account.theirs.id).find((one) => one['client_reference_id'] === orderId)
          expect(order.state === 'paid').toBe(theirs?.['payment_status'] === 'paid')
          const back = peer
            .refunds(account.theirs.id)
            .filter((one) => one.status === 'succeeded' && one['payment_intent'] === theirs?.['payment_intent'])
          expect(order.refunded).toBe(back.reduce((all, { amount }) => all + amount, 0))
          const { stock } = await platform.db
            .selectFrom('variants')
            .select('stock')
            .where('id', '=', variantId)
            .executeTakeFirstOrThrow()
          expect(stock).toBe((total === 2450 ? 2 : 1) - (order.state === 'paid' ? 1 : 0))
        }
      },
    ),
    { numRuns: 40 },
  )
}, 300_000)

const DISPUTE_STATES: Record<string, string> = {
  ...{ warning_needs_response: 'asked', warning_closed: 'won', needs_response: 'open', won: 'won', lost: 'lost' },
}

/** The bank answers a debit once. */
const said = new Set<string>()
function bankSaysOnce(session: string, yes: boolean): void {
  const pending = peer.sessions(account.theirs.id).find(({ id, status }) => id === session && status === 'complete')
  if (!pending || pending['payment_status'] === 'paid' || said.has(session)) return
  said.add(session)
  peer.bankSays(session, yes)
}
