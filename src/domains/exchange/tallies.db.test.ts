import fc from 'fast-check'
import { sql } from 'kysely'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { type TestPlatform, testPlatform } from '../../testing/index.ts'
import { readGift } from './jobs.ts'
import { readingOf } from './reading.ts'
import { recordGift, recordTouches } from './record.store.ts'
import { giftReport, giftsWithReturns } from './returns.views.ts'
import { tallyDaysIn, tallySpine } from './tallies.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
  await platform.pool.query('select ensure_spine_partitions($1, $2)', [hours(-3), hours(3001)])
})
afterAll(() => platform.close())

const GIVEN = new Date('2026-10-31T12:00:00Z')
const hours = (n: number) => new Date(GIVEN.getTime() + n * 3_600_000)

/** An artist with a gift and another that was made together with it. */
async function world() {
  const artistId = newId()
  const subjects = [`release:${newId()}`, `post:${newId()}`] as const
  const gifts = await platform.db.transaction().execute(async (tx) => {
    const first = await recordGift(tx, { artistId, kind: 'release', subject: subjects[0], at: GIVEN })
    const gift = { artistId, kind: 'post', subject: subjects[1], at: GIVEN, operationId: first }
    return [first, await recordGift(tx, gift)] as const
  })
  return { artistId, subjects, gifts }
}

type Fact = { touch: boolean; gift: number; who: number; kind: number; way: number; hour: number; told: boolean }
const KINDS = ['listen', 'download', 'order', 'refund', 'acceptance'] as const
const WAYS: [string | null, string | null][] = [
  [null, null],
  ['blog.example', null],
  [null, 'm.abc'],
  [null, 'm.def'],
  ['blog.example', 'embed'],
]

const fact: fc.Arbitrary<Fact> = fc.record({
  touch: fc.boolean(),
  gift: fc.nat({ max: 1 }),
  who: fc.nat({ max: 4 }),
  kind: fc.nat({ max: KINDS.length - 1 }),
  way: fc.nat({ max: WAYS.length - 1 }),
  hour: fc.integer({ min: -2, max: 3000 }),
  told: fc.boolean(),
})

/** Writes a fact as what records it does, and answers with the return's id. */
async function write(
  client: Pick<pg.ClientBase, 'query'>,
  { artistId, subjects, gifts }: Awaited<ReturnType<typeof world>>,
  people: string[],
  { touch, gift, who, kind, way, hour, told }: Fact,
): Promise<string | null> {
  const id = newId()
  const [referrer, token] = WAYS[way] as [string | null, string | null]
  const about = [id, artistId, gifts[gift], told ? `given:${gifts[gift]}` : subjects[gift], who ? people[who] : null]
  if (touch) {
    const channel = ['page', 'start', 'mail'][kind % 3]
    await client.query(
      `insert into touches (id, artist_id, gift_id, subject, person_id, channel, referrer, token, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [...about, channel, referrer, token, hours(hour)],
    )
    return null
  }
  const amount = { order: 500, refund: -200 }[KINDS[kind] as string] ?? null
  await client.query(
    `insert into returns (id, artist_id, gift_id, subject, person_id, kind, referrer, token, amount, currency, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [...about, KINDS[kind], referrer, token, amount, amount && 'EUR', hours(hour)],
  )
  return id
}

const setRight = (client: pg.ClientBase, artistId: string, id: string) =>
  client.query(
    `insert into returns (id, artist_id, subject, kind, reverses, at) select $1, $2, subject, kind, id, at from returns where id = $3`,
    [newId(), artistId, id],
  )

const read = async (artistId: string, giftId: string) => {
  const report = await giftReport(platform.db, artistId, giftId, hours(3001), 'Asia/Kolkata')
  return { report, list: await giftsWithReturns(platform.db, artistId) }
}
const tallies = async (artistId: string) =>
  (
    await platform.pool.query(
      `select of_id, by::text, key, kind, currency, n, amount from tallies where artist_id = $1 and (n <> 0 or amount <> 0) order by 1, 2, 3, 4, 5`,
      [artistId],
    )
  ).rows

test('counted while it comes, by several at once and with what is taken back, it is what is there in the end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          facts: fc.array(fact, { maxLength: 6 }),
          kept: fc.boolean(),
          open: fc.nat({ max: 3 }),
          wrong: fc.boolean(),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      async (writers) => {
        const here = await world()
        const people = Array.from({ length: 5 }, () => newId())
        // Each writes in a transaction of its own, which stays open while others come and go and everything is counted in between.
        const open: { client: pg.PoolClient; left: number; kept: boolean }[] = []
        const leave = async (all: boolean) => {
          for (const one of [...open]) {
            if (!all && one.left-- > 0) continue
            await one.client.query(one.kept ? 'commit' : 'rollback')
            one.client.release()
            open.splice(open.indexOf(one), 1)
          }
        }
        try {
          for (const { facts, kept, open: left, wrong } of writers) {
            const client = await platform.pool.connect()
            await client.query('begin')
            open.push({ client, left, kept })
            for (const one of facts) {
              const id = await write(client, here, people, one)
              if (id && wrong) await setRight(client, here.artistId, id)
            }
            await tallySpine(platform.db)
            await leave(false)
            await tallySpine(platform.db)
          }
          await leave(true)
        } finally {
          for (const { client } of open) client.release(true)
        }
        const [first] = here.gifts
        const counted = await read(here.artistId, first)
        const kept = await tallies(here.artistId)

        const { rows } = await sql<Record<'touches' | 'people' | 'listens' | 'money', number>>`
          with t as (select * from touches where artist_id = ${here.artistId} and (gift_id = ${first} or subject not like 'given:%')),
            r as (select * from returns where artist_id = ${here.artistId} and reverses is null and not exists (select from returns e where e.reverses = returns.id))
          select (select count(*)::int from t) as touches, (select count(distinct person_id)::int from t) as people,
            (select count(*)::int from r where kind = 'listen') as listens, (select coalesce(sum(amount), 0)::int from r) as money`.execute(
          platform.db,
        )
        const { money, ...sums } = rows[0] as Record<'touches' | 'people' | 'listens' | 'money', number>
        expect(counted.list[0]).toMatchObject({ ...sums, money: money ? [{ currency: 'EUR', amount: money }] : [] })

        // Made anew from the spine it is the same, to the last cell.
        await platform.pool.query('delete from tallied')
        await tallySpine(platform.db)
        expect(await tallies(here.artistId)).toEqual(kept)
        expect(await read(here.artistId, first)).toEqual(counted)
      },
    ),
    { numRuns: 30 },
  )
})

test('what two set right at the same time is off once, whichever of them is counted first', async () => {
  for (const firstToCommit of [0, 1]) {
    const here = await world()
    const listen: Fact = { touch: false, gift: 0, who: 1, kind: 0, way: 0, hour: 1, told: false }
    const id = (await write(platform.pool, here, ['', newId()], listen)) as string
    const listens = async () => (await giftsWithReturns(platform.db, here.artistId))[0]?.listens
    expect(await listens()).toBe(1)
    const two = [await platform.pool.connect(), await platform.pool.connect()] as const
    try {
      for (const client of two) {
        await client.query('begin')
        await setRight(client, here.artistId, id)
      }
      await two[firstToCommit]?.query('commit')
      expect(await listens()).toBe(0)
      await two[1 - firstToCommit]?.query('commit')
      expect(await listens()).toBe(0)
    } finally {
      for (const client of two) client.release()
    }
    const kept = await tallies(here.artistId)
    await platform.pool.query('delete from tallied')
    await tallySpine(platform.db)
    expect(await tallies(here.artistId)).toEqual(kept)
  }
})

test('days are those of the time zone in which they are looked at', async () => {
  const { artistId, subjects, gifts } = await world()
  const about = { artistId, subject: subjects[0], givenAs: subjects[0], personId: null, referrer: null, token: null }
  await recordTouches(platform.db, [{ ...about, key: newId(), channel: 'page', at: new Date('2026-11-01T20:00:00Z') }])
  const touched = async (zone: string) =>
    (await giftReport(platform.db, artistId, gifts[0], hours(100), zone))?.days.flatMap((day) =>
      day.touches ? day.day : [],
    )
  expect(await touched('UTC')).toEqual(['2026-11-01'])
  expect(await touched('Asia/Kolkata')).toEqual(['2026-11-02'])
  await recordTouches(platform.db, [{ ...about, key: newId(), channel: 'page', at: new Date('2026-11-02T19:00:00Z') }])
  expect(await touched('Asia/Kolkata')).toEqual(['2026-11-02', '2026-11-03'])
  expect(await touched('America/New_York')).toEqual(['2026-11-01', '2026-11-02'])
})

test('rows that another database wrote are counted once, whatever its transactions were called', async () => {
  const { artistId, subjects } = await world()
  const about = { artistId, subject: subjects[0], givenAs: subjects[0], personId: null, referrer: null, token: null }
  const touch = () => recordTouches(platform.db, [{ ...about, key: newId(), channel: 'page', at: hours(1) }])
  const seen = async () => (await giftsWithReturns(platform.db, artistId))[0]?.touches
  await touch()
  expect(await seen()).toBe(1)
  // As a copy of the files' rows stands elsewhere: numbers far ahead, and a state that is another cluster's.
  await platform.pool.query(`update touches set xid = '9000000000' where artist_id = $1`, [artistId])
  await platform.pool.query(`update tallied set cluster = 'another'`)
  expect(await seen()).toBe(1)
  await touch()
  expect(await seen()).toBe(2)
  expect(await seen()).toBe(2)
})

test('where very much came back, what is asked of people one by one is read once and kept until it is read again', async () => {
  const { artistId, subjects, gifts } = await world()
  const about = { artistId, subject: subjects[0], givenAs: subjects[0], referrer: null, token: null, channel: 'start' }
  const touch = () => recordTouches(platform.db, [{ ...about, personId: newId(), key: newId(), at: hours(1) }])
  const gift = { id: gifts[0], kind: 'release', at: GIVEN }
  const reached = async (now: Date, readAtOnce: number) => {
    await tallyDaysIn(platform.db, artistId, 'UTC')
    const { reading, readAt, isOld } = await readingOf(platform.db, artistId, gift, now, readAtOnce)
    return [reading?.spread.reached, readAt, isOld]
  }
  await touch()
  expect(await reached(hours(2), 5)).toEqual([1, null, false])
  expect(await reached(hours(2), 0)).toEqual([undefined, null, true])
  await readGift({ db: platform.db, now: () => hours(2) }, { giftId: gift.id })
  expect(await reached(hours(2), 0)).toEqual([1, hours(2), false])
  await touch()
  expect(await reached(hours(3), 0)).toEqual([1, hours(2), true])
  expect(await reached(hours(3), 5)).toEqual([2, null, false])
})
