import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { FORM, givenRelease, givenSeller, type TestPlatform, testApp, testPlatform } from '../../testing/index.ts'
import { giftsWithReturns, recordGift, wayOf } from '../exchange/index.ts'
import { createArtist } from '../identity/index.ts'
import { placeOrder, recordRefund, settleOrder } from './index.ts'
import { productPath } from './paths.rules.ts'
import { anOrder, givenBasket, givenProduct } from './shop.fixtures.ts'

const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' }

let platform: TestPlatform
let app: ReturnType<typeof testApp>
beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
})
afterAll(() => platform.close())

test('a thing of the shop is passed on by a link of one’s own, and what is ordered then came by it', async () => {
  const artist = await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Ana' }))
  const sellerId = await givenSeller(platform.db, { artistId: artist.id })
  const { productId } = await givenProduct(platform.db, { artistId: artist.id, sellerId, weight: 100, title: 'A cup' })
  const [subject, path] = [`product:${productId}`, productPath(artist.slug, productId)]
  const pass = () =>
    app.request('/share', {
      method: 'POST',
      headers: { ...FORM, ...BROWSER },
      body: new URLSearchParams({ subject }).toString(),
    })

  const page = await (await app.request(path)).text()
  expect(page).toContain(`data-subject="${subject}"`)
  expect(page).toContain(`name="subject" value="${subject}"`)
  const code = /^\/s\/(\w+)\/pass/.exec((await pass()).headers.get('location') ?? '')?.[1]
  expect((await app.request(`/s/${code}`)).headers.get('location')).toBe(`${path}?via=s.${code}`)

  const key = crypto.randomUUID()
  const told = { key, kind: 'page', subject, path, referrer: null, token: `s.${code}` }
  const answer = await app.request('/api/touches', {
    method: 'POST',
    headers: { ...FORM, ...BROWSER, 'content-type': 'application/json' },
    body: JSON.stringify(told),
  })
  const visitor = await platform.db
    .selectFrom('brought')
    .select('personId')
    .where('artistId', '=', artist.id)
    .executeTakeFirstOrThrow()
  expect(answer.headers.get('set-cookie')).toContain('visitor=')
  const way = await wayOf(platform.db, visitor.personId, artist.id, platform.now())
  expect(way).toMatchObject({ token: `s.${code}`, givenAs: subject })

  // Not offered any more: it is not passed on, and what was leads to whose it was.
  await platform.db.updateTable('products').set({ state: 'withdrawn' }).where('id', '=', productId).execute()
  expect((await pass()).status).toBe(404)
  expect((await app.request(`/s/${code}`)).headers.get('location')).toBe(`/${artist.slug}?via=s.${code}`)
})

test('what is ordered by a link to a record, or to a track of it, is the release’s, and so is what goes back of it; a cup belongs to no gift', async () => {
  const given = await givenRelease(platform, { artist: 'Bea', prepare: false })
  const { artistId, artistSlug } = given
  const sellerId = await givenSeller(platform.db, { artistId })
  const release = `release:${given.releaseId}`
  const { id: giftId } = await platform.db
    .selectFrom('gifts')
    .select('id')
    .where('subject', '=', release)
    .executeTakeFirstOrThrow()
  const track = await platform.db
    .selectFrom('tracks')
    .select('id')
    .where('releaseId', '=', given.releaseId)
    .executeTakeFirstOrThrow()
  const came: string[] = []
  const boughtBy = async (said: Partial<Parameters<typeof givenProduct>[1]>) => {
    const { productId, variantId } = await givenProduct(platform.db, { artistId, sellerId, ...said })
    const subject = `product:${productId}`
    const shared = await app.request('/share', {
      method: 'POST',
      headers: { ...FORM, ...BROWSER },
      body: new URLSearchParams({ subject }).toString(),
    })
    const token = `s.${/^\/s\/(\w+)\/pass/.exec(shared.headers.get('location') ?? '')?.[1]}`
    const path = productPath(artistSlug, productId)
    const answer = await app.request('/api/touches', {
      method: 'POST',
      headers: { ...FORM, ...BROWSER, 'content-type': 'application/json' },
      body: JSON.stringify({ key: crypto.randomUUID(), kind: 'page', subject, path, referrer: null, token }),
    })
    expect(answer.status).toBe(204)
    const { personId } = await platform.db
      .selectFrom('brought')
      .select('personId')
      .where('artistId', '=', artistId)
      .where('personId', 'not in', [newId(), ...came])
      .executeTakeFirstOrThrow()
    came.push(personId)
    const { givenAs, token: kept } = await wayOf(platform.db, personId, artistId, platform.now())
    expect(kept).toBe(token)
    const basketId = await givenBasket(platform.db, sellerId, [{ variantId }])
    const way = { token: kept, ...(givenAs && { givenAs }) }
    const placed = await placeOrder(platform, anOrder({ basketId, artistId, personId, way, shipping: 0 }))
    if (!placed.ok) throw new Error(JSON.stringify(placed.error))
    const { orderId, total: amount } = placed.value
    const at = platform.now()
    await platform.db.transaction().execute(async (tx) => {
      await settleOrder(tx, { orderId, provider: 'manual', reference: orderId, amount, currency: 'EUR', at })
      await recordRefund(tx, { orderId, key: orderId, amount: 100, reason: '', by: null, at, from: 'manual' })
    })
    const { rows } = await platform.pool.query<{ kind: string; gift: string | null; came: boolean; amount: number }>(
      'select kind, gift_id as gift, token = $2 as came, amount::int as amount from returns where person_id = $1 order by kind',
      [personId, token],
    )
    return rows
  }
  const wholly = [
    { kind: 'order', gift: giftId, came: true, amount: expect.any(Number) },
    { kind: 'refund', gift: giftId, came: true, amount: expect.any(Number) },
  ]
  expect(await boughtBy({ subject: release })).toEqual(wholly)
  expect(await boughtBy({ subject: `track:${track.id}` })).toEqual(wholly)
  expect(await boughtBy({ weight: 100 })).toEqual(wholly.map((row) => ({ ...row, gift: null })))
})

test('a track that is bought without a link stands beside its release, and so does what goes back of it; of what was bought before it was given, neither', async () => {
  const given = await givenRelease(platform, { artist: 'Cléo', prepare: false })
  const { artistId } = given
  const sellerId = await givenSeller(platform.db, { artistId })
  const track = await platform.db
    .selectFrom('tracks')
    .select('id')
    .where('releaseId', '=', given.releaseId)
    .executeTakeFirstOrThrow()
  const bought = async (subject: string) => {
    const { variantId } = await givenProduct(platform.db, { artistId, sellerId, subject, price: 700 })
    const basketId = await givenBasket(platform.db, sellerId, [{ variantId }])
    const placed = await placeOrder(platform, anOrder({ basketId, artistId, shipping: 0 }))
    if (!placed.ok) throw new Error(JSON.stringify(placed.error))
    const { orderId, total: amount } = placed.value
    const paid = { orderId, provider: 'manual', reference: orderId, amount, currency: 'EUR', at: platform.now() }
    await platform.db.transaction().execute((tx) => settleOrder(tx, paid))
    platform.pass(1000)
    return async (back: number) => {
      const refund = { orderId, key: newId(), amount: back, reason: '', by: null, at: platform.now(), from: 'manual' }
      await platform.db.transaction().execute((tx) => recordRefund(tx, refund))
    }
  }
  const money = async () => {
    const { rows } = await platform.pool.query<{ given: boolean; kind: string; n: number }>(
      `select gift_id is not null as given, kind, count(*)::int as n from returns where artist_id = $1 and amount is not null group by 1, 2 order by 1, 2`,
      [artistId],
    )
    return rows
  }
  const giveBack = await bought(`track:${track.id}`)
  await giveBack(200)
  const [gift] = await giftsWithReturns(platform.db, artistId)
  expect(gift?.money).toEqual([{ amount: expect.any(Number), currency: 'EUR' }])
  expect(await money()).toEqual([
    { given: true, kind: 'order', n: 1 },
    { given: true, kind: 'refund', n: 1 },
  ])

  const early = `release:${newId()}` as const
  const giveBackEarly = await bought(early)
  await platform.db
    .transaction()
    .execute((tx) => recordGift(tx, { artistId, kind: 'release', subject: early, at: platform.now() }))
  await giveBackEarly(100)
  expect(await money()).toEqual([
    { given: false, kind: 'order', n: 1 },
    { given: false, kind: 'refund', n: 1 },
    { given: true, kind: 'order', n: 1 },
    { given: true, kind: 'refund', n: 1 },
  ])
})
