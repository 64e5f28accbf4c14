import { afterAll, beforeAll, expect, test } from 'vitest'
import { givenSeller, signedIn, type TestPlatform, testPlatform } from '../../testing/index.ts'
import { createArtist } from '../identity/index.ts'
import { editProduct, type ProductEdit } from './edit-product.ts'
import { placeOrder } from './index.ts'
import { productById } from './product.views.ts'
import { anOrder, givenBasket, givenProduct } from './shop.fixtures.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

test('what is saved over somebody’s changes, or takes away what an unpaid order keeps, leaves all as it was', async () => {
  const { db } = platform
  const artistId = (await db.transaction().execute((tx) => createArtist(tx, { name: 'Ana' }))).id
  const by = (await signedIn(platform, { artistIds: [artistId] })).accountId
  const sellerId = await givenSeller(db, { artistId })
  const { productId, variantId } = await givenProduct(db, { artistId, sellerId, weight: 100, stock: 3, price: 900 })
  const basketId = await givenBasket(db, sellerId, [{ variantId, quantity: 2 }])
  await placeOrder(platform, anOrder({ basketId, artistId }))

  const edit = (stock: number): ProductEdit => ({
    ...{
      title: 'Renamed',
      description: '',
      subject: null,
      pricing: 'fixed',
      price: 1000,
      suggested: null,
      every: null,
    },
    givesAll: false,
    variants: [{ id: variantId, name: 'Black', price: null, weight: 100, stock }],
    ...{ parts: [], releasedAt: null, early: [], customsName: 'Vinyl record', hsCode: '852380', origin: 'FR' },
  })
  const save = (version: number, stock: number) => editProduct(platform, { productId, version, edit: edit(stock), by })
  expect(await save(1, 1)).toEqual({ ok: false, error: 'fewer-than-held' })
  expect(await save(2, 5)).toEqual({ ok: false, error: 'changed' })
  expect(await productById(db, productId)).toMatchObject({
    title: 'A thing',
    version: 1,
    variants: [{ name: '', stock: 3 }],
  })

  expect(await save(1, 2)).toEqual({ ok: true, value: null })
  expect(await productById(db, productId)).toMatchObject({
    title: 'Renamed',
    version: 2,
    variants: [{ name: 'Black', stock: 2, held: 2 }],
  })
})
