import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { type TestPlatform, testPlatform } from '../../testing/index.ts'
import { recordBrought } from './brought.store.ts'
import { broughtThrough, broughtTree, spreadOf } from './brought.views.ts'
import { exchangePersonalData } from './personal-data.ts'
import { spreadAcross } from './reading.ts'
import { recordGift, recordTouches } from './record.store.ts'
import { giftReport, giftsWithReturns } from './returns.views.ts'
import { shareLink } from './shares.store.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

const minute = (n: number) => new Date(Date.UTC(2026, 10, 1, 12, n))

/** An artist with one gift, and people who pass it on and come by it, each doing at its minute. */
async function world() {
  const { db } = platform
  const artistId = newId()
  const subject = `release:${newId()}` as const
  const giftId = await db
    .transaction()
    .execute((tx) => recordGift(tx, { artistId, kind: 'release', subject, at: minute(0) }))
  const share = (personId: string, at: Date) => shareLink({ db, now: () => at }, { artistId, subject, personId })
  const touch = (personId: string, at: Date, channel = 'start') =>
    recordTouches(db, [
      { key: newId(), artistId, subject, givenAs: subject, personId, channel, referrer: null, token: null, at },
    ])
  /** Comes by a link of `by`'s and, unless it is a machine, hears something. */
  const come = async (personId: string, by: string, at: Date, { hears = true } = {}) => {
    const isNew = await recordBrought(db, { artistId, personId, by, givenAs: subject, at })
    await touch(personId, at, hears ? 'start' : 'page')
    return isNew
  }
  /** These persons turned out to be one fan. */
  const fanOf = async (...persons: string[]) => {
    const fan = { id: newId(), personId: newId() }
    await sql`insert into fans (id, person_id) values (${fan.id}, ${fan.personId})`.execute(db)
    for (const personId of persons)
      await sql`insert into person_fans (person_id, fan_id, since) values (${personId}, ${fan.id}, ${minute(0)})
        on conflict (person_id) do update set fan_id = excluded.fan_id`.execute(db)
    return fan
  }
  return { artistId, subject, giftId, share, touch, come, fanOf }
}

test('who brought whom, at any depth, with what each person brought on average', async () => {
  const { artistId, subject, giftId, share, come, touch } = await world()
  const people = Array.from({ length: 30 }, () => newId())
  const [ana = '', ben = '', cleo = '', dov = ''] = people
  for (const person of people.slice(4)) await touch(person, minute(1))
  await share(ana, minute(2))
  await come(ben, ana, minute(3))
  await share(ben, minute(4))
  await come(cleo, ben, minute(5))
  await come(dov, ben, minute(6))
  // Opened the page and did nothing: it may be a machine.
  await come(newId(), ana, minute(7), { hears: false })

  const spread = await spreadOf(platform.db, artistId, [giftId])
  expect(await spreadAcross(platform.db, artistId, [subject, `release:${newId()}`], minute(60))).toEqual({
    ...{ spread, readAt: null, isOld: false, giftId },
  })
  expect(await spreadAcross(platform.db, artistId, [`release:${newId()}`, subject], minute(60))).toBeNull()
  expect(spread).toMatchObject({ people: 3, bringers: 2, deepest: 2, reached: 31 })
  expect(spread.each?.mean).toBeCloseTo(3 / 31)
  expect(await broughtThrough(platform.db, artistId, ana)).toEqual({ directly: 1, people: 3 })
  expect(await broughtThrough(platform.db, artistId, cleo)).toEqual({ directly: 0, people: 0 })
})

test('a fan is counted with all their devices, and neither came by themselves nor was brought by who they already knew', async () => {
  const { artistId, share, come, touch, fanOf } = await world()
  const [phone, laptop, zoe, max] = [newId(), newId(), newId(), newId()]
  await touch(phone, minute(1))
  await share(phone, minute(2))
  await share(max, minute(2))
  // The laptop comes by the phone's link; another laptop, of somebody who was here by phone, by Max's.
  await come(laptop, phone, minute(3))
  const other = { phone: newId(), laptop: newId() }
  await touch(other.phone, minute(1))
  await come(other.laptop, max, minute(4))
  await share(laptop, minute(5))
  await come(zoe, laptop, minute(6))
  expect(await broughtTree(platform.db, artistId)).toHaveLength(3)

  const fan = await fanOf(phone, laptop)
  await fanOf(other.phone, other.laptop)
  expect(await broughtTree(platform.db, artistId)).toEqual([expect.objectContaining({ person: zoe, by: fan.personId })])
  expect(await broughtThrough(platform.db, artistId, fan.personId)).toEqual({ directly: 1, people: 1 })
})

test('whoever is erased is nobody, and how many they brought stays', async () => {
  const { artistId, giftId, share, come } = await world()
  const [ana, ben, cleo] = [newId(), newId(), newId()]
  await share(ana, minute(1))
  await come(ben, ana, minute(2))
  await share(ben, minute(3))
  await come(cleo, ben, minute(4))
  const before = await spreadOf(platform.db, artistId, [giftId])
  await platform.db.transaction().execute((tx) => exchangePersonalData.erase(tx, { personIds: [ben] }))
  expect(await spreadOf(platform.db, artistId, [giftId])).toEqual(before)
  const shares = await platform.db.selectFrom('shares').select('closedAt').where('personId', '=', ben).execute()
  expect(shares.every(({ closedAt }) => closedAt !== null)).toBe(true)
})

test('whatever arrives and whoever turns out to be one, nobody brings themselves and no way closes to a circle', async () => {
  const who = fc.nat({ max: 11 })
  const doing = fc.oneof(
    { weight: 5, arbitrary: fc.record({ what: fc.constant('come' as const), a: who, b: who }) },
    { weight: 1, arbitrary: fc.record({ what: fc.constant('merge' as const), a: who, b: who }) },
  )
  let kept = 0
  let walked = 0
  await fc.assert(
    fc.asyncProperty(fc.array(doing, { minLength: 8, maxLength: 30 }), async (doings) => {
      const { artistId, giftId, share, come, fanOf } = await world()
      const persons = Array.from({ length: 12 }, () => newId())
      const of = persons.map((person) => new Set([person]))
      let at = 0
      for (const { what, a, b } of doings) {
        at += 2
        if (what === 'come') {
          await share(persons[b] as string, minute(at))
          await come(persons[a] as string, persons[b] as string, minute(at + 1))
        } else {
          const all = new Set([...(of[a] as Set<string>), ...(of[b] as Set<string>)])
          persons.forEach((person, index) => {
            if (all.has(person)) of[index] = all
          })
          await fanOf(...all)
        }
      }
      const tree = await broughtTree(platform.db, artistId)
      kept += tree.length
      const by = new Map(tree.map((edge) => [edge.person, edge.by]))
      expect(by.size).toBe(tree.length)
      for (const { person } of tree) {
        const seen = new Set<string>()
        for (let here: string | undefined = person; here; here = by.get(here)) {
          expect(seen.has(here)).toBe(false)
          seen.add(here)
        }
      }
      const { people, deepest } = await spreadOf(platform.db, artistId, [giftId])
      expect(people).toBe(tree.length)
      expect(deepest).toBeLessThanOrEqual(people)
      // Found from one of them, it is the same tree.
      for (const person of new Set(tree.map(({ by }) => by))) {
        const under = (one: string): Set<string> => {
          const own = tree.filter((edge) => edge.by === one)
          return new Set(own.flatMap((edge) => [edge.person, ...under(edge.person)]))
        }
        expect(await broughtThrough(platform.db, artistId, person)).toEqual({
          directly: tree.filter(({ by }) => by === person).length,
          people: under(person).size,
        })
        walked++
      }
    }),
    { numRuns: 40 },
  )
  expect(kept).toBeGreaterThan(80)
  expect(walked).toBeGreaterThan(20)
})

test('a return that was set right is counted nowhere', async () => {
  const { artistId, subject, giftId } = await world()
  const wrong = newId(minute(1).getTime())
  const row = (id: string, kind: string, amount: number | null, reverses: string | null, at: Date) =>
    sql`insert into returns (id, artist_id, gift_id, subject, kind, amount, currency, reverses, at)
      values (${id}, ${artistId}, ${giftId}, ${subject}, ${kind}, ${amount}, ${amount === null ? null : 'EUR'}, ${reverses}, ${at})`.execute(
      platform.db,
    )
  const order = newId()
  await row(newId(), 'listen', null, null, minute(1))
  await row(wrong, 'listen', null, null, minute(2))
  await row(order, 'order', 500, null, minute(3))
  await row(newId(), 'listen', null, wrong, minute(4))
  await row(newId(), 'order', -500, order, minute(5))

  const [gift] = await giftsWithReturns(platform.db, artistId)
  expect(gift).toMatchObject({ listens: 1, money: [] })
  const report = await giftReport(platform.db, artistId, giftId, minute(60), 'UTC')
  expect(report?.days.map((day) => day.listens)).toEqual([1])
  expect(report?.ways.map(({ returns }) => returns)).toEqual([1])
  expect([report?.firstDay, report?.later, report?.money]).toEqual([1, 0, []])
})
