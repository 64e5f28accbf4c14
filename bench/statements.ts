import { CompiledQuery } from 'kysely'
import { distribute, type Seller, sellerOf } from '../src/domains/books/index.ts'
import { createArtist } from '../src/domains/identity/index.ts'
import { newId } from '../src/platform/ids.ts'
import type { Platform } from '../src/platform/platform.ts'
import { emptied } from '../src/testing/database.ts'
import { givenSeller } from '../src/testing/seller.ts'
import { embeddedDatabase } from './support/database.ts'
import { countFromArguments } from './support/fanout.ts'
import { compare, sayNoise, sayRatio } from './support/rounds.ts'
import { scene } from './support/scene.ts'

export const title =
  'all statements of a year, 200 people who share 1,000 things, from 5,000,000 lines of the ledger, against one sequential sum of them'

const LINES = 5_000_000
const PEOPLE = 200
const THINGS = 1_000
const ROUNDS = 5

export const bench = () =>
  scene(async (place) => {
    const platform = await embeddedDatabase(place, 4)
    const { db } = platform
    const { id: artistId } = await db.transaction().execute((tx) => createArtist(tx, { name: 'Bench Artist' }))
    await givenSeller(db, { artistId })
    const seller = (await sellerOf(db, { artistId })) as Seller
    const lines = countFromArguments(LINES)
    await soldForAYear(platform, seller.id, lines)

    let day = 31
    const ours = async () => {
      await emptied(platform, 'distributions')
      const through = `2025-12-${day--}`
      const began = performance.now()
      const done = await distribute(platform, seller, { through, today: '2026-01-15', by: null })
      const ms = performance.now() - began
      if (!done.ok) throw new Error(done.error)
      return { ms }
    }
    const theirs = async () => {
      const began = performance.now()
      await db.transaction().execute(async (tx) => {
        await tx.executeQuery(CompiledQuery.raw('set local max_parallel_workers_per_gather = 0'))
        await tx.executeQuery(CompiledQuery.raw('select sum(base_amount) from ledger_lines'))
      })
      return { ms: performance.now() - began }
    }
    const { ms } = await compare(ROUNDS, ours, theirs)
    const { rows } = await platform.pool.query<{ statements: number; given: string; earned: string }>(
      'select count(*)::int as statements, sum(earned)::bigint as earned, (select given from distributions) as given from statements',
    )
    console.log(`${rows[0]?.statements} statements that come to ${rows[0]?.earned}, of ${rows[0]?.given} given`)
    console.log(`All of them: ${ms.ours.toFixed(0)} ms; one sequential sum: ${ms.theirs.toFixed(0)} ms`)
    sayRatio('Ratio', ms, { most: 4 })
    sayNoise()
  })

/** Sales of a year, of two lines each: the buyer owes, the thing earned. Three share each thing. */
async function soldForAYear({ db, pool }: Platform, sellerId: string, lines: number): Promise<void> {
  const began = performance.now()
  const people = Array.from({ length: PEOPLE }, () => newId())
  await db
    .insertInto('payees')
    .values(people.map((id, n) => ({ id, sellerId, name: `Person ${n + 1}`, artistId: null, leftAt: null })))
    .execute()
  const at = new Date()
  const splits = Array.from({ length: THINGS }, () => ({ id: newId(), subject: `release:${newId()}` }))
  const things = splits.map(({ subject }) => subject)
  await db
    .insertInto('splits')
    .values(
      splits.map((split, n) => ({
        ...{ ...split, sellerId, title: `Thing ${n + 1}`, state: 'agreed' as const, recoupsCosts: true },
        ...{ askedFrom: '2025-01-01', beginsOn: '2025-01-01', createdAt: at, createdBy: null, decidedAt: at },
      })),
    )
    .execute()
  await db
    .insertInto('splitParts')
    .values(
      splits.flatMap(({ id: splitId }, n) =>
        [5000, 2500, 2500].map((share, position) => ({
          ...{ splitId, position, share, payeeId: people[(n + position * 67) % PEOPLE] as string },
        })),
      ),
    )
    .execute()
  const [customers, sales] = [newId(), newId()]
  await db
    .insertInto('ledgerAccounts')
    .values([
      { id: customers, sellerId, kind: 'customers', of: '' },
      { id: sales, sellerId, kind: 'sales-digital', of: '' },
    ])
    .execute()
  await pool.query(
    'create table bench_sales as select n, gen_random_uuid() as id, ($1::text[])[1 + n % $2] as subject, 300 + n % 1700 as amount from generate_series(1, $3::int) n',
    [things, THINGS, lines / 2],
  )
  const client = await pool.connect()
  try {
    await client.query('begin')
    // As a restored archive is: what the triggers hold is true of these rows by how they are made.
    await client.query('set local session_replication_role = replica')
    await client.query(
      `insert into ledger_entries (id, seller_id, key, kind, booked_on, lines, recorded_at)
       select id, $1, 'sale:' || n, 'sale', date '2025-01-01' + n % 360, 2, now() from bench_sales`,
      [sellerId],
    )
    await client.query(
      `insert into ledger_lines (entry_id, position, account_id, booked_on, amount, currency, base_amount, subject, country, quantity)
       select id, side, case side when 1 then $1::uuid else $2::uuid end, date '2025-01-01' + n % 360, sign * amount, 'EUR', sign * amount,
         case side when 2 then subject end, case side when 2 then (array['FR', 'DE', 'GB', 'US'])[1 + n / 7 % 4] end, case side when 2 then 1 end
       from bench_sales cross join (values (1, 1), (2, -1)) as sides(side, sign)`,
      [customers, sales],
    )
    await client.query('commit')
  } finally {
    client.release()
  }
  await pool.query('drop table bench_sales')
  await pool.query('vacuum analyze')
  console.log(`${lines.toLocaleString('en')} lines of the ledger (${Math.round((performance.now() - began) / 1000)} s)`)
}
