import { createArtist } from '../src/domains/identity/index.ts'
import { type NewOrder, placeOrder, settleOrder } from '../src/domains/shop/index.ts'
import { newId, newToken } from '../src/platform/ids.ts'
import type { Platform } from '../src/platform/platform.ts'
import { givenSeller } from '../src/testing/seller.ts'
import { embeddedDatabase } from './support/database.ts'
import { countFromArguments } from './support/fanout.ts'
import { inTurn } from './support/hands.ts'
import { compare, sayNoise, sayRatio } from './support/rounds.ts'
import { scene } from './support/scene.ts'

export const title =
  'whole orders a second, free and by transfer, 32 buyers at once, against as many bare durable inserts of one row'

const BUYERS = 32
const ORDERS = 1_600
const ROUNDS = 5
const WANTED = 400
const COPIES = 150

export const bench = () =>
  scene(async (place) => {
    const platform = await embeddedDatabase(place, BUYERS)
    const { db, pool } = platform
    const { id: artistId } = await db.transaction().execute((tx) => createArtist(tx, { name: 'Bench Artist' }))
    const sellerId = await givenSeller(db, { artistId })
    const orders = countFromArguments(ORDERS)

    const whose = { artistId, sellerId }
    const song = await offered(db, { ...whose, price: 0, copies: null })
    const records = await Promise.all([1, 2].map(() => offered(db, { ...whose, price: 2_000, copies: 1_000_000 })))
    // Half take a song for nothing; the others order a record, of which there are so many, and pay by transfer.
    const wanted = [song, records[0], song, records[1]] as string[]

    const buy = async (basketId: string) => {
      const placed = await placeOrder(platform, orderOf(basketId, artistId))
      if (!placed.ok) throw new Error(JSON.stringify(placed.error))
      const { orderId, total: amount, currency, paid } = placed.value
      if (!paid)
        await db.transaction().execute((tx) =>
          settleOrder(tx, {
            ...{ orderId, amount, currency },
            provider: 'manual',
            reference: orderId,
            at: platform.now(),
          }),
        )
    }
    const ours = async () => {
      const baskets = await inTurn(orders, BUYERS, (n) => basketWith(db, sellerId, wanted[n % wanted.length] as string))
      return perSecond(orders, (n) => buy(baskets[n] as string))
    }
    await pool.query('create table bare_orders (id uuid primary key, body text not null)')
    const body = 'x'.repeat(200)
    const theirs = () =>
      perSecond(orders, async () => {
        await pool.query({
          name: 'bare',
          text: 'insert into bare_orders (id, body) values ($1, $2)',
          values: [newId(), body],
        })
      })

    const { 'a second': rate } = await compare(ROUNDS, ours, theirs)
    console.log(`Whole orders a second: ${rate.ours.toFixed(0)}; bare inserts: ${rate.theirs.toFixed(0)}`)
    sayRatio('Ratio', rate, { least: 0.15 })
    const { rows } = await pool.query<Record<'paid' | 'sales' | 'returns' | 'receipts' | 'sum', number>>(`
      select (select count(*) from orders where state = 'paid')::int as paid, (select count(*) from ledger_entries where kind = 'sale')::int as sales,
        (select coalesce(sum(amount), 0) from ledger_lines)::int as sum, (select count(*) from returns)::int as returns,
        (select count(distinct payload ->> 'orderId') from graphile_worker._private_jobs)::int as receipts`)
    const [sums] = rows
    console.log(
      `${sums?.paid} orders paid, ${sums?.sales} sales in the books (their sum: ${sums?.sum}), ${sums?.returns} returns, ${sums?.receipts} receipts queued`,
    )
    await lastCopies(platform, { artistId, sellerId })
    sayNoise()
  })

/** More want it than there are, all at once. */
async function lastCopies(platform: Platform, whose: { artistId: string; sellerId: string }): Promise<void> {
  const { db, pool } = platform
  const variantId = await offered(db, { ...whose, price: 2_000, copies: COPIES })
  const baskets = await inTurn(WANTED, BUYERS, () => basketWith(db, whose.sellerId, variantId))
  const placed = await inTurn(WANTED, BUYERS, (n) =>
    placeOrder(platform, orderOf(baskets[n] as string, whose.artistId)),
  )
  const sold = placed.filter(({ ok }) => ok).length
  const { rows } = await pool.query<{ left: number }>('select stock - held as left from variants where id = $1', [
    variantId,
  ])
  console.log(
    `${COPIES} copies wanted by ${WANTED}: ${sold} ordered, ${WANTED - sold} told that it is sold out, ${rows[0]?.left} left; oversold: ${Math.max(0, sold - COPIES)}`,
  )
}

type Offered = { artistId: string; sellerId: string; price: number; copies: number | null }

/** A record of which there are so many; without a number of copies a song to download. Answers with its variant. */
async function offered(db: Platform['db'], { copies, price, ...whose }: Offered): Promise<string> {
  const [productId, variantId] = [newId(), newId()]
  const [isSong, pricing] = [copies === null, price === 0 ? ('free' as const) : ('fixed' as const)]
  await db
    .insertInto('products')
    .values({
      ...{ id: productId, slug: productId, title: 'A thing', state: 'offered', currency: 'EUR', ...whose },
      ...{ kind: isSong ? 'download' : 'merch', subject: isSong ? `release:${newId()}` : null, releasedAt: null },
      ...{ pricing, price, suggested: null },
    })
    .execute()
  await db
    .insertInto('variants')
    .values({ id: variantId, productId, weight: isSong ? null : 300, stock: copies, price: null, removedAt: null })
    .execute()
  return variantId
}

async function basketWith(db: Platform['db'], sellerId: string, variantId: string): Promise<string> {
  const basketId = newId()
  const row = { id: basketId, tokenHash: newToken(), sellerId, updatedAt: new Date() }
  await db.insertInto('baskets').values(row).execute()
  await db.insertInto('basketLines').values({ basketId, variantId, quantity: 1, named: null }).execute()
  return basketId
}

const ADDRESS = { name: 'A', lines: ['1 quai Sud'], postcode: '44000', city: 'Nantes', region: '', country: 'FR' }

/** A French buyer's, who pays by transfer what costs something. */
const orderOf = (basketId: string, artistId: string): NewOrder => ({
  ...{ formKey: newToken(), basketId, artistId, name: 'A buyer', note: '', language: 'fr', personId: null, way: {} },
  ...{ mail: 'buyer@buyers.example', mailKey: 'buyer@buyers.example' },
  evidence: [{ kind: 'declared', country: 'FR' }],
  ...{ address: ADDRESS, shipping: 450, provider: 'manual', hold: { seconds: 3600 } },
  terms: { version: '1', language: 'fr', waiver: null },
})

async function perSecond(count: number, act: (n: number) => Promise<void>) {
  const began = performance.now()
  await inTurn(count, BUYERS, act)
  return { 'a second': (count * 1000) / (performance.now() - began) }
}
