import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import { signedIn, type TestPlatform, testApp, testPlatform } from '../../../testing/index.ts'
import { createArtist } from '../../identity/index.ts'
import { whatItSays } from '../pages/lasting.tsx'
import { giftLasting } from '../returns.views.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

const HOUR = 3_600_000
const WEEK = 168
const GIVEN = new Date('2026-01-05T10:30:00Z')
const after = (hours: number, from = GIVEN) => new Date(from.getTime() + hours * HOUR)

async function world(artistId: string = newId()) {
  const { db } = platform
  await sql`select ensure_spine_partitions('2025-01-01', '2026-12-31')`.execute(db)
  const give = async (at = GIVEN, operationId: string | null = null, kind = 'release') => {
    const id = newId()
    await db
      .insertInto('gifts')
      .values({ id, artistId, kind, subject: `release:${id}`, operationId, at })
      .execute()
    return { id, at }
  }
  type Back = { person?: string | null; kind?: string; amount?: number; reverses?: string }
  const back = async (gift: { id: string; at: Date }, hours: number, of: Back = {}) => {
    const id = newId()
    const { person = newId(), kind = 'listen', amount = null, reverses = null } = of
    await sql`insert into returns (id, artist_id, gift_id, subject, person_id, kind, amount, currency, reverses, at)
      values (${id}, ${artistId}, ${gift.id}, 'track:x', ${person}, ${kind}, ${amount}, ${amount && 'EUR'}, ${reverses}, ${after(hours, gift.at)})`.execute(
      db,
    )
    return id
  }
  const lasting = async (gift: { id: string }, now: Date) => {
    const found = await giftLasting(db, artistId, gift.id, now)
    if (!found) throw new Error('no such gift')
    return found
  }
  return { artistId, give, back, lasting }
}

test('returns stand by age; money and what was set right count nowhere, and those made together are one', async () => {
  const { give, back, lasting } = await world()
  const gift = await give()
  const second = await give(GIVEN, gift.id)
  await back(gift, 0.5)
  await back(second, 0.99)
  await back(gift, 1)
  await back(gift, 25, { kind: 'order', amount: 900 })
  const wrong = await back(gift, 30)
  await back(gift, 31, { reverses: wrong })
  await back(gift, 12 * WEEK - 0.01)
  await back(gift, 12 * WEEK)
  await back(gift, 16 * WEEK)

  const { ages, returns, people, half, after: later, over } = await lasting(gift, after(20 * WEEK))
  expect(ages.filter((age) => age.returns).map(({ from, to, returns }) => [from, to, returns])).toEqual([
    [0, 1, 2],
    [1, 3, 1],
    [11 * WEEK, 12 * WEEK, 1],
    [12 * WEEK, 13 * WEEK, 1],
  ])
  expect({ returns, people, half, over, later }).toEqual({
    returns: 4,
    people: 4,
    half: null,
    over: true,
    later: { returns: 1, weeks: 4 },
  })
})

test('a gift given five days ago has no twelfth week: what is not over is not known, and half is only of what came so far', async () => {
  const { give, back, lasting } = await world()
  const gift = await give()
  for (let at = 0; at < 24; at++) await back(gift, at)
  await back(gift, 5 * 24 + 2)
  const young = await lasting(gift, after(5 * 24 + 3))
  expect(young.ages.map(({ to, returns, over, by }) => [to, returns, over, by]).slice(8, 12)).toEqual([
    [5 * 24, 0, true, 24],
    [6 * 24, 1, false, null],
    [7 * 24, null, false, null],
    [2 * WEEK, null, false, null],
  ])
  expect(young.half).toMatchObject({ hours: 13 })
  expect(young).toMatchObject({ over: false, after: null })
  expect(whatItSays('en', 'UTC', GIVEN, young)).toMatch(/so far, half .* after 13 hours.*30 March 2026, after 12 weeks/)

  const justOver = await lasting(gift, after(12 * WEEK + 167))
  expect(justOver.after).toBeNull()
  expect(whatItSays('en', 'UTC', GIVEN, justOver)).toMatch(
    /^Half of what came back had come after 13 hours \(\d+ hours to \d+ hours\)\. .* not known before 6 April 2026\.$/,
  )
  expect(whatItSays('fr', 'UTC', GIVEN, justOver)).toMatch(/13\sheures \(/)
})

test('one person is one, a fan with all their browsers too; who cannot be told apart is one for each return', async () => {
  const { give, back, lasting } = await world()
  const gift = await give()
  const [phone, laptop, own, fanId] = [newId(), newId(), newId(), newId()]
  for (const person of [phone, phone, laptop, null, null]) await back(gift, 3, { person })
  expect((await lasting(gift, after(WEEK))).people).toBe(4)
  await sql`insert into fans (id, person_id) values (${fanId}, ${own})`.execute(platform.db)
  for (const person of [phone, laptop])
    await sql`insert into person_fans (person_id, fan_id, since) values (${person}, ${fanId}, ${GIVEN})`.execute(
      platform.db,
    )
  expect((await lasting(gift, after(WEEK))).people).toBe(3)
})

test('the others are the artist’s own of that kind, whose twelve weeks are over, and three at least', async () => {
  const { artistId, give, back, lasting } = await world()
  const gift = await give()
  const now = after(13 * WEEK)
  const fill = async (other: { id: string; at: Date }, hour: number, count = 20) => {
    for (let at = 0; at < count; at++) await back(other, at < count / 2 ? hour : 300)
  }
  await fill(await give(after(-10 * WEEK)), 5)
  await fill(await give(after(-11 * WEEK)), 50)
  // Not over yet, of another kind, with too little to look at its parts, of somebody else.
  await fill(await give(after(2 * WEEK)), 1)
  await fill(await give(after(-12 * WEEK), null, 'post'), 1)
  await fill(await give(after(-13 * WEEK)), 1, 19)
  await fill(await (await world()).give(after(-9 * WEEK)), 1)
  expect((await lasting(gift, now)).others).toBeNull()
  await fill(await give(after(-14 * WEEK)), 100)
  const { others, ages } = await lasting(gift, now)
  expect(others).toMatchObject({ gifts: 3, half: 51 })
  expect(
    ages.map(({ to, others }) => [to, others]).filter(([to = 0]) => [48, 72, 2016, 2184].includes(to ?? 0)),
  ).toEqual([
    [48, 0],
    [72, 0.5],
    [2016, 1],
    [2184, null],
  ])
  // While its own twelve weeks last, it is compared by numbers: those with little count as well.
  const young = await give(after(12 * WEEK))
  const early = await lasting(young, now)
  expect(early.others).toMatchObject({ gifts: 5, half: null })
  expect(artistId).not.toBe('')
})

test('the page draws it for eyes and for ears, in both languages, and its points are a CSV', async () => {
  const now = platform.now()
  const { id: artistId, slug } = await platform.db
    .transaction()
    .execute((tx) => createArtist(tx, { name: 'Ana Marsh' }))
  const { give, back } = await world(artistId)
  await sql`select ensure_spine_partitions(${after(-60 * WEEK, now)}, ${now})`.execute(platform.db)
  const gift = await give(after(-20 * WEEK, now))
  for (let at = 0; at < 30; at++) await back(gift, at * at)
  await back(gift, 14 * WEEK)
  await back(gift, 15 * WEEK)
  const app = testApp(platform)
  const { headers } = await signedIn(platform, { artistIds: [artistId] })
  const get = (path: string) => app.request(path, { headers })
  const english = await (await get(`/studio/returns/${gift.id}?lang=en&desk=${slug}`)).text()
  expect(english).toContain('After 12 weeks, 0.5 a week were still coming.')
  expect(english).toMatch(
    /<svg[^>]*role="img" aria-labelledby="(lasting-[^"]+)".*<title id="\1">Half of what came back/s,
  )
  expect(english).toMatch(/<desc [^>]*>How much of .* by age\. 1 hour: /)
  const french = await (await get(`/studio/returns/${gift.id}?lang=fr&desk=${slug}`)).text()
  expect(french).toContain('Combien de temps cela dure')
  const csv = await get(`/studio/returns/${gift.id}/lasting.csv?desk=${slug}`)
  expect(csv.headers.get('content-type')).toContain('text/csv')
  const lines = (await csv.text()).trim().split('\r\n')
  expect(lines[0]).toBe('from_hour,to_hour,returns,over,returns_by_then,part_of_12_weeks,others_part')
  expect(lines).toHaveLength(1 + 26)
  expect(lines[1]).toBe('0,1,1,yes,1,0.0333,')
  const { headers: elsewhere } = await signedIn(platform, { artistIds: [] })
  expect((await app.request(`/studio/returns/${gift.id}/lasting.csv`, { headers: elsewhere })).status).not.toBe(200)
})
