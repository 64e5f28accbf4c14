import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  FORM,
  givenSeller,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
} from '../../testing/index.ts'
import { createArtist } from '../identity/index.ts'
import { shopBelongings } from './belongings.ts'
import { studioPictures } from './pictures.views.ts'
import { forgetRemovedPictures, KEPT_DAYS, MOST_PICTURES } from './product-pictures.ts'
import { givenProduct } from './shop.fixtures.ts'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let artist: { id: string; slug: string }
let owner: SignedIn
let product: { productId: string; variantId: string }
let path: string

beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  artist = await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Ana' }))
  owner = await signedIn(platform, { artistIds: [artist.id] })
  const sellerId = await givenSeller(platform.db, { artistId: artist.id })
  product = await givenProduct(platform.db, { artistId: artist.id, sellerId, weight: 100, title: 'A shirt' })
  path = `/studio/shop/${product.productId}/pictures`
})
afterAll(() => platform.close())

const field = (background: string) =>
  sharp({ create: { width: 700, height: 400, channels: 3, background } })
    .png()
    .toBuffer()

async function send(bytes: Uint8Array, words: Record<string, string>, who = owner) {
  const body = new FormData()
  body.set('picture', new File([new Uint8Array(bytes)], 'x.jpg', { type: 'image/jpeg' }))
  for (const [name, value] of Object.entries(words)) body.set(name, value)
  const { 'content-type': _, ...rest } = FORM
  const answer = await app.request(path, { method: 'POST', headers: { ...rest, ...who.headers }, body })
  return { status: answer.status, html: await answer.text() }
}
async function press(to: string, form: Record<string, string> = {}, who = owner) {
  const answer = await app.request(`${path}/${to}`, {
    method: 'POST',
    headers: { ...FORM, ...who.headers },
    body: new URLSearchParams(form),
  })
  return { status: answer.status, to: answer.headers.get('location') ?? '', html: await answer.text() }
}
const seen = async (at: string, who?: SignedIn) => (await app.request(at, { headers: who?.headers ?? {} })).text()
const shown = async () =>
  (await studioPictures(platform.db, product.productId)).filter(({ removedAt }) => removedAt === null)

test('photographs are added with what they show, put in order, taken off and put back, and visitors see them in their widths', async () => {
  const silent = await send(await field('#a33'), { alt: ' ' })
  expect(silent.status).toBe(422)
  expect(silent.html).toContain('Say what the picture shows')
  const text = await send(new TextEncoder().encode('a shopping list'), { alt: 'A list' })
  expect(text.status).toBe(422)
  expect(text.html).toContain('This is not a picture that we can read.')
  // What was typed is not lost.
  expect(text.html).toContain('value="A list"')
  expect(await shown()).toEqual([])

  expect((await send(await field('#a33'), { alt: 'The front', variant: product.variantId })).status).toBe(303)
  expect((await send(await field('#3a3'), { alt: 'The back' })).status).toBe(303)
  const [front, back] = await shown()
  expect([front?.alt, back?.alt]).toEqual(['The front', 'The back'])
  expect(front?.variantId).toBe(product.variantId)

  const page = await seen(`/${artist.slug}/shop/${product.productId}`)
  expect(page).toMatch(/<source type="image\/avif" srcset="[^"]*640\.avif 640w/)
  expect(page.indexOf('alt="The front"')).toBeLessThan(page.indexOf('alt="The back"'))
  expect(await seen(`/${artist.slug}/shop`)).toContain(`/media/image/${front?.picture.sha256}/`)

  await press(`${back?.id}/earlier`)
  await press(`${back?.id}/earlier`)
  expect((await shown()).map(({ alt }) => alt)).toEqual(['The back', 'The front'])
  expect(await seen(`/${artist.slug}/shop`)).toContain(`/media/image/${back?.picture.sha256}/`)

  expect((await press(`${front?.id}`, { alt: '' })).status).toBe(422)
  await press(`${front?.id}`, { alt: 'The front, with a boat' })
  expect((await shown())[1]).toMatchObject({ alt: 'The front, with a boat', variantId: null })

  const gone = await press(`${front?.id}/remove`)
  expect(await seen(gone.to, owner)).toContain('“The front, with a boat” was taken off.')
  expect(await seen(`/${artist.slug}/shop/${product.productId}`)).not.toContain('with a boat')
  await press(`${front?.id}/restore`)
  expect((await shown()).map(({ alt }) => alt)).toEqual(['The back', 'The front, with a boat'])

  const stranger = await signedIn(platform, {})
  expect((await press(`${front?.id}/remove`, {}, stranger)).status).toBe(404)
})

test('they leave in the archive with their words, and none comes beyond the most', async () => {
  const files = new Map<string, string>()
  const packed = shopBelongings.pack?.(
    platform.db,
    { kind: 'artist', id: artist.id, name: 'Ana', slug: artist.slug, language: 'en' },
    {
      may: () => true,
      extensionOf: async () => '.png',
    } as unknown as Parameters<typeof shopBelongings.pack>[2],
  )
  for await (const file of packed ?? [])
    files.set(file.path, 'text' in file ? String(file.text) : 'key' in file ? file.key : '')
  const [known] = JSON.parse(files.get('shop/products.json') ?? '[]')
  expect(known.pictures).toEqual([
    { file: `pictures/${product.productId}-1.png`, alt: 'The back', variant: null },
    { file: `pictures/${product.productId}-2.png`, alt: 'The front, with a boat', variant: null },
  ])
  expect(files.get(`shop/pictures/${product.productId}-1.png`)).toMatch(/^images\/[0-9a-f]{64}\/original$/)

  const [first] = await shown()
  await press(`${first?.id}/remove`)
  for (let n = 1; n < MOST_PICTURES; n++) await send(await field('#33a'), { alt: `Number ${n}` })
  const beyond = await send(await field('#33a'), { alt: 'One more' })
  expect(beyond.status).toBe(422)
  expect((await press(`${first?.id}/restore`)).html).toContain('12 photographs are the most.')

  const later = { db: platform.db, now: () => new Date(platform.now().getTime() + (KEPT_DAYS + 1) * 86_400_000) }
  await forgetRemovedPictures(platform)
  expect(await studioPictures(platform.db, product.productId)).toHaveLength(MOST_PICTURES + 1)
  await forgetRemovedPictures(later)
  expect(await studioPictures(platform.db, product.productId)).toHaveLength(MOST_PICTURES)
})
