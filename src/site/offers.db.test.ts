import { afterAll, beforeAll, expect, test } from 'vitest'
import { releasePath, trackPath } from '../domains/music/index.ts'
import { newId } from '../platform/ids.ts'
import {
  FORM,
  type GivenRelease,
  givenRelease,
  givenSeller,
  type TestPlatform,
  testApp,
  testPlatform,
} from '../testing/index.ts'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let given: GivenRelease
let sellerId: string
let page: string
let track: string

beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  given = await givenRelease(platform, { artist: 'Nora Vey', title: 'Salt' })
  sellerId = await givenSeller(platform.db, { artistId: given.artistId })
  page = releasePath(given.artistSlug, given.releaseSlug)
  track = trackPath(given.artistSlug, given.releaseSlug, 'two')
})
afterAll(() => platform.close())

const html = async (path: string, lang = 'en') =>
  (await app.request(path, { headers: { accept: 'text/html', 'accept-language': lang } })).text()

type Said = { title: string; subject?: string; kind?: 'download' | 'record' | 'bundle'; variants?: string[] }
async function offer({ title, subject, kind = 'download', variants = [''] }: Said, more: object = {}) {
  const id = newId()
  const ids = variants.map(() => newId())
  await platform.db
    .insertInto('products')
    .values({
      ...{ id, artistId: given.artistId, sellerId, kind, title, slug: id, subject: subject ?? null, currency: 'EUR' },
      ...{ state: 'offered', pricing: 'fixed', price: 2200, suggested: null, releasedAt: null, ...more },
    })
    .execute()
  await platform.db
    .insertInto('variants')
    .values(
      variants.map((name, position) => ({
        ...{ id: ids[position] ?? '', productId: id, name, position, price: null, stock: null, removedAt: null },
        weight: kind === 'record' ? 300 : null,
      })),
    )
    .execute()
  return { id, ids }
}

test('what can be had of a release stands on its page, and one press puts it in the basket', async () => {
  expect(await html(page)).not.toContain('Make it yours')
  const download = await offer(
    { title: 'Salt', subject: `release:${given.releaseId}` },
    { pricing: 'named', price: 300, suggested: 800 },
  )
  const record = await offer({
    title: 'Salt on vinyl',
    subject: `release:${given.releaseId}`,
    kind: 'record',
    variants: ['Black', 'Sand'],
  })
  const single = await offer({ title: 'Two, alone', subject: `track:${given.tracks[1]?.trackId}` })
  await offer({ title: 'A draft', subject: `release:${given.releaseId}` }, { state: 'draft' })
  await offer({ title: 'Of something else', kind: 'record' })

  const said = await html(page)
  expect(said).toContain('Make it yours')
  expect(said).toContain('value="8.00"')
  expect(said).toMatch(/from €3\.00/)
  expect(said).toContain('FLAC')
  expect(said).toContain('€22.00')
  for (const name of ['Black', 'Sand']) expect(said).toContain(name)
  for (const other of ['Two, alone', 'A draft', 'Of something else']) expect(said).not.toContain(other)
  expect(await html(page, 'fr')).toContain('Se le procurer')
  // A track's own offer comes before those of the release that it is on.
  const ofTrack = await html(track)
  const places = ['Two, alone', 'Salt on vinyl'].map((title) => ofTrack.indexOf(`>${title}</a>`))
  expect(places[0]).toBeGreaterThan(0)
  expect(places[0]).toBeLessThan(places[1] ?? 0)
  // No two things of a page share an id.
  const ids = [...ofTrack.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
  expect(ids).toEqual([...new Set(ids)])

  const add = (form: Record<string, string>, cookie = '') =>
    app.request('/basket/add', {
      method: 'POST',
      headers: { ...FORM, cookie },
      body: new URLSearchParams(form).toString(),
    })
  const first = await add({ product: download.id, variant: download.ids[0] ?? '', named: '8.00' })
  expect([first.status, first.headers.get('location')]).toEqual([303, '/basket'])
  const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? ''
  await add({ product: record.id, variant: record.ids[1] ?? '' }, cookie)
  await add({ product: single.id, variant: single.ids[0] ?? '' }, cookie)
  const lines = await platform.db
    .selectFrom('basketLines')
    .select(['variantId', 'named'])
    .orderBy('variantId')
    .execute()
  expect(lines).toEqual(
    [
      { variantId: download.ids[0], named: 800 },
      { variantId: record.ids[1], named: null },
      { variantId: single.ids[0], named: null },
    ].sort((a, b) => ((a.variantId ?? '') < (b.variantId ?? '') ? -1 : 1)),
  )
})

test('a bundle stands on the page of what is in it', async () => {
  const inside = await offer({ title: 'Salt, within', subject: `release:${given.releaseId}` }, { state: 'withdrawn' })
  const bundle = await offer({ title: 'All of the salt', kind: 'bundle' })
  await platform.db
    .insertInto('bundleParts')
    .values({ bundleId: bundle.id, variantId: inside.ids[0] ?? '' })
    .execute()
  expect(await html(page)).toContain('All of the salt')
})

test('search engines find a shop and what it offers, with its price; a basket and a shop without anything they do not keep', async () => {
  const shirt = await offer({ title: 'A <shirt>', kind: 'record', variants: ['Small', 'Large'] }, { slug: 'shirt' })
  await platform.db
    .updateTable('variants')
    .set({ stock: 0 })
    .where('id', '=', shirt.ids[1] ?? '')
    .execute()
  const tip = await offer({ title: 'A hat' }, { kind: 'tip', pricing: 'named', price: 100, slug: 'hat' })
  expect(tip.id).toBeTruthy()
  const at = `http://ritornello.test/${given.artistSlug}/shop`
  const pageOf = (path: string, lang?: string) => html(path.replace('http://ritornello.test', ''), lang)
  const ldOf = (said: string) =>
    JSON.parse(said.match(/<script type="application\/ld\+json">(.*?)<\/script>/s)?.[1] ?? 'null')

  const product = await pageOf(`${at}/shirt?currency=USD`)
  expect(product).not.toContain('noindex')
  expect(product).toContain(`<link rel="canonical" href="${at}/shirt"/>`)
  expect(product).toContain(`<link rel="alternate" hreflang="fr" href="${at}/shirt?lang=fr"/>`)
  expect(product).toMatch(/<meta name="description" content="[^"]*Nora Vey[^"]*€22\.00/)
  expect(await pageOf(`${at}/shirt`, 'fr')).toMatch(/<meta name="description" content="[^"]*, de Nora Vey/)
  expect(ldOf(product)).toMatchObject({
    ...{ '@type': 'Product', name: 'A <shirt>', url: `${at}/shirt` },
    offers: [
      { name: 'A <shirt>, Small', price: '22.00', priceCurrency: 'EUR', availability: 'https://schema.org/InStock' },
      { name: 'A <shirt>, Large', price: '22.00', availability: 'https://schema.org/SoldOut' },
    ],
  })
  expect(ldOf(await pageOf(`${at}/hat`))['@type']).toBe('WebPage')
  const shop = await pageOf(at)
  expect(shop).not.toContain('noindex')
  expect(ldOf(shop).itemListElement.map(({ url }: { url: string }) => url)).toContain(`${at}/shirt`)

  for (const path of ['/basket', '/library']) expect(await html(path), path).toContain('content="noindex"')
  const bare = await givenRelease(platform, { artist: 'Bo Without', title: 'Bare' })
  expect(await html(`/${bare.artistSlug}/shop`)).toContain('content="noindex"')

  const urls = async (path: string) =>
    [...(await (await app.request(path)).text()).matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, url]) => url)
  await expect.poll(() => urls('/sitemap.xml')).toContain('http://ritornello.test/sitemap.xml?shop=1')
  const mapped = await urls('/sitemap.xml?shop=1')
  expect(mapped).toEqual(expect.arrayContaining([at, `${at}/shirt`, `${at}/hat`]))
  expect(mapped.join()).not.toContain(bare.artistSlug)
  expect((await app.request('/sitemap.xml?shop=2')).status).toBe(404)
})
