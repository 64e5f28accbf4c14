import { afterAll, beforeAll, expect, test } from 'vitest'
import { FORM, givenSeller, type TestPlatform, testApp, testPlatform } from '../../testing/index.ts'
import { wayOf } from '../exchange/index.ts'
import { createArtist } from '../identity/index.ts'
import { productPath } from './paths.rules.ts'
import { givenProduct } from './shop.fixtures.ts'

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
