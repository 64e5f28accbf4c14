import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import { MayHaveLeft } from '../../../platform/mail/index.ts'
import {
  FORM,
  givenSeller,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
  workOff,
} from '../../../testing/index.ts'
import { createArtist } from '../../identity/index.ts'
import { type NewOrder, ordersToPack, placeOrder, recordRefund, settleOrder } from '../index.ts'
import { orderPath } from '../links.ts'
import { isGivenBack } from '../order.rules.ts'
import { lockOrder } from '../order.store.ts'
import { orderById } from '../order.views.ts'
import { studioProducts } from '../product.views.ts'
import { undoRefund } from '../refund-order.ts'
import { anOrder, givenBasket, givenProduct } from '../shop.fixtures.ts'
import { withdraw } from '../withdraw.ts'
import { mailParcel } from './mail-parcel.ts'
import { leftOf } from './parcel.rules.ts'
import { knownOf, parcelsOf } from './parcels.views.ts'
import { printOrders } from './print-parcels.ts'
import { packParcel, sendParcel, takeBack, unpackParcel } from './send-parcel.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => platform.db.transaction().execute(work)
const untracked = { carrier: '', tracking: '', link: null } as const

async function aShop() {
  const artistId = (await inTx((tx) => createArtist(tx, { name: `Ana ${newId()}` }))).id
  return { artistId, sellerId: await givenSeller(platform.db, { artistId }) }
}
type Shop = Awaited<ReturnType<typeof aShop>>

/** Vinyl at position 0, a shirt at 1, a download at 2; paid unless told. */
async function order(
  { artistId, sellerId }: Shop,
  { isPaid = true, quantity = 2, ...said }: Partial<NewOrder> & { isPaid?: boolean; quantity?: number } = {},
) {
  const vinyl = await givenProduct(platform.db, {
    ...{ artistId, sellerId, title: 'Salt on vinyl', price: 2200, weight: 300, stock: 20 },
  })
  const shirt = await givenProduct(platform.db, { artistId, sellerId, title: 'Shirt', price: 1500, weight: 150 })
  const download = await givenProduct(platform.db, { artistId, sellerId, title: 'Salt', price: 700 })
  const basketId = await givenBasket(platform.db, sellerId, [
    { variantId: vinyl.variantId, quantity },
    { variantId: shirt.variantId },
    { variantId: download.variantId },
  ])
  const placed = await placeOrder(platform, anOrder({ basketId, artistId, ...said }))
  if (!placed.ok) throw new Error(JSON.stringify(placed.error))
  const { orderId } = placed.value
  const { total } = await platform.db
    .selectFrom('orders')
    .select('total')
    .where('id', '=', orderId)
    .executeTakeFirstOrThrow()
  if (isPaid) await inTx((tx) => pay(tx, orderId, total))
  const lines = await platform.db.selectFrom('orderLines').selectAll().where('orderId', '=', orderId).execute()
  const at = (title: string) => lines.find((line) => line.title === title)?.position ?? -1
  return {
    orderId,
    total,
    vinyl: vinyl.variantId,
    at: { vinyl: at('Salt on vinyl'), shirt: at('Shirt'), music: at('Salt') },
  }
}

const pay = (tx: Tx, orderId: string, amount: number) =>
  settleOrder(tx, {
    ...{ orderId, amount, provider: 'manual', reference: `t:${orderId}`, currency: 'EUR', at: platform.now() },
  })
const pack = (
  orderId: string,
  parts: { position: number; quantity: number }[],
  more: { key?: string; again?: true } = {},
) =>
  inTx((tx) =>
    packParcel(tx, {
      ...{ orderId, parts, key: more.key ?? newId(), kind: more.again ? 'replacement' : 'order' },
      ...{ by: null, at: platform.now() },
    }),
  )
const send = (parcelId: string) => inTx((tx) => sendParcel(tx, { parcelId, ...untracked, at: platform.now() }))
const giveBack = (orderId: string, amount: number) =>
  inTx((tx) =>
    recordRefund(tx, {
      ...{ orderId, amount, key: newId(), reason: '', by: null, at: platform.now(), from: 'manual' },
    }),
  )
const waiting = async ({ artistId }: Shop) => ordersToPack(platform.db, { artistId }, platform.now())
const stockOf = async (variantId: string) =>
  (await platform.db.selectFrom('variants').select('stock').where('id', '=', variantId).executeTakeFirstOrThrow()).stock
const mailsOf = (code: string) =>
  platform.mails.filter(({ subject }) => subject.includes(code) && /parti|left/.test(subject))

test('the list holds what is paid and goes by post: nothing unpaid, nothing given back, nothing disputed, nothing sold at a table', async () => {
  const shop = await aShop()
  const paid = await order(shop)
  await order(shop, { isPaid: false })
  const back = await order(shop)
  await giveBack(back.orderId, back.total)
  const table = await order(shop)
  await platform.db.updateTable('orders').set({ address: null }).where('id', '=', table.orderId).execute()
  expect(await waiting(shop)).toMatchObject([
    {
      id: paid.orderId,
      lines: [
        { title: 'Salt on vinyl', quantity: 2, packed: 0, grams: 600 },
        { title: 'Shirt', quantity: 1, packed: 0, grams: 150 },
      ],
    },
  ])
  expect(await withdraw(platform, { orderId: paid.orderId, positions: [paid.at.shirt] })).toMatchObject({ ok: true })
  expect((await waiting(shop)).flatMap(({ lines }) => lines.map(({ title }) => title))).toEqual(['Salt on vinyl'])
  const { id: paymentId } = await platform.db
    .selectFrom('payments')
    .select('id')
    .where('orderId', '=', paid.orderId)
    .executeTakeFirstOrThrow()
  await platform.db
    .insertInto('disputes')
    .values({
      ...{ id: newId(), orderId: paid.orderId, paymentId, provider: 'stripe', reference: newId(), amount: 1 },
      ...{ currency: 'EUR', reason: 'x', state: 'open', dueAt: null, openedAt: platform.now(), closedAt: null },
    })
    .execute()
  expect(await waiting(shop)).toEqual([])
  expect(await pack(paid.orderId, [{ position: paid.at.vinyl, quantity: 1 }])).toMatchObject({
    error: { problem: 'disputed' },
  })
  // A bank that asks for money which fitted nothing keeps nobody from what they paid for beside it.
  await platform.db.updateTable('payments').set({ outcome: 'wrong-amount' }).where('id', '=', paymentId).execute()
  expect((await waiting(shop)).map(({ id }) => id)).toEqual([paid.orderId])
  expect(await pack(paid.orderId, [{ position: paid.at.vinyl, quantity: 1 }])).toMatchObject({ ok: true })
})

test('a part leaves now and the rest later; the buyer is told of each once, in their language, and sees it', async () => {
  const shop = await aShop()
  const { orderId, at } = await order(shop)
  const first = await pack(orderId, [{ position: at.vinyl, quantity: 1 }])
  if (!first.ok) throw new Error(first.error.problem)
  await inTx((tx) =>
    sendParcel(tx, {
      ...{ parcelId: first.value.id, carrier: 'laposte', tracking: '6A1', link: 'https://post.example/6A1' },
      at: platform.now(),
    }),
  )
  expect(await send(first.value.id)).toMatchObject({ value: 'again' })
  const [row] = await waiting(shop)
  expect(row?.lines.map(({ title, quantity }) => [title, quantity])).toEqual([
    ['Salt on vinyl', 1],
    ['Shirt', 1],
  ])
  await inTx((tx) => addJob(tx, 'shop.mail-parcel', { parcelId: first.value.id }))
  await workOff(platform, ['shop.mail-parcel'])
  const mails = mailsOf(row?.code ?? '')
  expect(mails).toHaveLength(1)
  expect(mails[0]?.subject).toMatch(/^Votre colis est parti/)
  expect(mails[0]?.text).toContain('1 × Salt on vinyl')
  expect(mails[0]?.text).toContain('https://post.example/6A1')
  const page = await (await testApp(platform).request(orderPath(platform.signer, orderId))).text()
  expect(page).toContain('https://post.example/6A1')
  expect(page).toContain('Shirt')
  expect(await pack(orderId, [{ position: at.vinyl, quantity: 2 }])).toMatchObject({
    error: { problem: 'too-many', left: 1 },
  })
  const rest = await pack(orderId, [
    { position: at.vinyl, quantity: 1 },
    { position: at.shirt, quantity: 1 },
  ])
  if (!rest.ok) throw new Error(rest.error.problem)
  expect((await waiting(shop))[0]?.lines.map(({ packed }) => packed)).toEqual([1, 1])
  await send(rest.value.id)
  expect(await waiting(shop)).toEqual([])
})

test('an order is read by who packs until each piece of it has left: none twice, none for another, and what was given back until that is for good', async () => {
  const shop = await aShop()
  const { orderId, at, total } = await order(shop)
  const leaves = async (parts: Parameters<typeof pack>[1], more: Parameters<typeof pack>[2] = {}) => {
    const packed = await pack(orderId, parts, more)
    if (!packed.ok) throw new Error(packed.error.problem)
    expect(await send(packed.value.id)).toMatchObject({ value: 'sent' })
  }
  const left = async () =>
    (await waiting(shop)).flatMap(({ lines }) => lines.map(({ title, quantity }) => [title, quantity]))
  const promised = async () =>
    (await studioProducts(platform.db, shop.artistId)).reduce((sum, product) => sum + product.promised, 0)
  await leaves([
    { position: at.vinyl, quantity: 1 },
    { position: at.shirt, quantity: 1 },
  ])
  await leaves([{ position: at.vinyl, quantity: 1 }], { again: true })
  expect(await left()).toEqual([['Salt on vinyl', 1]])
  expect(await promised()).toBe(1)
  const asked = { orderId, key: newId(), at: platform.now() }
  await inTx((tx) => recordRefund(tx, { ...asked, amount: total, reason: '', by: null, from: 'manual' }))
  expect(await left()).toEqual([])
  // The money never arrived.
  await inTx((tx) => undoRefund(tx, { ...asked, problem: 'x' }))
  expect(await left()).toEqual([['Salt on vinyl', 1]])
  await leaves([{ position: at.vinyl, quantity: 1 }])
  expect(await left()).toEqual([])
  expect(await promised()).toBe(0)
  // What was sent once more came back and leaves again: that is no part of what was bought.
  await leaves([{ position: at.shirt, quantity: 1 }], { again: true })
  expect(await left()).toEqual([])
})

test('what weighs nothing is not sent; what was given back while it lay packed does not leave', async () => {
  const shop = await aShop()
  const { orderId, total, at } = await order(shop)
  expect(await pack(orderId, [{ position: at.music, quantity: 1 }])).toMatchObject({
    error: { problem: 'too-many', left: 0 },
  })
  const packed = await pack(orderId, [{ position: at.vinyl, quantity: 1 }])
  await giveBack(orderId, total)
  expect(packed.ok && (await send(packed.value.id))).toMatchObject({ error: { problem: 'given-back' } })
})

test('a replacement is taken from what there is; what comes back lies with the others only when it may', async () => {
  const shop = await aShop()
  const { orderId, at, vinyl } = await order(shop)
  const first = await pack(orderId, [{ position: at.vinyl, quantity: 2 }])
  if (!first.ok) throw new Error(first.error.problem)
  // Nothing was sent yet that could be replaced.
  expect((await pack(orderId, [{ position: at.vinyl, quantity: 1 }], { again: true })).ok).toBe(false)
  await send(first.value.id)
  expect(await stockOf(vinyl)).toBe(18)
  const again = await pack(orderId, [{ position: at.vinyl, quantity: 1 }], { again: true })
  if (!again.ok) throw new Error(again.error.problem)
  expect(await stockOf(vinyl)).toBe(17)
  const back = (key: string, quantity: number, restock: boolean) =>
    inTx((tx) =>
      takeBack(tx, {
        ...{ parcelId: first.value.id, position: at.vinyl, quantity, key, restock, by: null, at: platform.now() },
      }),
    )
  const key = newId()
  expect([(await back(key, 1, true)).ok, (await back(key, 1, true)).ok]).toEqual([true, true])
  expect(await stockOf(vinyl)).toBe(18)
  await back(newId(), 1, false)
  expect(await stockOf(vinyl)).toBe(18)
  expect(await back(newId(), 1, true)).toMatchObject({ error: { problem: 'too-many', left: 0 } })
  await inTx((tx) => unpackParcel(tx, again.value.id, platform.now()))
  await inTx((tx) => unpackParcel(tx, again.value.id, platform.now()))
  expect(await stockOf(vinyl)).toBe(19)
  await platform.db.updateTable('variants').set({ stock: 0 }).where('id', '=', vinyl).execute()
  expect(await pack(orderId, [{ position: at.vinyl, quantity: 1 }], { again: true })).toMatchObject({
    error: { problem: 'sold-out', left: 0 },
  })
})

test('a withdrawal in the very moment in which it is packed or leaves: whichever is first, nothing leaves after it', async () => {
  const shop = await aShop()
  const packing = await order(shop)
  const [packed, said] = await Promise.all([
    pack(packing.orderId, [{ position: packing.at.vinyl, quantity: 2 }]),
    withdraw(platform, { orderId: packing.orderId, positions: [packing.at.vinyl] }),
  ])
  expect(said.ok).toBe(true)
  if (packed.ok) expect(await send(packed.value.id)).toMatchObject({ error: { problem: 'withdrawn' } })
  else expect(packed.error).toMatchObject({ problem: 'too-many', left: 0 })
  expect(await pack(packing.orderId, [{ position: packing.at.vinyl, quantity: 1 }])).toMatchObject({
    error: { problem: 'too-many', left: 0 },
  })

  // It waits for a withdrawal that is not written yet.
  const { orderId, at } = await order(shop)
  const waits = await pack(orderId, [{ position: at.vinyl, quantity: 1 }])
  if (!waits.ok) throw new Error(waits.error.problem)
  const leaving = await inTx(async (tx) => {
    await lockOrder(tx, orderId)
    const leaving = send(waits.value.id)
    const late = pack(orderId, [{ position: at.vinyl, quantity: 1 }])
    await tx
      .insertInto('withdrawals')
      .values({ id: newId(), orderId, positions: [at.vinyl], saidAt: platform.now() })
      .execute()
    return { all: [leaving, late] as const }
  })
  expect(await leaving.all[0]).toMatchObject({ error: { problem: 'withdrawn' } })
  expect(await leaving.all[1]).toMatchObject({ error: { problem: 'too-many', left: 0 } })
  // Its page says so, and offers the rest alone.
  const { headers } = await signedIn(platform, { artistIds: [shop.artistId] })
  const page = await (await testApp(platform).request(`/studio/orders/${orderId}`, { headers })).text()
  expect(page).toContain('Meanwhile withdrawn from or given back: Salt on vinyl.')
  expect(page).not.toContain(`q_${at.vinyl}`)
  expect(page).toContain(`q_${at.shirt}`)
})

test('a replacement waits once for each piece that was sent, and nothing replaces what was withdrawn from', async () => {
  const shop = await aShop()
  const { orderId, at } = await order(shop)
  const first = await pack(orderId, [{ position: at.vinyl, quantity: 2 }])
  if (!first.ok) throw new Error(first.error.problem)
  await send(first.value.id)
  const again = () => pack(orderId, [{ position: at.vinyl, quantity: 2 }], { again: true })
  const one = await again()
  expect(await again()).toMatchObject({ error: { problem: 'too-many', left: 0 } })
  if (!one.ok) throw new Error(one.error.problem)
  await send(one.value.id)
  // It was lost as well.
  const two = await again()
  if (!two.ok) throw new Error(two.error.problem)
  await withdraw(platform, { orderId, positions: [at.vinyl] })
  expect(await send(two.value.id)).toMatchObject({ error: { problem: 'withdrawn' } })
  expect(await again()).toMatchObject({ error: { problem: 'too-many', left: 0 } })
})

test('that a parcel left is told once: after a death between sending and writing it down nothing is sent again by itself, and a person may say so', async () => {
  const shop = await aShop()
  const { orderId, at } = await order(shop)
  const packed = await pack(orderId, [{ position: at.vinyl, quantity: 1 }])
  if (!packed.ok) throw new Error(packed.error.problem)
  const { id: parcelId } = packed.value
  await send(parcelId)
  const { code } = await platform.db
    .selectFrom('orders')
    .select('code')
    .where('id', '=', orderId)
    .executeTakeFirstOrThrow()
  const job = () => inTx((tx) => addJob(tx, 'shop.mail-parcel', { parcelId }))
  const told = async () => {
    await workOff(platform, ['shop.mail-parcel'])
    return mailsOf(code).length
  }
  const fails = (error: Error) =>
    mailParcel({ ...platform, mailer: { ...platform.mailer, send: () => Promise.reject(error) } }, parcelId)
  // Refused, or never reached: it is tried again.
  await expect(fails(Object.assign(new Error('busy'), { code: 'EENVELOPE', responseCode: 450 }))).rejects.toThrow(
    'busy',
  )
  await expect(fails(Object.assign(new Error('no greeting'), { code: 'ETIMEDOUT' }))).rejects.toThrow('no greeting')
  // The connection ended after it was handed over: nobody knows.
  await fails(new MayHaveLeft('closed'))
  await job()
  expect(await told()).toBe(0)

  const { headers } = await signedIn(platform, { artistIds: [shop.artistId] })
  const page = async () => (await testApp(platform).request(`/studio/orders/${orderId}`, { headers })).text()
  const list = async () => (await testApp(platform).request('/studio/parcels', { headers })).text()
  const press = () =>
    testApp(platform).request(`/studio/parcels/${parcelId}/tell`, { method: 'POST', headers: { ...headers, ...FORM } })
  // It may still be on its way.
  expect(await page()).not.toContain('Tell them again')
  expect(await list()).not.toContain('it is not known')
  await press()
  expect(await told()).toBe(0)
  await platform.db
    .updateTable('parcels')
    .set({ tellingAt: new Date(Date.now() - 300_000) })
    .where('id', '=', parcelId)
    .execute()
  expect(await page()).toContain('Tell them again')
  expect(await list()).toContain(`look there and decide.</p><ul><li><a href="/studio/orders/${orderId}">`)
  await Promise.all([press(), press()])
  expect(await told()).toBe(1)
  expect(await page()).not.toContain('Tell them again')
  expect(await list()).not.toContain('it is not known')
  await press()
  await job()
  expect(await told()).toBe(1)
})

test('whoever tries in vain for very long does not undo that a person had it told again', async () => {
  const shop = await aShop()
  const { orderId, at } = await order(shop)
  const packed = await pack(orderId, [{ position: at.vinyl, quantity: 1 }])
  if (!packed.ok) throw new Error(packed.error.problem)
  const { id: parcelId } = packed.value
  await send(parcelId)
  const again = new Date(Date.now() - 1000)
  const late = async () => {
    await platform.db.updateTable('parcels').set({ tellingAt: again }).where('id', '=', parcelId).execute()
    throw new Error('no greeting')
  }
  await expect(mailParcel({ ...platform, mailer: { ...platform.mailer, send: late } }, parcelId)).rejects.toThrow()
  const { tellingAt } = await platform.db
    .selectFrom('parcels')
    .select('tellingAt')
    .where('id', '=', parcelId)
    .executeTakeFirstOrThrow()
  expect(tellingAt).toEqual(again)
})

const step = fc.record({
  what: fc.constantFrom('pack', 'send', 'unpack', 'again', 'back', 'refund', 'withdraw', 'mail', 'pay'),
  line: fc.constantFrom('vinyl' as const, 'shirt' as const, 'music' as const),
  quantity: fc.integer({ min: 0, max: 4 }),
  which: fc.nat({ max: 5 }),
  /** It is pressed twice at once. */
  isTwice: fc.boolean(),
  /** The process dies before it is written. */
  isKilled: fc.boolean(),
})

test('whatever is pressed in whatever order, and whoever dies between: never more leaves than was paid, and each parcel is told of once', async () => {
  class Killed extends Error {}
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(step, { maxLength: 18 }), async (isPaid, steps) => {
      const shop = await aShop()
      const { orderId, total, at, vinyl } = await order(shop, { isPaid, quantity: 3 })
      const { code } = await platform.db
        .selectFrom('orders')
        .select('code')
        .where('id', '=', orderId)
        .executeTakeFirstOrThrow()
      for (const { what, line, quantity, which, isTwice, isKilled } of steps) {
        const key = newId()
        const parcels = await platform.db
          .selectFrom('parcels')
          .selectAll()
          .where('orderId', '=', orderId)
          .orderBy('id')
          .execute()
        const wereSent = new Set(parcels.flatMap(({ id, sentAt }) => (sentAt ? [id] : [])))
        const kept = await platform.pool.query<{ position: number }>(
          `select l.position from order_lines l where l.order_id = $1 and (l.refunded >= l.gross
             or exists (select from withdrawals w where w.order_id = $1 and l.position = any(w.positions)))`,
          [orderId],
        )
        const parcelId = parcels[which % Math.max(1, parcels.length)]?.id ?? newId()
        const now = { at: platform.now(), by: null }
        const position = at[line]
        const work = (tx: Tx): Promise<unknown> => {
          if (what === 'pack' || what === 'again')
            return packParcel(tx, {
              ...{
                orderId,
                key,
                kind: what === 'pack' ? 'order' : 'replacement',
                parts: [{ position, quantity }],
                ...now,
              },
            })
          if (what === 'send') return sendParcel(tx, { parcelId, ...untracked, at: now.at })
          if (what === 'unpack') return unpackParcel(tx, parcelId, now.at)
          if (what === 'back')
            return takeBack(tx, { parcelId, position, quantity, key, restock: quantity % 2 === 0, ...now })
          if (what === 'pay') return pay(tx, orderId, total)
          if (what === 'refund')
            return recordRefund(tx, { orderId, amount: quantity * 900, key, reason: '', from: 'manual', ...now })
          return Promise.resolve()
        }
        const run = async () => {
          // It is a transaction of its own.
          if (what === 'withdraw')
            return void (isKilled || (await withdraw(platform, { orderId, positions: [position] })))
          await inTx(async (tx) => {
            await work(tx)
            if (isKilled) throw new Killed()
          }).catch((error: unknown) => {
            if (!(error instanceof Killed)) throw error
          })
        }
        await Promise.all(isTwice ? [run(), run()] : [run()])
        if (what === 'mail') await workOff(platform, ['shop.mail-parcel'])
        // Nothing left that had been given back or withdrawn from before.
        const left = (await parcelsOf(platform.db, orderId)).filter(({ id, sentAt }) => sentAt && !wereSent.has(id))
        for (const { lines } of left)
          for (const { position } of lines) expect(kept.rows.map((row) => row.position)).not.toContain(position)
      }
      // The list to pack and the order's own page say the same is left.
      const details = await orderById(platform.db, orderId)
      const known =
        details &&
        knownOf(
          details,
          (await parcelsOf(platform.db, orderId)).filter(({ sentAt }) => sentAt),
        )
      const left = details?.lines.flatMap((line) => {
        const quantity = known ? leftOf(line, known) : 0
        return quantity > 0 ? [[line.position, quantity]] : []
      })
      const listed = (await waiting(shop)).flatMap(({ lines }) => lines.map((line) => [line.position, line.quantity]))
      expect(listed).toEqual(details?.state === 'paid' && !isGivenBack(details) ? left : [])
      const { allSent } = await platform.db
        .selectFrom('orders')
        .select('allSent')
        .where('id', '=', orderId)
        .executeTakeFirstOrThrow()
      const gone = (position: number) =>
        (known?.parts ?? []).reduce(
          (sum, part) => sum + (part.kind === 'order' && part.position === position ? part.quantity : 0),
          0,
        )
      const weighty = details?.lines.filter(({ weight }) => weight !== null) ?? []
      expect(allSent).toBe(weighty.every(({ position, quantity }) => gone(position) === quantity))
      await workOff(platform, ['shop.mail-parcel'])
      const lines = await platform.db.selectFrom('orderLines').selectAll().where('orderId', '=', orderId).execute()
      const parcels = await parcelsOf(platform.db, orderId)
      const { state } = await platform.db
        .selectFrom('orders')
        .select('state')
        .where('id', '=', orderId)
        .executeTakeFirstOrThrow()
      if (state !== 'paid') expect(parcels).toEqual([])
      const quantities = (kind: string, position: number, of: 'quantity' | 'back') =>
        parcels
          .filter((parcel) => parcel.kind === kind)
          .flatMap((parcel) => parcel.lines)
          .filter((part) => part.position === position)
          .reduce((sum, part) => sum + part[of], 0)
      for (const { position, quantity, weight } of lines) {
        expect(quantities('order', position, 'quantity')).toBeLessThanOrEqual(weight === null ? 0 : quantity)
      }
      for (const part of parcels.flatMap((parcel) => parcel.lines)) expect(part.back).toBeLessThanOrEqual(part.quantity)
      // To the piece: what was sold and sent once more is gone, what was put back is there.
      const { rows } = await platform.pool.query<{ back: number }>(
        `select coalesce(sum(r.quantity), 0)::int as back from parcel_returns r join parcels p on p.id = r.parcel_id
         where p.order_id = $1 and r.position = $2 and r.restocked`,
        [orderId, at.vinyl],
      )
      expect(await stockOf(vinyl)).toBe(
        20 - (state === 'paid' ? 3 : 0) - quantities('replacement', at.vinyl, 'quantity') + (rows[0]?.back ?? 0),
      )
      expect(mailsOf(code)).toHaveLength(parcels.filter(({ sentAt }) => sentAt).length)
    }),
    { numRuns: 25 },
  )
}, 240_000)

test('on the order’s page a part is sent with its number; what was typed wrongly is said beside the field, and strangers see nothing', async () => {
  const shop = await aShop()
  const { orderId, at } = await order(shop)
  const app = testApp(platform)
  const { headers } = await signedIn(platform, { artistIds: [shop.artistId] })
  const post = (body: Record<string, string>, as = headers) =>
    app.request(`/studio/orders/${orderId}/parcels`, {
      method: 'POST',
      headers: { ...as, ...FORM },
      body: new URLSearchParams({ key: newId(), leaves: 'now', ...body }).toString(),
    })
  const wrong = await post({ [`q_${at.vinyl}`]: '9' })
  expect([wrong.status, (await wrong.text()).includes('Only 2 are left.')]).toEqual([422, true])
  expect(await parcelsOf(platform.db, orderId)).toEqual([])
  const { headers: stranger } = await signedIn(platform, { artistIds: [(await aShop()).artistId] })
  expect((await post({ [`q_${at.vinyl}`]: '1' }, stranger)).status).toBe(404)
  expect((await post({ [`q_${at.vinyl}`]: '1', carrier: 'laposte', tracking: '6a 1' })).status).toBe(303)
  expect(await parcelsOf(platform.db, orderId)).toMatchObject([
    { tracking: '6A1', link: 'https://www.laposte.fr/outils/suivre-vos-envois?code=6A1' },
  ])
  const list = await app.request('/studio/parcels', { headers })
  expect(await list.text()).toContain(`/studio/orders/${orderId}`)
  for (const file of ['labels.pdf', 'slips.pdf']) {
    const pdf = await app.request(`/studio/parcels/${file}?order=${orderId}`, { headers })
    expect([pdf.status, Buffer.from(await pdf.arrayBuffer()).toString('latin1', 0, 5)]).toEqual([200, '%PDF-'])
  }
})

test('each slip is in its buyer’s language, and read aloud in it', async () => {
  const shop = await aShop()
  const [french, english] = [await order(shop), await order(shop, { language: 'en' })]
  const file = await printOrders(platform.db, [french.orderId, english.orderId], { what: 'slip', lang: 'fr' })
  const pdf = Buffer.from((await file?.arrayBuffer()) ?? new ArrayBuffer(0)).toString('latin1')
  const parts = [...pdf.matchAll(/<<[^<>]*\/S \/Sect[^<>]*>>/g)].map(([text]) => /\/Lang \(([^)]+)\)/.exec(text)?.[1])
  expect(parts).toEqual(['fr-FR', 'en-GB'])
  expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(2)
})

test('what goes abroad says to customs what it is: the short form with its label, the long one with its slip, nothing at home', async () => {
  const shop = await aShop()
  const abroad = {
    name: 'Ann Poe',
    lines: ['1 Elm Street'],
    postcode: '10001',
    city: 'New York',
    region: 'NY',
    country: 'US',
  }
  const { orderId } = await order(shop, { address: abroad })
  const big = await order(shop, { address: abroad, quantity: 9 })
  const home = await order(shop)
  const pages = async (what: 'label' | 'slip', id: string) => {
    const file = await printOrders(platform.db, [id], { what, lang: 'fr' })
    const pdf = Buffer.from((await file?.arrayBuffer()) ?? new ArrayBuffer(0)).toString('latin1')
    return pdf.match(/\/Type \/Page\b/g)?.length
  }
  expect([await pages('label', orderId), await pages('slip', orderId)]).toEqual([2, 1])
  expect([await pages('label', big.orderId), await pages('slip', big.orderId)]).toEqual([1, 2])
  expect([await pages('label', home.orderId), await pages('slip', home.orderId)]).toEqual([1, 1])
})

test('what is paid and still to leave is beside what there is, and the last few are said before anybody orders', async () => {
  const shop = await aShop()
  const one = await order(shop, { quantity: 2 })
  const of = async () =>
    (await studioProducts(platform.db, shop.artistId)).find(({ title }) => title === 'Salt on vinyl')
  expect(await of()).toMatchObject({ stock: 18, held: 0, promised: 2 })
  await inTx(async (tx) => {
    const parts = [{ position: one.at.vinyl, quantity: 1 }]
    const packed = await packParcel(tx, {
      ...{ orderId: one.orderId, key: newId(), kind: 'order', parts, by: null, at: platform.now() },
    })
    if (packed.ok) await sendParcel(tx, { ...untracked, parcelId: packed.value.id, at: platform.now() })
  })
  expect(await of()).toMatchObject({ stock: 18, promised: 1 })

  const { slug } = await platform.db
    .selectFrom('artists')
    .select('slug')
    .where('id', '=', shop.artistId)
    .executeTakeFirstOrThrow()
  const product = await platform.db
    .selectFrom('variants')
    .select('productId')
    .where('id', '=', one.vinyl)
    .executeTakeFirstOrThrow()
  const app = testApp(platform)
  const page = async () => (await app.request(`/${slug}/shop/${product.productId}`)).text()
  expect(await page()).not.toMatch(/(is|are) left/)
  await platform.db.updateTable('variants').set({ stock: 3 }).where('id', '=', one.vinyl).execute()
  expect(await page()).toContain('3 are left.')
  const added = await app.request('/basket/add', {
    method: 'POST',
    headers: FORM,
    body: new URLSearchParams({ product: product.productId, variant: one.vinyl }).toString(),
  })
  const cookie = added.headers.get('set-cookie')?.split(';')[0] ?? ''
  expect(await (await app.request('/basket', { headers: { cookie } })).text()).toContain('3 are left.')
  await platform.db.updateTable('variants').set({ stock: 0 }).where('id', '=', one.vinyl).execute()
  expect(await page()).toContain('Sold out')
})

test('carriers take in a list of what waits: whom it goes to, what it weighs, no name that a spreadsheet would run', async () => {
  const shop = await aShop()
  const address = {
    name: '=1+1',
    lines: ['1 quai Sud', 'Bât. C'],
    postcode: '01000',
    city: 'Bourg',
    region: '',
    country: 'FR',
  }
  const { orderId } = await order(shop, { address })
  await order(shop)
  const app = testApp(platform)
  const { headers } = await signedIn(platform, { artistIds: [shop.artistId] })
  const file = await app.request(`/studio/parcels/parcels.csv?order=${orderId}`, { headers })
  expect(file.headers.get('content-disposition')).toContain('parcels.csv')
  const [head, ...lines] = (await file.text()).trim().split('\r\n')
  expect(head).toBe(
    'reference,name,address1,address2,address3,address4,postcode,city,region,country,mail,weight_g,contents',
  )
  const { code } = await platform.db
    .selectFrom('orders')
    .select('code')
    .where('id', '=', orderId)
    .executeTakeFirstOrThrow()
  expect(lines).toEqual([
    `${code},'=1+1,1 quai Sud,Bât. C,,,01000,Bourg,,FR,Lise@buyers.example,750,2 × Salt on vinyl; 1 × Shirt`,
  ])
  const all = await (await app.request('/studio/parcels/parcels.csv', { headers })).text()
  expect(all.trim().split('\r\n')).toHaveLength(3)
  const { headers: stranger } = await signedIn(platform, { artistIds: [(await aShop()).artistId] })
  expect(
    await (await app.request(`/studio/parcels/parcels.csv?order=${orderId}`, { headers: stranger })).text(),
  ).not.toContain(code)
})
