import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import {
  FORM,
  givenSeller,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
  workOff,
} from '../../../testing/index.ts'
import { createArtist, createLabel } from '../../identity/index.ts'
import { placeOrder, settleOrder } from '../index.ts'
import { anOrder, givenBasket, givenProduct } from '../shop.fixtures.ts'
import { carrierFileById, forgetCarrierFiles } from './carrier-file.views.ts'
import { parcelsOf } from './parcels.views.ts'
import { takeNumbers } from './take-numbers.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => platform.db.transaction().execute(work)

async function aShop() {
  const { id: artistId } = await inTx((tx) => createArtist(tx, { name: `Ana ${newId()}` }))
  const sellerId = await givenSeller(platform.db, { artistId })
  const { variantId } = await givenProduct(platform.db, {
    ...{ artistId, sellerId, title: 'Salt on vinyl', price: 2200, weight: 300, stock: 90 },
  })
  return { artistId, sellerId, variantId, by: await signedIn(platform, { artistIds: [artistId] }) }
}
type Shop = Awaited<ReturnType<typeof aShop>>

/** Two records, paid unless told. */
async function order({ artistId, sellerId, variantId }: Shop, { isPaid = true } = {}) {
  const basketId = await givenBasket(platform.db, sellerId, [{ variantId, quantity: 2 }])
  const placed = await placeOrder(platform, anOrder({ basketId, artistId }))
  if (!placed.ok) throw new Error(JSON.stringify(placed.error))
  const { orderId } = placed.value
  const { total: amount, code } = await platform.db
    .selectFrom('orders')
    .select(['total', 'code'])
    .where('id', '=', orderId)
    .executeTakeFirstOrThrow()
  if (!isPaid) return { orderId, code }
  await inTx((tx) =>
    settleOrder(tx, {
      ...{ orderId, amount, provider: 'manual', reference: `t:${orderId}`, currency: 'EUR', at: platform.now() },
    }),
  )
  return { orderId, code }
}

const { 'content-type': _, ...SAME_SITE } = FORM
const PATH = '/studio/parcels/numbers'
const get = (path: string, { headers }: SignedIn) => testApp(platform).request(path, { headers })
const post = (path: string, { headers }: SignedIn, fields: [string, string][] = []) =>
  testApp(platform).request(path, {
    ...{ method: 'POST', headers: { ...headers, ...FORM } },
    body: new URLSearchParams(fields).toString(),
  })
/** Where it is looked at. */
async function upload(lines: string[][], { headers }: SignedIn, mark = ';'): Promise<string> {
  const body = new FormData()
  const text = [['Référence', 'Nom', 'N° de suivi'], ...lines].map((cells) => cells.join(mark)).join('\r\n')
  body.set('file', new File([text], 'colissimo.csv'))
  const answer = await testApp(platform).request(PATH, {
    ...{ method: 'POST', headers: { ...SAME_SITE, ...headers }, body },
  })
  expect(answer.status).toBe(303)
  return answer.headers.get('location') ?? ''
}
const numbersOf = async (orderId: string) =>
  (await parcelsOf(platform.db, orderId)).map(({ tracking, sentAt }) => [tracking, sentAt !== null])
const mailsOf = async (code: string) => {
  await workOff(platform, ['shop.mail-parcel', 'shop.mail-tracking'])
  return platform.mails.filter(({ subject }) => subject.includes(code) && /parti|numéro de votre colis/.test(subject))
}

test('two carriers in one file: each buyer follows their parcel where it is', async () => {
  const shop = await aShop()
  const [one, two] = [await order(shop), await order(shop)]
  const path = await upload(
    [
      [one.code, 'Colissimo', '6A00000000011'],
      [two.code, 'UPS', '1Z0000000012'],
    ],
    shop.by,
  )
  const page = await (await get(path, shop.by)).text()
  expect(page).toContain('La Poste, Colissimo')
  await post(`${path}/take`, shop.by)
  expect((await mailsOf(one.code))[0]?.text).toContain(
    'https://www.laposte.fr/outils/suivre-vos-envois?code=6A00000000011',
  )
  expect((await mailsOf(two.code))[0]?.text).toContain('https://www.ups.com/track?tracknum=1Z0000000012')
})

test('a carrier’s file sends what waits, once, with its numbers; the file again does nothing, and nobody else’s order is known', async () => {
  const shop = await aShop()
  const [one, two, gone] = [await order(shop), await order(shop), await order(shop, { isPaid: false })]
  const stranger = await order(await aShop())
  const lines = [
    [one.code, 'Lise', '6A00000000001'],
    [two.code.toLowerCase().replace('-', ''), 'Lise', '6A 0000 0000 002'],
    [one.code, 'Lise', '6A00000000001'],
    [stranger.code, 'Bo', '6A00000000003'],
    [gone.code, 'Bo', '6A00000000004'],
    [two.code.slice(0, 4), '"a, b"', '8,9E+15'],
  ]
  const path = await upload(lines, shop.by)
  const page = await (await get(path, shop.by)).text()
  expect(page).toContain('2 parcels leave; no number to correct; 4 lines do nothing.')
  expect(page).toContain('Leaves with this number: 2 × Salt on vinyl')
  expect(page).toContain('The same stands in an earlier line')
  expect(page).toContain('No order here has this reference')
  expect(page).toContain('The order is not paid')
  expect(await numbersOf(one.orderId)).toEqual([])

  await post(`${path}/columns`, shop.by, [
    ['reference', '0'],
    ['tracking', '2'],
    ['heading', 'on'],
    ['carrier', 'laposte'],
  ])
  expect(await numbersOf(one.orderId)).toEqual([])
  const taken = await post(`${path}/take`, shop.by)
  expect(taken.headers.get('location')).toBe(`${path}?sent=2&corrected=0`)
  expect(await numbersOf(one.orderId)).toEqual([['6A00000000001', true]])
  expect(await numbersOf(two.orderId)).toEqual([['6A00000000002', true]])
  expect(await numbersOf(stranger.orderId)).toEqual([])
  const [mail, ...more] = await mailsOf(one.code)
  expect(more).toEqual([])
  expect(mail?.text).toContain('https://www.laposte.fr/outils/suivre-vos-envois?code=6A00000000001')

  const again = await upload(lines, shop.by)
  expect(await (await get(again, shop.by)).text()).toContain('<option value="laposte" selected')
  expect(await (await get(again, shop.by)).text()).toContain(
    'No parcel leaves; no number to correct; 4 lines do nothing.',
  )
  await post(`${again}/take`, shop.by)
  expect((await numbersOf(one.orderId)).length + (await mailsOf(one.code)).length).toBe(2)
  const refused = await (await get(`${path}/refused.csv`, shop.by)).text()
  expect(refused.trim().split('\r\n')).toHaveLength(5)
  expect(refused).toContain('5,No order here has this reference,')
  expect((await get(path, await signedIn(platform, { artistIds: [(await aShop()).artistId] }))).status).toBe(404)
})

test('stopped in the middle, and pressed twice at once: each parcel leaves once and each buyer is told once', async () => {
  const shop = await aShop()
  const orders = await Array.fromAsync({ length: 6 }, () => order(shop))
  const path = await upload(
    orders.map(({ code }, n) => [code, '', `6A9000000000${n}`]),
    shop.by,
  )
  const id = path.split('/').at(-1) ?? ''
  const file = await carrierFileById(platform.db, id)
  if (!file) throw new Error('no file')
  const said = { corrects: new Set<number>(), tells: true, by: shop.by.accountId }
  // The connection of the third goes away, as with a process that is killed.
  let transactions = 0
  const dying = new Proxy(platform.db, {
    get(db, name) {
      if (name !== 'transaction') return Reflect.get(db, name).bind?.(db) ?? Reflect.get(db, name)
      return () => ({
        execute: (work: (tx: Tx) => Promise<unknown>) =>
          db.transaction().execute(async (tx) => {
            const did = await work(tx)
            if (++transactions === 3) throw new Error('killed')
            return did
          }),
      })
    },
  })
  await expect(takeNumbers({ ...platform, db: dying }, file, said)).rejects.toThrow('killed')
  const sent = async () => (await Promise.all(orders.map(({ orderId }) => numbersOf(orderId)))).flat().length
  expect(await sent()).toBe(2)
  const both = await Promise.all([takeNumbers(platform, file, said), takeNumbers(platform, file, said)])
  expect(both.reduce((sum, { sent }) => sum + sent, 0)).toBe(4)
  for (const { orderId, code } of orders) {
    expect(await numbersOf(orderId)).toHaveLength(1)
    expect(await mailsOf(code)).toHaveLength(1)
  }
})

test('a number that differs is corrected when that is asked, with what it was; the buyer is told once, if so', async () => {
  const shop = await aShop()
  const [typo, none] = [await order(shop), await order(shop)]
  await post(`${await upload([[typo.code, '', '6A111']], shop.by)}/take`, shop.by)
  const bare = await order(shop)
  const form = (body: [string, string][]) =>
    post(`/studio/orders/${bare.orderId}/parcels`, shop.by, [['key', newId()], ...body])
  expect(
    (
      await form([
        ['q_1', '2'],
        ['leaves', 'now'],
      ])
    ).status,
  ).toBe(303)
  const path = await upload(
    [
      [typo.code, '', '6A222'],
      [bare.code, '', '6A333'],
    ],
    shop.by,
  )
  const page = await (await get(path, shop.by)).text()
  expect(page).toContain('Has left with the number 6A111: correct it to this one')
  expect(page).toContain('Has left without a number: write this one')
  expect(page.match(/name="correct" value="\d" checked/g)).toHaveLength(1)
  // Nobody ticked it.
  await post(`${path}/take`, shop.by)
  expect(await numbersOf(typo.orderId)).toEqual([['6A111', true]])
  const ticked: [string, string][] = [
    ['correct', '2'],
    ['correct', '3'],
    ['tells', 'on'],
  ]
  expect((await post(`${path}/take`, shop.by, ticked)).headers.get('location')).toContain('sent=0&corrected=2')
  expect((await post(`${path}/take`, shop.by, ticked)).headers.get('location')).toContain('sent=0&corrected=0')
  expect(await numbersOf(typo.orderId)).toEqual([['6A222', true]])
  const mails = await mailsOf(typo.code)
  expect(mails.map(({ subject }) => /numéro/.test(subject))).toEqual([false, true])
  expect(mails[1]?.text).toContain('6A222')
  const shown = await (await get(`/studio/orders/${typo.orderId}`, shop.by)).text()
  expect(shown).toMatch(/Before: 6A111 \(until/)
  // The first file once more: it does not undo the correction.
  const old = await upload([[typo.code, '', '6A111']], shop.by)
  expect(await (await get(old, shop.by)).text()).toContain('It had this number once, and was put right since')

  // On the order's own page, and without a word to the buyer.
  const [parcel] = await parcelsOf(platform.db, bare.orderId)
  const wrong = await post(`/studio/parcels/${parcel?.id}/number`, shop.by, [[`tracking_${parcel?.id}`, '<1>']])
  expect([wrong.status, (await wrong.text()).includes('made of letters and figures')]).toEqual([422, true])
  const right = await post(`/studio/parcels/${parcel?.id}/number`, shop.by, [[`tracking_${parcel?.id}`, '6A444']])
  expect(right.headers.get('location')).toContain('done=corrected')
  expect(await mailsOf(bare.code)).toHaveLength(2)
  const { headers } = await signedIn(platform, { artistIds: [(await aShop()).artistId] })
  const stranger = await testApp(platform).request(`/studio/parcels/${parcel?.id}/number`, {
    ...{ method: 'POST', headers: { ...headers, ...FORM }, body: '' },
  })
  expect(stranger.status).toBe(404)
  expect(await numbersOf(none.orderId)).toEqual([])
})

test('what is no list of a carrier is refused with a sentence; what was read is gone after two weeks', async () => {
  const shop = await aShop()
  const send = async (content: string | Buffer) => {
    const body = new FormData()
    body.set('file', new File([content as never], 'x.csv'))
    const headers = { ...SAME_SITE, ...shop.by.headers }
    const answer = await testApp(platform).request(PATH, { method: 'POST', headers, body })
    return [answer.status, await answer.text()] as const
  }
  expect((await send(''))[0]).toBe(422)
  expect((await send(Buffer.from('PK\u0003\u0004\u0000\u0000abc')))[1]).toContain('This is a workbook.')
  expect((await send('a;b\n'.repeat(1001)))[1]).toContain('This file is too long')
  const path = await upload([['x', 'y', 'z']], shop.by)
  const id = path.split('/').at(-1) ?? ''
  await forgetCarrierFiles(platform)
  expect(await carrierFileById(platform.db, id)).toBeDefined()
  const later = new Date(platform.now().getTime() + 15 * 86_400_000)
  await forgetCarrierFiles({ db: platform.db, now: () => later })
  expect(await carrierFileById(platform.db, id)).toBeUndefined()
})

test('at a label’s desk stand the orders of the artists who let it, with lists and numbers, and none of the others', async () => {
  const [lends, keeps] = [await aShop(), await aShop()]
  const [mine, other] = [await order(lends), await order(keeps)]
  const label = await inTx((tx) => createLabel(tx, { name: `Fern ${newId()}`, ownerId: null }))
  const manager = await signedIn(platform, { labelIds: [label.id] })
  const { slug } = await platform.db
    .selectFrom('labels')
    .select('slug')
    .where('id', '=', label.id)
    .executeTakeFirstOrThrow()
  const list = async () => (await get(`/studio/parcels?desk=${slug}`, manager)).text()
  expect(await list()).toContain('of the artists who let you handle their orders')
  const mandate = { id: newId(), artistId: lends.artistId, labelId: label.id, endsAt: null }
  await platform.db
    .insertInto('mandates')
    .values({ ...mandate, permissions: ['orders.handle'] })
    .execute()
  const open = await list()
  expect([open.includes(mine.code), open.includes(other.code)]).toEqual([true, false])
  const csv = await (await get('/studio/parcels/parcels.csv', manager)).text()
  expect([csv.includes(mine.code), csv.includes(other.code)]).toEqual([true, false])
  expect((await get('/studio/parcels/slips.pdf', manager)).status).toBe(200)
  const path = await upload(
    [
      [mine.code, '', '6A777'],
      [other.code, '', '6A888'],
    ],
    manager,
    ',',
  )
  // The mandate ends between the look and the press.
  await platform.db.updateTable('mandates').set({ revokedAt: platform.now() }).where('id', '=', mandate.id).execute()
  await post(`${path}/take`, manager)
  expect(await numbersOf(mine.orderId)).toEqual([])
  await platform.db.updateTable('mandates').set({ revokedAt: null }).where('id', '=', mandate.id).execute()
  await post(`${path}/take`, manager)
  expect([await numbersOf(mine.orderId), await numbersOf(other.orderId)]).toEqual([[['6A777', true]], []])
  expect((await get(path, lends.by)).status).toBe(404)
})
