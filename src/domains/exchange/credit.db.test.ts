import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { signedIn, type TestPlatform, testApp, testPlatform } from '../../testing/index.ts'
import { createArtist } from '../identity/index.ts'
import { WHOLE } from './credit.rules.ts'
import { creditReport } from './credit.views.ts'
import { exchangePersonalData } from './personal-data.ts'
import { type NewReturn, recordGift, recordReturn, recordTouches } from './record.store.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

const day = (n: number) => new Date(Date.UTC(2026, 9, 1, 12) + n * 86_400_000)
const euros = (amount: number) => ({ amount, currency: 'EUR' })

async function world(artistId: string = newId()) {
  const { db } = platform
  const give = async (at: Date, kind = 'release') => {
    const subject = `${kind}:${newId()}` as `release:${string}`
    const id = await db.transaction().execute((tx) => recordGift(tx, { artistId, kind, subject, at }))
    return { id, subject }
  }
  type Gift = Awaited<ReturnType<typeof give>>
  const reach = (gift: Gift, personId: string, at: Date, channel = 'mail') =>
    recordTouches(db, [
      {
        key: newId(),
        artistId,
        subject: gift.subject,
        givenAs: gift.subject,
        personId,
        channel,
        referrer: null,
        token: null,
        at,
      },
    ])
  const back = (gift: Gift, personId: string | null, at: Date, said: Partial<NewReturn> = {}) =>
    db.transaction().execute((tx) =>
      recordReturn(tx, {
        ...{ artistId, key: newId(), kind: 'listen', subject: gift.subject, givenAs: gift.subject, personId, at },
        ...said,
      }),
    )
  const report = (windowDays = 30, [from, to] = [day(0), day(90)]) =>
    creditReport(db, artistId, { windowDays, from, to })
  /** The credit of each gift, in returns, and of none. */
  const credited = async (windowDays?: number) =>
    Object.fromEntries((await report(windowDays)).rows.map(({ gift, all }) => [gift?.id ?? 'itself', all / WHOLE]))
  return { artistId, give, reach, back, report, credited }
}

test('by a link wholly, else by what had reached them, else by itself; another window is tried at once', async () => {
  const { give, reach, back, credited } = await world()
  const [song, letter] = [await give(day(0)), await give(day(1))]
  const [ana, ben, cleo] = [newId(), newId(), newId()]
  await reach(letter, ana, day(2))
  await back(song, ana, day(2), { token: 'm.abc', givenAs: letter.subject })
  await reach(letter, ben, day(2))
  await reach(song, ben, day(9))
  await back(song, ben, day(9))
  // Found it by a search, and opened its page just now.
  await reach(song, cleo, day(10), 'page')
  await back(song, cleo, new Date(day(10).getTime() + 60_000))
  // Who refuses to be known, and somebody unknown by a poster.
  await back(song, null, day(11))
  await back(song, null, day(12), { token: 'q.abc' })

  const month = await credited()
  expect(month[letter.id]).toBeCloseTo(1 + 1 / 3, 5)
  expect(month[song.id]).toBeCloseTo(1 + 2 / 3, 5)
  expect(month['itself']).toBe(2)
  expect((await credited(7))[letter.id]).toBeCloseTo(1 + 1 / 3, 5)
  await back(song, ben, day(30))
  expect((await credited(14))['itself']).toBe(3)
  expect((await credited(30))['itself']).toBe(2)
})

test('credits sum to what came back, and money to what was paid, less what went back where its order stands', async () => {
  const { give, reach, back, report } = await world()
  const gifts = [await give(day(0)), await give(day(1)), await give(day(2))]
  const [first, second, third] = gifts as [(typeof gifts)[0], (typeof gifts)[0], (typeof gifts)[0]]
  const ana = newId()
  for (const gift of gifts) await reach(gift, ana, day(3))
  await back(first, ana, day(4), { kind: 'order', money: euros(1000) })
  await back(second, ana, day(5), { kind: 'download' })
  // Long after everything that reached her.
  await back(first, ana, day(60), { kind: 'refund', money: euros(-400) })
  const { rows, returns } = await report()
  expect(returns).toBe(2)
  expect(rows.reduce((sum, { all }) => sum + all, 0)).toBe(2 * WHOLE)
  expect(rows.flatMap(({ money }) => money).reduce((sum, { amount }) => sum + amount, 0)).toBe(600)
  expect(rows.map(({ gift }) => gift?.id).sort()).toEqual([first.id, second.id, third.id].sort())
})

test('a return that was set right, and the row that does, are owed to nothing', async () => {
  const { artistId, give, back, report } = await world()
  const song = await give(day(0))
  await back(song, newId(), day(1))
  await back(song, newId(), day(2))
  await sql`insert into returns (id, artist_id, gift_id, subject, kind, reverses, at)
    select gen_random_uuid(), artist_id, gift_id, subject, kind, id, ${day(3)} from returns where artist_id = ${artistId} limit 1`.execute(
    platform.db,
  )
  expect((await report()).returns).toBe(1)
})

test('a fan who was two people has one past, and one share of each credit; erased, the sums stay', async () => {
  const { db } = platform
  const { give, reach, back, credited } = await world()
  const [song, letter] = [await give(day(0)), await give(day(1))]
  const [phone, laptop, own, fanId] = [newId(), newId(), newId(), newId()]
  await reach(letter, phone, day(2))
  await reach(song, laptop, day(2))
  await back(song, laptop, day(9))
  expect(await credited()).toEqual({ [song.id]: 1 })
  await sql`insert into fans (id, person_id) values (${fanId}, ${own})`.execute(db)
  for (const person of [phone, laptop])
    await sql`insert into person_fans (person_id, fan_id, since) values (${person}, ${fanId}, ${day(0)})`.execute(db)
  expect(await credited()).toEqual({ [song.id]: 0.5, [letter.id]: 0.5 })
  await db.transaction().execute(async (tx) => {
    await exchangePersonalData.erase(tx, { personIds: [own, phone, laptop] })
    await sql`delete from person_fans where fan_id = ${fanId}`.execute(tx)
  })
  expect(await credited()).toEqual({ [song.id]: 1 })
})

test('on a computer that two share, the one’s letter leads to the other’s listen for as long as it is one browser, and to no more', async () => {
  const { give, reach, back, credited } = await world()
  const [song, letter] = [await give(day(0)), await give(day(1))]
  const [browser, fan] = [newId(), newId()]
  // The fan’s own person was handed the letter; the browser was not, and nothing joins them.
  await reach(letter, fan, day(2))
  await back(song, browser, day(3))
  expect(await credited()).toEqual({ itself: 1 })
})

test('a gift that was withdrawn after it was taken keeps what it brought, and the page says it in both languages and as CSV', async () => {
  const { id: artistId, slug } = await platform.db
    .transaction()
    .execute((tx) => createArtist(tx, { name: 'Ana Marsh' }))
  const { give, reach, back } = await world(artistId)
  // Its release is not there: it was withdrawn.
  const song = await give(new Date(Date.now() - 20 * 86_400_000))
  const ana = newId()
  await reach(song, ana, new Date(Date.now() - 10 * 86_400_000))
  await back(song, ana, new Date(Date.now() - 86_400_000), { kind: 'order', money: euros(700) })
  const app = testApp(platform)
  const { headers } = await signedIn(platform, { artistIds: [artistId] })
  const english = await (await app.request(`/studio/returns/credit?lang=en&desk=${slug}`, { headers })).text()
  expect(english).toContain('Something that is no longer there')
  expect(english).toContain('€7.00')
  expect(english).toContain('docs/CREDIT.md')
  const french = await (
    await app.request(`/studio/returns/credit?lang=fr&window=7&days=30&desk=${slug}`, { headers })
  ).text()
  expect(french).toContain('À quels dons on le doit')
  expect(french).toContain('Venu de soi-même')
  const csv = await app.request(`/studio/returns/credit.csv?window=90&desk=${slug}`, { headers })
  expect(csv.headers.get('content-type')).toContain('text/csv')
  expect(await csv.text()).toMatch(/^\ufeff?gift,subject,given,listens/)
  expect((await app.request('/studio/returns/credit')).status).not.toBe(200)
})
