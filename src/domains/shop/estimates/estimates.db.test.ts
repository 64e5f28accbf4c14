import { afterAll, beforeAll, expect, test } from 'vitest'
import { FORM, givenSeller, type TestPlatform, testApp, testPlatform } from '../../../testing/index.ts'
import { createArtist } from '../../identity/index.ts'
import { givenProduct } from '../shop.fixtures.ts'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let slug: string
let product: { productId: string; variantId: string }

beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  const artist = await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Ana' }))
  slug = artist.slug
  const sellerId = await givenSeller(platform.db, { artistId: artist.id })
  product = await givenProduct(platform.db, { artistId: artist.id, sellerId, title: 'A shirt', price: 1234 })
})
afterAll(() => platform.close())

const seen = async (path: string, cookie = '') =>
  (await app.request(path, { headers: { 'accept-language': 'en', cookie } })).text()
const rate = (currency: string, value: string, daysAgo: number) =>
  platform.db
    .insertInto('euroRates')
    .values({
      ...{ currency, rate: value },
      day: new Date(platform.now().getTime() - daysAgo * 86_400_000).toISOString().slice(0, 10),
    })
    .execute()

test('without fresh rates nothing is offered; with them, what the address asks for is shown, to whoever asks and to nobody else', async () => {
  await rate('GBP', '0.50', 20)
  expect(await seen(`/${slug}/shop?currency=GBP`)).not.toContain('about')
  expect(await seen(`/${slug}/shop`)).not.toContain('Prices also in')

  await rate('GBP', '0.86', 1)
  await rate('JPY', '163.45', 1)
  const shop = await seen(`/${slug}/shop?currency=GBP`)
  expect(shop).toContain('about £10.60')
  expect(shop).toContain(`/${slug}/shop/${product.productId}?currency=GBP`)
  expect(await seen(`/${slug}/shop/${product.productId}?currency=JPY`)).toContain('about JP¥2,020')
  expect(await seen(`/${slug}/shop`)).not.toContain('about £')
  expect(await seen(`/${slug}/shop?currency=XXX`)).not.toContain('about')
  // The artist's page is one page for everybody.
  expect(await seen(`/${slug}?currency=GBP`)).not.toContain('about £')

  const added = await app.request('/basket/add', {
    method: 'POST',
    headers: FORM,
    body: new URLSearchParams({ product: product.productId, variant: product.variantId, estimate: 'GBP' }),
  })
  expect(added.headers.get('location')).toBe('/basket?currency=GBP')
  const basket = await seen('/basket?currency=GBP', added.headers.get('set-cookie')?.split(';')[0])
  expect(basket).toContain('€12.34')
  expect(basket).toContain('about £10.60')
})
