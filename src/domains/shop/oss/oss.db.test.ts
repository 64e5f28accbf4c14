import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import {
  FORM,
  givenSeller,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
  workOff,
} from '../../../testing/index.ts'
import { createArtist } from '../../identity/index.ts'
import { type NewOrder, placeOrder, recordRefund, settleOrder } from '../index.ts'
import { undoRefund } from '../refund-order.ts'
import { anOrder, givenBasket, givenProduct } from '../shop.fixtures.ts'
import { quarterName } from './oss.rules.ts'
import { ossReport } from './oss.views.ts'

const BANK = `<Cube><Cube time="2026-10-01"><Cube currency="PLN" rate="4.2"/><Cube currency="USD" rate="1.1"/></Cube></Cube>`
let platform: TestPlatform
const bank = createServer((asked, answer) =>
  answer.writeHead(asked.url === '/eurofxref-hist-90d.xml' ? 200 : 404).end(BANK),
)
beforeAll(async () => {
  await new Promise<void>((listening) => bank.listen(0, '127.0.0.1', listening))
  const { port } = bank.address() as AddressInfo
  platform = await testPlatform({ ECB_URL: `http://127.0.0.1:${port}` })
})
afterAll(async () => {
  bank.close()
  await platform.close()
})

const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => platform.db.transaction().execute(work)

async function aShop(said: Parameters<typeof givenSeller>[1] = {}) {
  const artist = await inTx((tx) => createArtist(tx, { name: `Ana ${newId()}` }))
  const registered = { vatRegime: 'registered', vatNumber: 'FR40303265045' } as const
  const sellerId = await givenSeller(platform.db, { artistId: artist.id, ...registered, ...said })
  await platform.db.updateTable('sellers').set({ ossSince: '2026-01-01' }).where('id', '=', sellerId).execute()
  const seller = { id: sellerId, country: said.country ?? 'FR', timeZone: 'UTC' }
  return { artistId: artist.id, slug: artist.slug, sellerId, seller }
}
type Shop = Awaited<ReturnType<typeof aShop>>

async function sold(
  { artistId, sellerId }: Shop,
  said: { country: string; sentTo?: string; download: number; vinyl?: number; at: Date; currency?: string },
): Promise<string> {
  const { country, sentTo = country, download, vinyl = 0, at, currency = 'EUR' } = said
  const of = { artistId, sellerId, currency }
  const things = [await givenProduct(platform.db, { ...of, price: download })]
  if (vinyl) things.push(await givenProduct(platform.db, { ...of, price: vinyl, weight: 300 }))
  const basketId = await givenBasket(platform.db, sellerId, things)
  const buyer: Partial<NewOrder> = {
    evidence: [
      { kind: 'declared', country },
      { kind: 'network', country },
    ],
    address: { name: 'B', lines: ['1'], postcode: '1', city: 'C', region: '', country: sentTo },
  }
  const placed = await placeOrder({ db: platform.db, now: () => at }, anOrder({ basketId, artistId, ...buyer }))
  if (!placed.ok) throw new Error(JSON.stringify(placed.error))
  const { orderId, total } = placed.value
  await inTx((tx) => settleOrder(tx, { orderId, provider: 'manual', reference: orderId, amount: total, currency, at }))
  return orderId
}

const giveBack = (orderId: string, amount: number, at: Date, key = newId()) =>
  inTx((tx) => recordRefund(tx, { orderId, key, amount, reason: '', by: null, at, from: 'manual' }))

const [Q1, Q2, Q3] = [1, 2, 3].map((quarter) => ({ year: 2026, quarter })) as [Quarter, Quarter, Quarter]
type Quarter = { year: number; quarter: number }
const day = (text: string) => new Date(`${text}T12:00:00Z`)

test('a return says what each country is owed, and what came back of earlier quarters as corrections of them', async () => {
  const shop = await aShop()
  const january = await sold(shop, { country: 'DE', download: 1190, at: day('2026-01-10') })
  await sold(shop, { country: 'DE', sentTo: 'ES', download: 1190, vinyl: 2420, at: day('2026-05-10') })
  await sold(shop, { country: 'FR', download: 1200, at: day('2026-05-11') })
  const june = await sold(shop, { country: 'IT', download: 1220, at: day('2026-06-30') })
  await giveBack(june, 1220, day('2026-06-30'))
  await giveBack(january, 595, day('2026-06-01'))

  const report = await ossReport(platform.db, shop.seller, Q2)
  expect(
    report.rows.map(({ country, isGoods, rate, net, tax }) => [country, isGoods, rate, net.euro, tax.euro]),
  ).toEqual([
    ['DE', false, 1900, 1000, 190],
    // The record and its sending.
    ['ES', true, 2100, 2000 + 372, 420 + 78],
  ])
  expect(report.corrections.map(({ sold: of, country, tax }) => [of, country, tax.euro])).toEqual([
    ['2026-Q1', 'DE', -95],
  ])
  expect(report).toMatchObject({ due: 190 + 498 - 95, agrees: true, missing: [] })
  // What was declared stays as it was.
  expect((await ossReport(platform.db, shop.seller, Q1)).due).toBe(190)
})

test('whatever is sold, given back and undone in whatever quarter: all returns together are the books’ VAT of other countries, to the cent', async () => {
  const at = fc.integer({ min: 0, max: 270 }).map((days) => new Date(Date.UTC(2026, 0, 1 + days, 12)))
  const one = fc.record({
    country: fc.constantFrom('FR', 'DE', 'ES', 'US', 'MC'),
    sentTo: fc.constantFrom('FR', 'DE', 'IT'),
    download: fc.integer({ min: 1, max: 9999 }),
    vinyl: fc.integer({ min: 0, max: 9999 }),
    at,
    back: fc.array(fc.record({ share: fc.double({ min: 0.01, max: 1, noNaN: true }), at, undone: fc.boolean() }), {
      maxLength: 3,
    }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 4 }), async (orders) => {
      const shop = await aShop()
      for (const { back, ...said } of orders) {
        const orderId = await sold(shop, said)
        for (const { share, undone, at: when } of back) {
          const { total, refunded } = await platform.db
            .selectFrom('orders')
            .select(['total', 'refunded'])
            .where('id', '=', orderId)
            .executeTakeFirstOrThrow()
          const key = newId()
          const amount = Math.round((total - refunded) * share)
          await giveBack(orderId, amount, when, key)
          if (undone && amount > 0) await inTx((tx) => undoRefund(tx, { orderId, key, at: when, problem: 'closed' }))
        }
      }
      const reports = await Promise.all([Q1, Q2, Q3].map((quarter) => ossReport(platform.db, shop.seller, quarter)))
      for (const { agrees } of reports) expect(agrees).toBe(true)
      const { rows } = await sql<{ tax: number }>`
        select coalesce(-sum(l.amount), 0)::int as tax from ledger_lines l join ledger_accounts a on a.id = l.account_id
        where a.seller_id = ${shop.sellerId} and a.kind = 'vat-collected' and a.of not like 'FR:%'`.execute(platform.db)
      expect(reports.reduce((sum, { due }) => sum + (due ?? Number.NaN), 0)).toBe(rows[0]?.tax)
    }),
    { numRuns: 10 },
  )
})

test('books in another currency are declared in euros, by the rate of the quarter’s last day or the next that was published', async () => {
  const shop = await aShop({ country: 'PL', currency: 'PLN', vatNumber: 'PL5260001246' })
  await sold(shop, { country: 'DE', download: 119_00, currency: 'PLN', at: day('2026-09-30') })
  expect(await ossReport(platform.db, shop.seller, Q3)).toMatchObject({
    due: null,
    missing: [{ currency: 'PLN', day: '2026-09-30' }],
  })
  await addJob(platform.db, 'books.euro-rates', {})
  await workOff(platform, ['books.euro-rates'])
  const report = await ossReport(platform.db, shop.seller, Q3)
  expect(report.rows.map(({ net, tax }) => [net.euro, tax.euro])).toEqual([[2381, 452]])
  const { rows } = await sql<{ currency: string }>`select distinct currency from euro_rates order by 1`.execute(
    platform.db,
  )
  expect(rows).toEqual([{ currency: 'PLN' }, { currency: 'USD' }])
})

test('the seller reads it, takes it along and types a rate that is missing; nobody else does', async () => {
  const shop = await aShop({ country: 'SE', currency: 'SEK', vatNumber: 'SE556000000101' })
  await sold(shop, { country: 'DE', download: 119_00, currency: 'SEK', at: day('2026-08-30') })
  const ana = await signedIn(platform, { artistIds: [shop.artistId] })
  const ask = (path: string, fields?: Record<string, string>, who = ana) =>
    testApp(platform).request(`/studio/shop/oss${path}?desk=${shop.slug}`, {
      headers: { ...who.headers, ...(fields && FORM) },
      ...(fields && { method: 'POST', body: new URLSearchParams(fields).toString() }),
    })
  const name = quarterName(Q3)
  expect(await (await ask('')).text()).toContain(name)
  expect(await (await ask(`/${name}`)).text()).toContain('How many Swedish kronor to one euro')
  const wrong = await ask(`/${name}/rate`, { rate: 'eleven', currency: 'SEK', day: '2026-09-30' })
  expect(wrong.status).toBe(422)
  expect(await wrong.text()).toContain('value="eleven"')
  expect((await ask(`/${name}/rate`, { rate: '10', currency: 'SEK', day: '2026-09-30' })).status).toBe(303)
  expect(await (await ask(`/${name}`)).text()).toContain('€1.90')
  expect(await (await ask(`/${name}/return.csv`)).text()).toContain(
    `sales,${name},DE,services,19.00,10.00,1.90,100.00,19.00,SEK`,
  )
  expect(await (await ask(`/${name}/sales.csv`)).text()).toMatch(
    /DE,100\.00,19\.00,SEK,0\.00,DE,,declared:DE network:DE/,
  )
  const other = await aShop()
  const stranger = await signedIn(platform, { artistIds: [other.artistId] })
  for (const path of ['', `/${name}`, `/${name}/return.csv`, `/${name}/sales.csv`])
    expect((await (await ask(path, undefined, stranger)).text()).includes('SEK')).toBe(false)
})
