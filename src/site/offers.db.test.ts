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
