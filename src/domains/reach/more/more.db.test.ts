import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import { signedIn, type TestPlatform, testApp, testPlatform } from '../../../testing/index.ts'
import { recordGift, recordReturn, recordTouches } from '../../exchange/index.ts'
import { createArtist } from '../../identity/index.ts'
import { beginAnnouncement } from '../announce/draft.ts'
import type { Figure } from '../waves/figure.types.ts'
import { moreOf } from './more.views.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
  await sql`select ensure_spine_partitions('2025-12-01', '2026-12-31')`.execute(platform.db)
})
afterAll(() => platform.close())

const NOW = new Date('2026-05-10T12:00:00Z')
const day = (text: string) => new Date(`${text}T12:00:00Z`)

/** An artist with a gift for each month, and what is told of and done by fans of theirs. */
async function world() {
  const { db } = platform
  const { id: artistId, slug } = await db.transaction().execute((tx) => createArtist(tx, { name: `Ana ${newId()}` }))
  const gifts = await Promise.all(
    ['2026-02', '2026-03', '2026-04'].map(async (month) => {
      const subject = `given:${newId()}` as const
      await db
        .transaction()
        .execute((tx) => recordGift(tx, { artistId, kind: 'announcement', subject, at: day(`${month}-02`) }))
      return { month, subject }
    }),
  )
  const fan = async ({ joined = '2026-02-01', left = null as string | null, recognised = true } = {}) => {
    const { fanId, personId, addressId } = { fanId: newId(), personId: newId(), addressId: newId() }
    const since = new Date(`${joined}T00:00:00Z`)
    await sql`insert into fans (id, person_id, recognised_since) values (${fanId}, ${personId}, ${recognised ? since : null})`.execute(
      db,
    )
    await sql`insert into fan_addresses (id, fan_id, channel, address, address_key, address_hash)
      values (${addressId}, ${fanId}, 'mail', ${fanId}, ${fanId}, md5(${fanId}))`.execute(db)
    await sql`insert into subscriptions (id, fan_id, address_id, artist_id, channel, state, asked_at, joined_at, left_at)
      values (${newId()}, ${fanId}, ${addressId}, ${artistId}, 'mail', ${left ? 'left' : 'active'}, ${since}, ${since}, ${left && day(left)})`.execute(
      db,
    )
    return personId
  }
  const told = (personId: string, ...months: string[]) =>
    recordTouches(
      db,
      gifts
        .filter(({ month }) => months.includes(month))
        .map(({ month, subject }) => ({
          ...{ key: newId(), artistId, subject, givenAs: subject, personId, channel: 'mail' },
          ...{ referrer: null, token: null, at: day(`${month}-03`) },
        })),
    )
  const did = async (personId: string, at: Date, times = 1, kind = 'listen') => {
    const subject = `track:${newId()}` as const
    for (let n = 0; n < times; n++)
      await db
        .transaction()
        .execute((tx) => recordReturn(tx, { artistId, key: newId(), kind, subject, givenAs: subject, personId, at }))
  }
  const more = (zone = 'UTC', now = NOW) => moreOf(db, { artistId }, zone, now)
  return { artistId, slug, fan, told, did, more }
}

test('months of the same people, with more gifts and with fewer: what everybody did in a month is off, and what is not a whole month is not there', async () => {
  const { fan, told, did, more } = await world()
  for (let n = 0; n < 60; n++) {
    const person = await fan()
    const [with_, without] = n % 2 ? ['2026-02', '2026-03'] : ['2026-03', '2026-02']
    await told(person, with_)
    // Keen ones do more whatever they are told; March is busy for all; a gift brings three more, or one.
    const keen = n % 5
    await did(person, day(`${with_}-10`), keen + 3 - 2 * (n % 3 === 0 ? 1 : 0) + (with_ === '2026-03' ? 2 : 0))
    await did(person, day(`${without}-10`), keen + (without === '2026-03' ? 2 : 0))
    // Not counted: that they signed up, and what the month that is not over brings.
    await did(person, day('2026-02-05'), 1, 'sign-up')
    await did(person, day('2026-05-02'), 5)
  }
  const { slope, groups, people, months } = await more()
  expect([people, months]).toEqual([60, 180])
  expect(slope?.effect).toBeCloseTo((40 * 3 + 20) / 60, 1)
  expect(slope?.low).toBeGreaterThan(1.5)
  expect(slope?.high).toBeLessThan(3)
  expect(groups.map(({ gifts, months }) => [gifts, months])).toEqual([
    [0, 120],
    [1, 60],
    ...[2, 3, 4].map((gifts) => [gifts, 0]),
  ])
})

test('whoever came in the middle of a month, left, or could not be recognised, counts for the months that are whole', async () => {
  const { fan, told, did, more } = await world()
  const [late, gone, unknown] = [
    await fan({ joined: '2026-03-02' }),
    await fan({ left: '2026-03-20' }),
    await fan({ recognised: false }),
  ]
  for (const person of [late, gone, unknown]) {
    await told(person, '2026-02', '2026-03', '2026-04')
    await did(person, day('2026-04-10'))
  }
  const { people, months, groups, slope } = await more()
  expect([people, months, slope]).toEqual([2, 2, null])
  expect(groups[1]).toEqual({ gifts: 1, months: 2, people: 2, mean: null })
})

test('what chance decided stands apart, all draws as one; the page says it in both languages, and the months are a table', async () => {
  const { artistId, slug, more } = await world()
  const { db } = platform
  const by = newId()
  await sql`insert into accounts (id, email, name) values (${by}, ${`${by}@x.example`}, 'Ana')`.execute(db)
  const read = async (figures: Figure[], isFinal: boolean) => {
    const id = await beginAnnouncement(platform, { sender: { artistId }, subject: null, zone: 'UTC', by })
    await db
      .insertInto('waveReadings')
      .values({ announcementId: id, day: 3, at: NOW, isFinal, figures: JSON.stringify(figures) })
      .execute()
  }
  const figure = (effect: number, people: number): Figure => ({
    ...{ outcome: 'listens', currency: null, effect, low: 0, high: 0, error: 0.1, freedom: 90, base: 1 },
    ...{ told: people / 2, waiting: people / 2, did: 40 },
  })
  const few: Figure = { outcome: 'replies', currency: null, tooFew: 'doings', told: 50, waiting: 50, did: 3 }
  await read([figure(1, 100), few], true)
  await read([figure(3, 300)], true)
  await read([figure(99, 300)], false)
  const { lots, waved } = await more()
  expect(waved).toBe(2)
  expect(lots).toHaveLength(1)
  expect(lots[0]).toMatchObject({ outcome: 'listens', effect: 2.5, gifts: 2, people: 400 })

  const { headers } = await signedIn(platform, { artistIds: [artistId] })
  const app = testApp(platform)
  const page = async (path: string) => (await app.request(`${path}desk=${slug}`, { headers })).text()
  const en = await page('/studio/returns/more?lang=en&')
  expect(en).toContain('Give more, get more?')
  expect(en).toContain('There are no whole months yet')
  expect(await page('/studio/returns/more?lang=fr&')).toContain('Tiré au sort')
  expect((await page('/studio/returns/more.csv?')).split('\r\n')[0]).toBe(
    'gifts_in_the_month,months,people,returns_mean,returns_low,returns_high',
  )
})
