import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import { FORM, givenSeller, signedIn, type TestPlatform, testApp, testPlatform } from '../../../testing/index.ts'
import { createArtist } from '../../identity/index.ts'
import { placeOrder, settleOrder } from '../index.ts'
import { anOrder, givenBasket, givenProduct } from '../shop.fixtures.ts'
import { forgetOldProofs, keepProof } from './keep-proof.ts'
import { parcelsOf } from './parcels.views.ts'
import { packParcel, sendParcel } from './send-parcel.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => platform.db.transaction().execute(work)
const untracked = { carrier: '', tracking: '', link: null } as const

/** A record that has left, and whose it is. */
async function aParcel() {
  const { id: artistId } = await inTx((tx) => createArtist(tx, { name: `Ana ${newId()}` }))
  const sellerId = await givenSeller(platform.db, { artistId })
  const { variantId } = await givenProduct(platform.db, { artistId, sellerId, price: 2200, weight: 300 })
  const basketId = await givenBasket(platform.db, sellerId, [{ variantId }])
  const placed = await placeOrder(platform, anOrder({ basketId, artistId }))
  if (!placed.ok) throw new Error(JSON.stringify(placed.error))
  const { orderId } = placed.value
  const at = platform.now()
  const { total: amount } = await platform.db
    .selectFrom('orders')
    .select('total')
    .where('id', '=', orderId)
    .executeTakeFirstOrThrow()
  const packed = await inTx(async (tx) => {
    await settleOrder(tx, { orderId, amount, provider: 'manual', reference: orderId, currency: 'EUR', at })
    const parts = [{ position: 1, quantity: 1 }]
    return packParcel(tx, { orderId, key: newId(), kind: 'order', parts, by: null, at })
  })
  if (!packed.ok) throw new Error(packed.error.problem)
  const parcelId = packed.value.id
  await inTx((tx) => sendParcel(tx, { ...untracked, parcelId, at }))
  return { orderId, parcelId, by: await signedIn(platform, { artistIds: [artistId] }) }
}
type Given = Awaited<ReturnType<typeof aParcel>>

const proofsOf = async ({ orderId }: Given) => (await parcelsOf(platform.db, orderId))[0]?.proofs ?? []
const { 'content-type': _, ...SAME_SITE } = FORM
function send({ parcelId, by }: Given, fields: Record<string, string | File>, as = by) {
  const body = new FormData()
  body.set('key', newId())
  for (const [name, value] of Object.entries(fields)) body.set(name === 'key' ? name : `${name}_${parcelId}`, value)
  return testApp(platform).request(`/studio/parcels/${parcelId}/proofs`, {
    ...{ method: 'POST', headers: { ...SAME_SITE, ...as.headers }, body },
  })
}
/** A photograph with what a telephone writes into it. */
const photograph = () =>
  sharp({ create: { width: 60, height: 90, channels: 3, background: '#eee' } })
    .withExif({ IFD0: { Artist: 'Ana at home' } })
    .jpeg()
    .toBuffer()
const PDF = '%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n'

test('a receipt is kept with its number and its day, for whoever handles the order and nobody else; a photograph without what a telephone wrote into it', async () => {
  const given = await aParcel()
  const file = new File([new Uint8Array(await photograph())], '../reçu: 1.JPEG')
  const key = newId()
  const kept = await send(given, { key, proof: file, reference: 'R 12', handedOn: '2026-01-02' })
  expect(kept.headers.get('location')).toBe(`/studio/orders/${given.orderId}?done=proof`)
  await send(given, { key, proof: file, reference: 'R 12', handedOn: '2026-01-02' })
  expect(await proofsOf(given)).toMatchObject([{ reference: 'R 12', handedOn: '2026-01-02', fileName: '..reçu 1.jpg' }])
  const [proof] = await proofsOf(given)
  const path = `/studio/parcels/proofs/${proof?.id}`
  const get = (as: Given['by']) => testApp(platform).request(path, { headers: as.headers })
  const answer = await get(given.by)
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment/)
  expect([answer.headers.get('content-type'), answer.headers.get('x-content-type-options')]).toEqual([
    'application/octet-stream',
    'nosniff',
  ])
  const bytes = Buffer.from(await answer.arrayBuffer())
  expect((await sharp(bytes).metadata()).width).toBe(60)
  expect(bytes.includes('Ana at home')).toBe(false)
  const stranger = (await aParcel()).by
  expect([(await get(stranger)).status, (await send(given, { reference: 'x' }, stranger)).status]).toEqual([404, 404])
  const page = await testApp(platform).request(`/studio/orders/${given.orderId}`, { headers: given.by.headers })
  expect(await page.text()).toContain(path)

  const drop = (as: Given['by']) =>
    testApp(platform).request(`${path}/drop`, { method: 'POST', headers: { ...FORM, ...as.headers }, body: '' })
  expect((await drop(stranger)).status).toBe(404)
  expect((await drop(given.by)).status).toBe(303)
  expect([(await proofsOf(given)).length, (await get(given.by)).status]).toEqual([0, 404])
})

test('what is no receipt is refused with a sentence, and what was typed stays', async () => {
  const given = await aParcel()
  const says = async (fields: Record<string, string | File>) => {
    const answer = await send(given, fields)
    return `${answer.status} ${await answer.text()}`
  }
  expect(await says({})).toMatch(/^422[\s\S]*Choose a file, or write the number or the day\./)
  const future = await says({ reference: 'R 77', handedOn: '2999-01-01' })
  expect(future).toMatch(/^422[\s\S]*Write a day that is not in the future\./)
  expect(future).toContain('value="R 77"')
  expect(await says({ proof: new File(['<svg xmlns="http://www.w3.org/2000/svg"/>'], 'x.png') })).toMatch(/^422/)
  expect(await says({ proof: new File(['hello'], 'x.pdf') })).toMatch(/^422/)
  expect(await says({ proof: new File(['%PDF-1.7 cut'], 'x.pdf') })).toMatch(/^422[\s\S]*This PDF is not whole\./)
  expect(await proofsOf(given)).toEqual([])
  for (let n = 0; n < 5; n++) await send(given, { proof: new File([PDF], `r${n}.pdf`) })
  expect((await proofsOf(given)).map(({ fileName }) => fileName)).toEqual([
    'r0.pdf',
    'r1.pdf',
    'r2.pdf',
    'r3.pdf',
    'r4.pdf',
  ])
  expect(await says({ reference: 'one more' })).toMatch(/^422[\s\S]*There are five already/)
})

test('its file is kept for two years after the parcel left, and what was written for as long as the order', async () => {
  const given = await aParcel()
  const said = { parcelId: given.parcelId, key: newId(), reference: 'R 1', handedOn: null, by: given.by.accountId }
  await keepProof(platform, { ...said, file: { name: 'r.pdf', content: Buffer.from(PDF) } })
  const after = async (days: number) => {
    await forgetOldProofs({ db: platform.db, now: () => new Date(platform.now().getTime() + days * 86_400_000) })
    return (await proofsOf(given)).map(({ reference, fileName }) => [reference, fileName])
  }
  expect(await after(729)).toEqual([['R 1', 'r.pdf']])
  expect(await after(732)).toEqual([['R 1', '']])
})
