import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exchangePersonalData, recordReturn, recordTouches, shareLink } from '../../domains/exchange/index.ts'
import {
  confirm,
  eraseFan,
  join,
  mergeFans,
  ownPersonalData,
  type Proof,
  preferencesLink,
} from '../../domains/fans/index.ts'
import { newId } from '../../platform/ids.ts'
import { FORM, type GivenRelease, givenRelease, type TestPlatform, testApp, testPlatform } from '../../testing/index.ts'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let given: GivenRelease
const REGISTRY = [ownPersonalData, exchangePersonalData]
const PROOF: Proof = { wording: 'Write to me.', language: 'en', source: 'form' }
beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  given = await givenRelease(platform, { artist: 'Ana Marsh', title: 'Harbour' })
})
afterAll(() => platform.close())

const DAY = 24 * 3_600_000
const daysAgo = (n: number) => new Date(platform.now().getTime() - n * DAY)
let count = 0

async function fan(name: string) {
  const address = `${name}${++count}@fans.example`
  return platform.db.transaction().execute(async (tx) => {
    const to = { artistId: given.artistId }
    const asked = await join(tx, platform, { to, channel: 'mail', address, said: { name }, ...PROOF })
    if (!asked.ok) throw new Error(asked.error)
    const { subscriptionId, fanId } = asked.value
    await confirm(tx, platform, { subscriptionId, recognised: false, ...PROOF })
    const at = { fanId, channel: 'mail' as const }
    const { id: addressId } = await tx
      .selectFrom('fanAddresses')
      .select('id')
      .where('fanId', '=', at.fanId)
      .executeTakeFirstOrThrow()
    const { personId } = await tx
      .selectFrom('fans')
      .select('personId')
      .where('id', '=', fanId)
      .executeTakeFirstOrThrow()
    return { fanId, addressId, personId, subscriptionId }
  })
}
type Fan = Awaited<ReturnType<typeof fan>>

const subject = () => `release:${given.releaseId}` as const
const echoPath = ({ addressId }: Fan) =>
  `${preferencesLink(platform, addressId).replace(platform.config.baseUrl, '')}/echo/${given.artistSlug}`
const see = async (who: Fan) => (await app.request(echoPath(who))).text()
const link = (personId: string, days = 9) =>
  shareLink({ db: platform.db, now: () => daysAgo(days) }, { artistId: given.artistId, subject: subject(), personId })

/** Somebody comes by a link of `by`'s, days ago, begins a track and listens so many times. */
async function brought(by: string, { days = 3, listens = 1 } = {}): Promise<string> {
  const personId = newId()
  const { artistId } = given
  const at = daysAgo(days)
  await sql`insert into brought (artist_id, person_id, by_person, at) values (${artistId}, ${personId}, ${by}, ${at})`.execute(
    platform.db,
  )
  const touch = { key: newId(), artistId, subject: subject(), givenAs: subject(), personId, channel: 'start', at }
  await recordTouches(platform.db, [{ ...touch, referrer: null, token: null }])
  await listen(personId, listens, at)
  return personId
}
const listen = (personId: string, times: number, at: Date) =>
  platform.db.transaction().execute(async (tx) => {
    const heard = { artistId: given.artistId, kind: 'listen', subject: subject(), givenAs: subject(), personId, at }
    for (let n = 0; n < times; n++) await recordReturn(tx, { ...heard, key: newId() })
  })

test('a fan sees what they were given, what came of their gestures and what is being asked for', async () => {
  const lea = await fan('Léa')
  const empty = await see(lea)
  expect(empty).toContain('Nobody has come by a link of yours yet')
  expect(empty).toContain('Pass on Harbour')
  const them = `artist:${given.artistId}`
  expect(empty).toContain(`value="${them}"`)
  const asked = await app.request(echoPath(lea).replace(/\/echo.*/, '/share'), {
    method: 'POST',
    headers: FORM,
    body: new URLSearchParams({ subject: them }).toString(),
  })
  const [own] = await platform.db.selectFrom('shares').selectAll().where('subject', '=', them).execute()
  expect(asked.headers.get('location')).toContain(`/s/${own?.code}/pass`)
  expect(own?.personId).toBe(lea.personId)
  expect(await see(lea)).toContain(`href="/s/${own?.code}/pass"`)

  await link(lea.personId)
  await listen(lea.personId, 2, daysAgo(4))
  for (const listens of [9, 12, 7, 6]) await brought(lea.personId, { listens })
  const page = await see(lea)
  expect(page).toContain('Through you: 4 people, and at least 30 listens.')
  expect(page).toContain('2 listens')
  expect(page).toContain('Your link for Harbour')
  expect(page).toMatch(/Harbour<\/a><br\/><small>[^<]*, you listened/)

  const answer = await app.request(echoPath(lea))
  expect(answer.headers.get('cache-control')).toContain('no-store')
  expect(answer.headers.get('x-robots-tag')).toContain('noindex')
  const preferences = await (await app.request(echoPath(lea).replace(/\/echo.*/, ''))).text()
  expect(preferences).toContain(echoPath(lea))
})

test('who came today is told tomorrow; of two people nothing that they did; names and numbers of others are nowhere', async () => {
  const max = await fan('Max')
  await link(max.personId)
  const ben = await brought(max.personId, { listens: 40 })
  await brought(max.personId, { listens: 50 })
  const before = await see(max)
  expect(before).toContain('Through you: 2 people.')
  expect(before).not.toContain(ben)
  await brought(max.personId, { days: 0, listens: 50 })
  expect(await see(max)).toBe(before)
  // Two who came by somebody else, and what these did, change nothing.
  await link(ben, 2)
  for (const listens of [30, 40]) await brought(ben, { days: 1, listens })
  expect(await see(max)).toBe(before)
  await brought(ben, { days: 1 })
  expect(await see(max)).toContain('3 more came by people whom you brought.')
})

test('two who are one have the sum, once; whoever is erased has no page, and what others caused stays', async () => {
  const [zoe, twin] = [await fan('Zoé'), await fan('Zoé')]
  for (const one of [zoe, twin]) await link(one.personId)
  const shared = await brought(zoe.personId)
  for (let n = 0; n < 3; n++) await brought(twin.personId, { listens: 4 })
  // Brought by the one already: by the other it would be a second time, and is not written.
  const again = sql`insert into brought (artist_id, person_id, by_person, at)
    values (${given.artistId}, ${shared}, ${twin.personId}, ${daysAgo(1)}) on conflict do nothing`
  await again.execute(platform.db)
  expect(await see(zoe)).toContain('Through you: one person.')
  await platform.db.transaction().execute((tx) => mergeFans(tx, REGISTRY, { from: twin.fanId, into: zoe.fanId }))
  expect(await see(zoe)).toContain('Through you: 4 people, and at least 10 listens.')
  // The other address leads to the same page.
  expect(await see(twin)).toContain('Through you: 4 people')

  const by = await fan('By')
  await link(by.personId)
  const erased = await fan('Erased')
  await link(erased.personId, 2)
  await sql`insert into brought (artist_id, person_id, by_person, at)
    values (${given.artistId}, ${erased.personId}, ${by.personId}, ${daysAgo(3)})`.execute(platform.db)
  await listen(erased.personId, 1, daysAgo(2))
  for (let n = 0; n < 3; n++) await brought(erased.personId, { days: 1 })
  const before = await see(by)
  expect(before).toContain('3 more came')
  await platform.db.transaction().execute((tx) => eraseFan(tx, platform, REGISTRY, { fanId: erased.fanId, ...PROOF }))
  expect((await app.request(echoPath(erased))).status).toBe(404)
  expect(await see(by)).toBe(before)
})

test('on a computer that several use, what was done there before is not theirs', async () => {
  const ida = await fan('Ida')
  const browser = newId()
  await link(browser)
  await brought(browser, { days: 5 })
  await listen(browser, 3, daysAgo(5))
  await sql`insert into person_fans (person_id, fan_id, since) values (${browser}, ${ida.fanId}, ${daysAgo(4)})`.execute(
    platform.db,
  )
  const page = await see(ida)
  expect(page).toContain('Nobody has come by a link of yours yet')
  expect(page).not.toContain('3 listens')
  await brought(browser, { days: 2 })
  await listen(browser, 1, daysAgo(2))
  const later = await see(ida)
  expect(later).toContain('Through you: one person.')
  expect(later).toContain('One listen')
})

test('it is there for whom one follows alone', async () => {
  const lou = await fan('Lou')
  const other = await givenRelease(platform, { artist: 'Bo', title: 'Elsewhere' })
  expect((await app.request(echoPath(lou).replace(given.artistSlug, other.artistSlug))).status).toBe(404)
  expect((await app.request(`/fan/nonsense/echo/${given.artistSlug}`)).status).toBe(404)
})
