import { afterAll, beforeAll, expect, test } from 'vitest'
import { FORM, givenSeller, type TestPlatform, testApp, testPlatform } from '../../testing/index.ts'
import { createArtist, createLabel } from '../identity/index.ts'
import { givenProduct } from './shop.fixtures.ts'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let artistId: string
beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  artistId = (await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Ana' }))).id
})
afterAll(() => platform.close())

const send = (path: string, fields: Record<string, string>, cookie = '') =>
  app.request(path, { method: 'POST', headers: { ...FORM, cookie }, body: new URLSearchParams(fields).toString() })
const basket = async (cookie = '') => (await app.request('/basket?lang=fr', { headers: { cookie } })).text()

/** Puts something aside and takes it out again. */
async function emptied(variant: { productId: string; variantId: string }): Promise<string> {
  const added = await send('/basket/add', { product: variant.productId, variant: variant.variantId })
  const cookie = /basket=[^;]+/.exec(added.headers.get('set-cookie') ?? '')?.[0] ?? ''
  const full = await basket(cookie)
  expect(full).not.toContain('Votre panier est vide')
  const lines = /action="(\/basket\/[^/]+\/lines)"/.exec(full)?.[1] ?? ''
  expect((await send(lines, { variant: variant.variantId, quantity: '0', named: '' }, cookie)).status).toBe(303)
  return cookie
}

test('an empty basket says so and leads home, or back to where one was last', async () => {
  const first = await basket()
  expect(first).toContain('Votre panier est vide')
  expect(first).toMatch(/<a class="button main" href="\/">Retour à l’accueil/)

  const sellerId = await givenSeller(platform.db, { artistId })
  const cookie = await emptied(await givenProduct(platform.db, { artistId, sellerId, price: 500 }))
  const after = await basket(cookie)
  expect(after).toContain('Votre panier est vide')
  expect(after).toMatch(/<a class="button main" href="\/ana\/shop">Retour à la boutique d’Ana/)
})

test('who put something of a label aside is led to the label’s page', async () => {
  const label = await platform.db.transaction().execute((tx) => createLabel(tx, { name: 'Quai', ownerId: null }))
  const sellerId = await givenSeller(platform.db, { labelId: label.id })
  const cookie = await emptied(await givenProduct(platform.db, { artistId, sellerId, price: 500 }))
  expect(await basket(cookie)).toMatch(/<a class="button main" href="\/quai">Retour à la boutique de Quai/)
})
