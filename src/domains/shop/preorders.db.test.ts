import { afterAll, beforeAll, expect, test } from 'vitest'
import { addJob } from '../../platform/jobs/index.ts'
import {
  FORM,
  type GivenRelease,
  givenRelease,
  givenSeller,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
  workOff,
} from '../../testing/index.ts'
import { placeOrder, settleOrder } from './index.ts'
import { libraryPath, orderPath } from './links.ts'
import { anOrder, givenBasket, givenProduct } from './shop.fixtures.ts'

const DAY = 86_400_000

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let release: GivenRelease
let owner: SignedIn
let sellerId: string

beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  release = await givenRelease(platform, { artist: 'Ana', title: 'Tides', tracks: ['Ebb', 'Flood'] })
  owner = await signedIn(platform, { artistIds: [release.artistId] })
  sellerId = await givenSeller(platform.db, { artistId: release.artistId })
}, 60_000)
afterAll(() => platform.close())

const day = (days: number) => new Date(platform.now().getTime() + days * DAY).toISOString().slice(0, 10)
const seen = async (path: string, who?: SignedIn) => {
  const html = await (await app.request(path, { headers: { 'accept-language': 'en', ...who?.headers } })).text()
  return html.replace(/\s+/g, ' ')
}
async function send(path: string, fields: [string, string][], who = owner) {
  const answer = await app.request(path, {
    method: 'POST',
    headers: { ...FORM, ...who.headers },
    body: new URLSearchParams(fields),
  })
  return { status: answer.status, to: answer.headers.get('location') ?? '', html: await answer.text() }
}
const versionOf = async (path: string) => /name="version" value="(\d+)"/.exec(await seen(path, owner))?.[1] ?? ''
const product = (said: Partial<Parameters<typeof givenProduct>[1]>) =>
  givenProduct(platform.db, { artistId: release.artistId, sellerId, ...said })
async function buy(variantId: string, mail: string, quantity = 1) {
  const basketId = await givenBasket(platform.db, sellerId, [{ variantId, quantity }])
  const said = { basketId, artistId: release.artistId, mail, mailKey: mail, language: 'en' as const, shipping: 0 }
  const placed = await placeOrder(platform, anOrder(said))
  if (!placed.ok) throw new Error(JSON.stringify(placed.error))
  const { orderId, total: amount, currency } = placed.value
  const paid = { orderId, provider: 'manual', reference: orderId, amount, currency, at: platform.now() }
  await platform.db.transaction().execute((tx) => settleOrder(tx, paid))
  return orderId
}

test('what is ordered before it is out names its day, gives the tracks that come at once, and the rest on the day', async () => {
  const { productId, variantId } = await product({ subject: `release:${release.releaseId}`, title: 'Tides' })
  const path = `/studio/shop/${productId}`
  const fields: [string, string][] = [
    ['title', 'Tides'],
    ['subject', `release:${release.releaseId}`],
    ['pricing', 'fixed'],
    ['price', '7'],
    ['v_id', variantId],
  ]
  const wrong = await send(path, [...fields, ['version', await versionOf(path)], ['releasedOn', 'soon']])
  expect(wrong.status).toBe(422)
  expect(wrong.html).toContain('Write a day.')
  const dated: [string, string][] = [
    ...fields,
    ['releasedOn', day(30)],
    ['early', release.tracks[0]?.trackId ?? ''],
    // A track of nobody's is none.
    ['early', productId],
  ]
  expect((await send(path, [...dated, ['version', await versionOf(path)]])).to).toContain('done=saved')

  const page = await seen(`/${release.artistSlug}/shop/${productId}`)
  expect(page).toContain('Pre-order: out on')
  expect(page).toContain('One track comes at once: Ebb.')

  const orderId = await buy(variantId, 'lea@buyers.example')
  const order = orderPath(platform.signer, orderId)
  expect(await seen(order)).toContain('then it can be downloaded here')
  expect(await seen(order)).toContain('Ebb as FLAC')
  expect(await seen(order)).not.toContain('Tides as FLAC')
  expect(await seen('/studio/shop', owner)).toContain('pre-order, out on')

  // The day is moved: nobody is told yet, and it still opens for who ordered before.
  await send(path, [
    ...dated.filter(([name]) => name !== 'releasedOn'),
    ['releasedOn', day(60)],
    ['version', await versionOf(path)],
  ])
  await workOff(platform, ['shop.released', 'shop.mail-released'])
  expect(platform.mails.filter(({ subject }) => subject.startsWith('It is out'))).toEqual([])
  expect(await seen(order)).not.toContain('Tides as FLAC')

  await send(path, [...fields, ['releasedOn', ''], ['version', await versionOf(path)]])
  await workOff(platform, ['shop.released', 'shop.mail-released'])
  await workOff(platform, ['shop.released', 'shop.mail-released'])
  const told = platform.mails.filter(({ subject }) => subject.startsWith('It is out'))
  expect(told.map(({ to }) => to)).toEqual(['lea@buyers.example'])
  const library = await seen(libraryPath(platform.signer, 'lea@buyers.example'))
  expect(library).toContain('Tides as FLAC')
  // What came early is in it by now.
  expect(library).not.toContain('Ebb as FLAC')
})

test('a bundle is made of what there is, shows what it holds and saves, and is as many as its scarcest part', async () => {
  const album = await product({ subject: `release:${release.releaseId}`, title: 'The album', price: 1000 })
  const shirt = await product({ title: 'The shirt', price: 2000, weight: 200, stock: 5 })
  const made = await send('/studio/shop/new', [
    ['kind', 'bundle'],
    ['title', 'Both'],
  ])
  const path = made.to
  expect((await send(`${path}/offer`, [])).html).toContain('A bundle holds two things at least.')
  const form = async (...parts: [string, string][]): Promise<[string, string][]> => [
    ['title', 'Both'],
    ['pricing', 'fixed'],
    ['price', '25'],
    ['v_id', /name="v_id" value="([^"]+)"/.exec(await seen(path, owner))?.[1] ?? ''],
    ['version', await versionOf(path)],
    ...parts.flatMap(([variant, quantity]): [string, string][] => [
      ['p_variant', variant],
      ['p_quantity', quantity],
    ]),
  ]
  expect((await send(path, await form([shirt.variantId, '1']))).html).toContain('A bundle holds two things at least.')
  const tip = await product({ kind: 'tip', pricing: 'named', price: 100, title: 'A tip' })
  // Nor a membership: its share of the price would be what it costs each month from then on.
  const plan = await product({ kind: 'membership', every: 'month', subject: null, title: 'The kitchen' })
  for (const other of [tip, plan])
    expect((await send(path, await form([shirt.variantId, '1'], [other.variantId, '1']))).html).toContain(
      'Something of it is no longer there.',
    )
  expect((await send(path, await form([album.variantId, ''], [shirt.variantId, '2'], ['', '']))).to).toContain('saved')
  expect(await seen(path, owner)).toContain('The bundle saves €25.00.')
  await send(`${path}/offer`, [])
  // It is sold as its parts: of itself nothing is counted.
  const row = /<tr(?:(?!<tr).)*>Both<.*?<\/tr>/.exec(await seen('/studio/shop', owner))?.[0]
  expect(row?.match(/>–</g)).toHaveLength(2)

  const page = await seen(`/${release.artistSlug}/shop/both`)
  expect(page).toContain('€25.00 less than one by one.')
  expect(page).toContain('2 are left.')
  const bundleId = path.split('/').at(-1) ?? ''
  const { id: variantId } = await platform.db
    .selectFrom('variants')
    .select('id')
    .where('productId', '=', bundleId)
    .executeTakeFirstOrThrow()

  const basketId = await givenBasket(platform.db, sellerId, [
    { variantId, quantity: 2 },
    { variantId: shirt.variantId, quantity: 2 },
  ])
  // Each fits alone; together there are too few shirts, and both lines say so.
  const placed = await placeOrder(platform, anOrder({ basketId, artistId: release.artistId }))
  expect(placed.ok ? null : placed.error).toEqual({
    problem: 'lines',
    lines: new Map([
      [variantId, { problem: 'sold-out', left: 2 }],
      [shirt.variantId, { problem: 'sold-out', left: 5 }],
    ]),
  })

  const orderId = await buy(variantId, 'max@buyers.example', 2)
  expect(await seen(libraryPath(platform.signer, 'max@buyers.example'))).toContain('Tides as FLAC')
  expect(await seen(orderPath(platform.signer, orderId))).toContain('in “Both”')
  const { stock } = await platform.db
    .selectFrom('variants')
    .select('stock')
    .where('id', '=', shirt.variantId)
    .executeTakeFirstOrThrow()
  expect(stock).toBe(1)
  expect(await seen(`/${release.artistSlug}/shop/both`)).toContain('Sold out.')
})

test('a bundle with something in it that may not be, or is no longer there, is not offered again until it is made without', async () => {
  const [shirt, poster] = [await product({ title: 'The shirt' }), await product({ title: 'The poster' })]
  const plan = await product({ kind: 'membership', every: 'month', subject: null, title: 'The kitchen' })
  for (const [other, isOffered] of [
    [plan, false],
    [poster, true],
  ] as const) {
    const { productId } = await product({ kind: 'bundle', subject: null, title: 'Of before', price: 900 })
    await platform.db.updateTable('products').set({ state: 'withdrawn' }).where('id', '=', productId).execute()
    await platform.db
      .insertInto('bundleParts')
      .values(
        [shirt, other].map(({ variantId }, position) => ({ bundleId: productId, variantId, quantity: 1, position })),
      )
      .execute()
    const stateOf = async () =>
      (await platform.db.selectFrom('products').select('state').where('id', '=', productId).executeTakeFirstOrThrow())
        .state
    const offered = await send(`/studio/shop/${productId}/offer`, [])
    expect(offered.status).toBe(isOffered ? 303 : 422)
    expect(offered.html.includes('Something of it is no longer there. Choose anew what is in it.')).toBe(!isOffered)
    expect(await stateOf()).toBe(isOffered ? 'offered' : 'withdrawn')
    // Withdrawn it is by one press, whatever is in it.
    await platform.db
      .updateTable('variants')
      .set({ removedAt: platform.now() })
      .where('id', '=', other.variantId)
      .execute()
    expect((await send(`/studio/shop/${productId}/withdraw`, [])).status).toBe(303)
    expect((await send(`/studio/shop/${productId}/offer`, [])).status).toBe(422)
  }
})

test('what was ordered for nothing before it is out is told of on the day as well', async () => {
  const { variantId, productId } = await product({
    ...{ subject: `release:${release.releaseId}`, title: 'Tides, given', pricing: 'free' as const, price: 0 },
  })
  const releasedAt = new Date(platform.now().getTime() + 3 * DAY)
  await platform.db.updateTable('products').set({ releasedAt }).where('id', '=', productId).execute()
  const basketId = await givenBasket(platform.db, sellerId, [{ variantId }])
  const mail = 'ida@buyers.example'
  const said = { basketId, artistId: release.artistId, mail, mailKey: mail, language: 'en' as const, shipping: 0 }
  expect(await placeOrder(platform, anOrder(said))).toMatchObject({ ok: true, value: { paid: true } })
  platform.pass(4 * DAY)
  await platform.db.transaction().execute((tx) => addJob(tx, 'shop.released', { productId }))
  await workOff(platform, ['shop.released', 'shop.mail-released'])
  const told = platform.mails.filter(({ to, subject }) => to === mail && subject.startsWith('It is out'))
  expect(told).toHaveLength(1)
})
