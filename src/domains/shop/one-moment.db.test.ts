import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import { givenSeller, howManyWait, type TestPlatform, testPlatform } from '../../testing/index.ts'
import { createArtist } from '../identity/index.ts'
import { giveUpOrder, type NewOrder, placeOrder } from './index.ts'
import { linesOf } from './order.store.ts'
import { anOrder, givenBasket, givenProduct } from './shop.fixtures.ts'

let platform: TestPlatform
let artistId: string
let sellerId: string
beforeAll(async () => {
  platform = await testPlatform()
})
beforeEach(async () => {
  artistId = (await inTx((tx) => createArtist(tx, { name: `Ana ${newId()}` }))).id
  sellerId = await givenSeller(platform.db, { artistId, vatRegime: 'registered', vatNumber: 'FR40303265045' })
})
afterAll(() => platform.close())

const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => platform.db.transaction().execute(work)
const product = (said: Partial<Parameters<typeof givenProduct>[1]> = {}) =>
  givenProduct(platform.db, { artistId, sellerId, ...said })
const vinylOf = (stock: number) => product({ price: 2000, weight: 300, stock })
const free = () => product({ pricing: 'free', price: 0 })

type Wish = { variantId: string; quantity: number }
/** A buyer with these things in their basket, who is about to press. */
async function buyer(...wishes: Wish[]) {
  const order = anOrder({ basketId: await givenBasket(platform.db, sellerId, wishes), artistId })
  return { order, wishes, press: () => placeOrder(platform, order) }
}
const standing = ({ formKey }: Pick<NewOrder, 'formKey'>) =>
  platform.db.selectFrom('orders').selectAll().where('formKey', '=', formKey).executeTakeFirst()
const inBasket = ({ basketId }: Pick<NewOrder, 'basketId'>): Promise<Wish[]> =>
  platform.db
    .selectFrom('basketLines')
    .select(['variantId', 'quantity'])
    .where('basketId', '=', basketId)
    .orderBy('addedAt')
    .execute()
const leftOf = async (variantId: string) => {
  const { stock, held } = await platform.db
    .selectFrom('variants')
    .select(['stock', 'held'])
    .where('id', '=', variantId)
    .executeTakeFirstOrThrow()
  return { stock, held, left: stock === null ? null : stock - held }
}

describe('who is told that it is sold out has no order, and keeps their basket,', () => {
  // Beside the two in the transaction: somebody who is a problem, and somebody who has all they want.
  test.each(['gone', 'free'] as const)(
    'though a copy comes back before the lot that they share is kept; beside them one of: %s',
    async (beside) => {
      // Made in this order, and counted in it when an order is kept.
      const [song, patch, vinyl, gone] = [await free(), await vinylOf(9), await vinylOf(2), await product()]
      await platform.db.updateTable('products').set({ state: 'withdrawn' }).where('id', '=', gone.productId).execute()
      const one = ({ variantId }: { variantId: string }) => buyer({ variantId, quantity: 1 })
      const first = await (await one(vinyl)).press()
      if (!first.ok) throw new Error(first.error.problem)
      // Two who are being placed already, so that those who come go together.
      const others = [await one(song), await one(song)]
      const both = [patch, vinyl].map(({ variantId }) => ({ variantId, quantity: 1 }))
      const lot = [await one({ gone, free: song }[beside]), await buyer(...both), await buyer(...both)]

      // One copy is left for the two. Who has the other gives it up in this very moment: it is back when that is kept, and not before. Until then somebody counts
      // the patches: whoever is short of the copy, and kept all the same, waits for these and finds it there.
      const [givenUp, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const giving = inTx(async (tx) => {
        await tx.selectFrom('variants').select('id').where('id', '=', patch.variantId).forNoKeyUpdate().execute()
        await giveUpOrder(tx, first.value.orderId, 'cancelled', platform.now())
        givenUp.resolve()
        await end.promise
      })
      await givenUp.promise
      const placing = Promise.all([...others, ...lot].map(({ press }) => press()))
      let isAnswered = false
      void placing.then(() => {
        isAnswered = true
      })
      await expect.poll(async () => isAnswered || (await howManyWait(platform.pool)) > 0).toBe(true)
      end.resolve()
      await giving
      const outcomes = await placing

      for (const [index, { order, wishes }] of [...others, ...lot].entries()) {
        const has = await standing(order)
        expect(outcomes[index]?.ok).toBe(has !== undefined)
        expect(await inBasket(order)).toEqual(has ? [] : wishes)
      }
      expect(outcomes.slice(0, 2).every(({ ok }) => ok)).toBe(true)
      if (beside === 'free') expect(outcomes[2]?.ok).toBe(true)
      const { stock, held } = await leftOf(vinyl.variantId)
      const kept = await platform.db
        .selectFrom('stockHolds')
        .select('quantity')
        .where('variantId', '=', vinyl.variantId)
        .execute()
      expect({ stock, held }).toEqual({ stock: 2, held: kept.length })
      expect(kept.length).toBeGreaterThan(0)
    },
  )
})

test('several buyers at one moment, baskets of all sorts, fewer things than are wanted: each has the whole of theirs or nothing of it, nothing is oversold, nobody is refused what there is', async () => {
  const wish = fc.record({ thing: fc.nat({ max: 3 }), quantity: fc.integer({ min: 1, max: 3 }) })
  const wishes = fc.uniqueArray(wish, { minLength: 1, maxLength: 3, selector: ({ thing }) => thing })
  await fc.assert(
    fc.asyncProperty(
      fc.array(wishes, { minLength: 3, maxLength: 14 }),
      fc.tuple(fc.nat({ max: 6 }), fc.nat({ max: 6 })),
      async (wanted, [vinyls, patches]) => {
        const [vinyl, patch, song] = [await vinylOf(vinyls), await vinylOf(patches), await free()]
        const bundle = await product({ kind: 'bundle', price: 3000, subject: null })
        await platform.db
          .insertInto('bundleParts')
          .values(
            [vinyl, patch].map(({ variantId }, index) => ({
              ...{ bundleId: bundle.productId, variantId, quantity: index + 1 },
            })),
          )
          .execute()
        const things = [song, vinyl, patch, bundle]
        const buyers = []
        for (const each of wanted)
          buyers.push(
            await buyer(
              ...each.map(({ thing, quantity }) => ({ variantId: things[thing]?.variantId ?? '', quantity })),
            ),
          )
        const outcomes = await Promise.all(buyers.map(({ press }) => press()))

        /** How many of each are in orders. */
        const sold = new Map<string, number>()
        for (const [index, { order, wishes: wished }] of buyers.entries()) {
          const outcome = outcomes[index]
          const has = await standing(order)
          expect(outcome?.ok).toBe(has !== undefined)
          expect(await inBasket(order)).toEqual(has ? [] : wished)
          if (!has) continue
          const lines = await linesOf(platform.db, has.id)
          const isOf = (variantId: string) =>
            lines.filter((line) => line.variantId === variantId).reduce((sum, { quantity }) => sum + quantity, 0)
          const times = ({ variantId }: typeof song) => wished.find((one) => one.variantId === variantId)?.quantity ?? 0
          expect([song, vinyl, patch].map(({ variantId }) => isOf(variantId))).toEqual([
            times(song),
            times(vinyl) + times(bundle),
            times(patch) + 2 * times(bundle),
          ])
          for (const { variantId } of [vinyl, patch]) sold.set(variantId, (sold.get(variantId) ?? 0) + isOf(variantId))
        }
        const left = new Map<string, number>([[song.variantId, Number.POSITIVE_INFINITY]])
        for (const { variantId } of [vinyl, patch]) {
          const now = await leftOf(variantId)
          expect(now.held).toBe(sold.get(variantId) ?? 0)
          expect(now.left).toBeGreaterThanOrEqual(0)
          left.set(variantId, now.left ?? 0)
        }
        // Nothing came back meanwhile: what they could not have then, they could not have now.
        for (const [index, { wishes: wished }] of buyers.entries()) {
          const outcome = outcomes[index]
          if (!outcome || outcome.ok) continue
          expect(outcome.error.problem).toBe('lines')
          if (outcome.error.problem !== 'lines') continue
          const need = (variantId: string, each: number) =>
            (wished.find((one) => one.variantId === variantId)?.quantity ?? 0) +
            each * (wished.find((one) => one.variantId === bundle.variantId)?.quantity ?? 0)
          const lacks = (variantId: string, each: number) => need(variantId, each) > (left.get(variantId) ?? 0)
          expect(lacks(vinyl.variantId, 1) || lacks(patch.variantId, 2)).toBe(true)
          expect([...outcome.error.lines.values()].every(({ problem }) => problem === 'sold-out')).toBe(true)
        }
      },
    ),
    { numRuns: 20 },
  )
}, 120_000)
