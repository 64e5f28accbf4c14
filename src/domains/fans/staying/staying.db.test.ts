import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import { signedIn, type TestPlatform, testApp, testPlatform } from '../../../testing/index.ts'
import { recordReturn } from '../../exchange/index.ts'
import { createArtist } from '../../identity/index.ts'
import { confirm, eraseFan, join, leave, mergeFans, ownPersonalData, type Proof, suppress } from '../index.ts'
import { cohortsOf } from './staying.views.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
  await sql`select ensure_spine_partitions('2025-01-01', '2026-12-31')`.execute(platform.db)
})
afterAll(() => platform.close())

const PROOF: Proof = { wording: 'Write to me, please.', language: 'en', source: 'form' }
const NOW = new Date('2026-11-20T12:00:00Z')
const day = (text: string) => new Date(`${text}T12:00:00Z`)
const inTx = <T>(work: Parameters<ReturnType<TestPlatform['db']['transaction']>['execute']>[0]) =>
  platform.db.transaction().execute(work) as Promise<T>

async function world() {
  const artist = await inTx<{ id: string; slug: string }>((tx) => createArtist(tx, { name: `Ana ${newId()}` }))
  const to = { artistId: artist.id }
  const came = async (at: Date, address = `${newId()}@fans.example`) => {
    const deps = { ...platform, now: () => at }
    const joined = await inTx<Awaited<ReturnType<typeof join>>>((tx) =>
      join(tx, deps, { to, channel: 'mail', address, said: {}, ...PROOF }),
    )
    if (!joined.ok) throw new Error(joined.error)
    await inTx((tx) => confirm(tx, deps, { subscriptionId: joined.value.subscriptionId, recognised: false, ...PROOF }))
    const fan = await platform.db
      .selectFrom('fans')
      .select('personId')
      .where('id', '=', joined.value.fanId)
      .executeTakeFirstOrThrow()
    return { ...joined.value, ...fan, address }
  }
  const left = (fan: { subscriptionId: string }, at: Date) =>
    inTx((tx) => leave(tx, { now: () => at }, { subscriptionId: fan.subscriptionId, ...PROOF }))
  const did = (fan: { personId: string }, at: Date, kind = 'listen') =>
    inTx((tx) =>
      recordReturn(tx, {
        artistId: artist.id,
        key: newId(),
        kind,
        subject: `track:${newId()}`,
        givenAs: `release:${newId()}`,
        personId: fan.personId,
        at,
      }),
    )
  const cohorts = (zone = 'UTC', now = NOW) => cohortsOf(platform.db, to, zone, now)
  return { artist, came, left, did, cohorts }
}

test('who left, came back, was erased, or cannot be written to any more stands in the month in which they came', async () => {
  const { came, left, cohorts } = await world()
  await came(day('2026-01-10'))
  await left(await came(day('2026-01-11')), day('2026-02-20'))
  const back = await came(day('2026-01-12'))
  await left(back, day('2026-01-20'))
  await came(day('2026-06-01'), back.address)
  const gone = await came(day('2026-01-13'))
  await inTx((tx) => eraseFan(tx, { now: () => day('2026-05-01') }, [ownPersonalData], { fanId: gone.fanId, ...PROOF }))
  const bounced = await came(day('2026-01-14'))
  const { addressHash } = await platform.db
    .selectFrom('fanAddresses')
    .select('addressHash')
    .where('id', '=', bounced.addressId)
    .executeTakeFirstOrThrow()
  await inTx((tx) => suppress(tx, { channel: 'mail', addressHash, reason: 'hard-bounce', at: day('2026-03-01') }))
  // After 30 days all but the one who was away; after 91 those who stay and the erased; after 182 the one who came back as well.
  expect(await cohorts()).toEqual([{ month: '2026-01', arrived: 5, after: [4, 2, 2, null], now: 2, active: 0 }])
})

test('a month is told once everybody of it has been there so long, and months are those of the zone', async () => {
  const { came, cohorts } = await world()
  await came(new Date('2026-10-31T23:30:00Z'))
  await came(day('2026-10-02'))
  expect((await cohorts()).map(({ month, arrived, after }) => [month, arrived, after[0]])).toEqual([
    ['2026-10', 2, null],
  ])
  expect((await cohorts('Europe/Paris')).map(({ month, arrived }) => [month, arrived])).toEqual([
    ['2026-11', 1],
    ['2026-10', 1],
  ])
  expect((await cohorts('UTC', new Date('2026-11-30T23:59:00Z')))[0]?.after[0]).toBeNull()
  expect((await cohorts('UTC', new Date('2026-12-01T00:00:00Z')))[0]?.after[0]).toBe(2)
})

test('two fans who are one came once; what they did lately is told of them, and what was set right is not', async () => {
  const { artist, came, did, cohorts } = await world()
  const [first, second, other, wrong] = [
    await came(day('2026-03-02')),
    await came(day('2026-04-02')),
    await came(day('2026-03-03')),
    await came(day('2026-03-04')),
  ]
  await inTx((tx) => mergeFans(tx, [ownPersonalData], { from: first.fanId, into: second.fanId }))
  await did(first, day('2026-11-01'))
  await did(second, day('2026-11-02'))
  await did(other, day('2026-06-01'))
  await did(other, day('2026-11-01'), 'confirmation')
  await did(wrong, day('2026-11-01'))
  await sql`insert into returns (id, artist_id, subject, kind, reverses, at)
    select gen_random_uuid(), artist_id, subject, kind, id, ${day('2026-11-03')} from returns where artist_id = ${artist.id} and person_id = ${wrong.personId} and kind = 'listen'`.execute(
    platform.db,
  )
  expect(await cohorts()).toEqual([{ month: '2026-03', arrived: 3, after: [3, 3, 3, null], now: 3, active: 1 }])
})

test('the page says it in both languages, and it is a CSV; nobody else sees it', async () => {
  const { artist, came } = await world()
  const app = testApp(platform)
  const { headers } = await signedIn(platform, { artistIds: [artist.id] })
  const get = (path: string) => app.request(`${path}desk=${artist.slug}`, { headers })
  expect(await (await get('/studio/returns/fans?lang=en&')).text()).toContain('Fans will stand here')
  const old = new Date(platform.now().getTime() - 300 * 86_400_000)
  await sql`select ensure_spine_partitions(${old}, ${old})`.execute(platform.db)
  for (let at = 0; at < 20; at++) await came(old)
  await came(platform.now())
  const english = await (await get('/studio/returns/fans?lang=en&')).text()
  expect(english).toContain('Of 20 fans who came 6 months ago or earlier, 100% were still there')
  expect(english).toContain('not yet')
  expect(await (await get('/studio/returns/fans?lang=fr&')).text()).toContain('Qui est encore là')
  const csv = await get('/studio/returns/fans.csv?')
  expect((await csv.text()).split('\r\n')).toContain(`${old.toISOString().slice(0, 7)},20,20,20,20,,20,0`)
  const { headers: elsewhere } = await signedIn(platform, { artistIds: [] })
  expect(await (await app.request('/studio/returns/fans', { headers: elsewhere })).text()).not.toContain('100%')
})
