import { sql } from 'kysely'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { storeImage } from '../../platform/images/index.ts'
import {
  FORM,
  type GivenRelease,
  givenRelease,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
} from '../../testing/index.ts'
import { verifyWithOpenssl } from '../../testing/openssl.ts'
import { recordReturn, recordTouches, reverseReturn, type Subject } from '../exchange/index.ts'
import { readReleaseProof } from './release-proofs.views.ts'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let given: GivenRelease
let other: GivenRelease
let artist: SignedIn
let page = ''
let track = ''
beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  given = await givenRelease(platform, { artist: 'Ana Marsh', title: 'Harbour' })
  other = await givenRelease(platform, { artist: 'Ana Marsh', title: 'Ferry' })
  artist = await signedIn(platform, { artistIds: [given.artistId] })
  page = `/ana-marsh/press/${given.releaseSlug}`
  const { id } = await platform.db
    .selectFrom('tracks')
    .select('id')
    .where('releaseId', '=', given.releaseId)
    .orderBy('position')
    .executeTakeFirstOrThrow()
  track = id
}, 120_000)
afterAll(() => platform.close())

const DAY = 24 * 3_600_000
const daysAgo = (n: number) => new Date(platform.now().getTime() - n * DAY)
const post = (to: string, fields: Record<string, string> = {}, who = artist) =>
  app.request(to, {
    method: 'POST',
    headers: { ...FORM, ...who.headers },
    body: new URLSearchParams(fields).toString(),
  })
const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' }
const get = (path: string, headers = {}) => app.request(path, { headers: { ...BROWSER, ...headers } })
const html = async (path: string) => (await get(path)).text()
const studio = async (path: string) => (await app.request(path, artist)).text()
const desk = () => `/studio/press/releases/${given.releaseId}`

async function follower(place: string, { recognised = daysAgo(400) as Date | null } = {}) {
  const [fanId, personId, addressId] = [newId(), newId(), newId()]
  const mail = `${fanId}@fans.example`
  await sql`insert into fans (id, person_id, place, recognised_since) values (${fanId}, ${personId}, ${place}, ${recognised})`.execute(
    platform.db,
  )
  await sql`insert into fan_addresses (id, fan_id, channel, address, address_key, address_hash) values (${addressId}, ${fanId}, 'mail', ${mail}, ${mail}, ${fanId})`.execute(
    platform.db,
  )
  await sql`insert into subscriptions (id, fan_id, address_id, artist_id, channel, state, asked_at, joined_at)
    values (${newId()}, ${fanId}, ${addressId}, ${given.artistId}, 'mail', 'active', ${daysAgo(300)}, ${daysAgo(300)})`.execute(
    platform.db,
  )
  return personId
}

const hear = (personId: string, days: number, subject: Subject = `track:${track}`) =>
  platform.db.transaction().execute((tx) =>
    recordReturn(tx, {
      key: newId(),
      artistId: given.artistId,
      kind: 'listen',
      ...{ subject, givenAs: `release:${given.releaseId}` as const, personId, at: daysAgo(days) },
    }),
  )
const told = (personId: string, days: number, subject: Subject) =>
  recordTouches(platform.db, [
    {
      ...{ key: newId(), artistId: given.artistId, subject, givenAs: subject, personId, at: daysAgo(days) },
      ...{ channel: 'mail', referrer: null, token: null },
    },
  ])
const read = (kind: Parameters<typeof readReleaseProof>[1]) =>
  readReleaseProof(platform.db, kind, { id: given.releaseId, artistId: given.artistId }, platform.now())

test('a release has a page for professionals where its artist has one that everybody may see, and no other release does', async () => {
  expect((await get(page)).status).toBe(404)
  await post('/studio/press', { contacts: 'Noé, noe@booking.example', pictureCredit: 'Zoé' })
  expect((await get(page)).status).toBe(404)
  await post('/studio/press', { contacts: 'Noé, noe@booking.example', pictureCredit: 'Zoé', isPublic: 'on' })
  expect(await html('/ana-marsh/press')).toContain(`href="${page}"`)

  await platform.db
    .updateTable('releases')
    .set({ description: 'Recorded in a kitchen.\n\nIn a week.', catalogueNumber: 'AM 07', barcode: '3614590000001' })
    .where('id', '=', given.releaseId)
    .execute()
  const { recordingId } = await platform.db
    .selectFrom('tracks')
    .select('recordingId')
    .where('id', '=', track)
    .executeTakeFirstOrThrow()
  await platform.db
    .updateTable('recordings')
    .set({ isrc: 'FRZ031400123', lyrics: 'The water carries' })
    .where('id', '=', recordingId)
    .execute()
  const credit = { recordingId: null, detail: null, position: 0 }
  await platform.db
    .insertInto('credits')
    .values({ id: newId(), releaseId: given.releaseId, role: 'mixer', name: 'Mo Tide', ...credit })
    .execute()
  const shown = await html(page)
  for (const text of [
    'Harbour, for professionals',
    `/embed/release/${given.releaseId}`,
    'FRZ031400123',
    '0:02',
    '<p>Recorded in a kitchen.</p>',
    'The water carries',
    'Mixing engineer',
    'Mo Tide',
    'AM 07',
    'noe@booking.example',
  ])
    expect(shown).toContain(text)
  const french = await html(`${page}?lang=fr`)
  for (const text of ['Harbour, pour les professionnels', 'Durée', 'Paroles de «', 'Mixage'])
    expect(french).toContain(text)

  // Neither another artist's, nor one that is not out.
  await givenRelease(platform, { artist: 'Bo', title: 'Else' })
  await givenRelease(platform, { artist: 'Ana Marsh', title: 'Draft', publish: false })
  expect((await get('/ana-marsh/press/else')).status).toBe(404)
  expect((await get('/ana-marsh/press/draft')).status).toBe(404)
})

test('the address that a release had leads on, and so does that of its artist', async () => {
  await sql`insert into release_slugs (artist_id, slug, release_id) values (${given.artistId}, 'harbor', ${given.releaseId})`.execute(
    platform.db,
  )
  const answer = await get('/ana-marsh/press/harbor')
  expect([answer.status, answer.headers.get('location')]).toEqual([301, page])
})

test('its sleeve is offered as it came', async () => {
  const bytes = await sharp({ create: { width: 900, height: 900, channels: 3, background: '#204060' } })
    .png()
    .toBuffer()
  const stored = await storeImage(platform, bytes)
  if (!stored.ok) throw new Error('the picture was refused')
  await platform.db
    .updateTable('releases')
    .set({ coverImageId: stored.value.id })
    .where('id', '=', given.releaseId)
    .execute()
  const shown = await html(page)
  expect(shown).toContain('Harbour, as it came, 900 × 900 pixels')
  expect(shown).toContain('To be printed beside them: Zoé')
  const [, path = ''] = shown.match(/href="([^"]+\/picture\/[^"]+)"/) ?? []
  const answer = await get(path)
  expect(answer.headers.get('content-disposition')).toContain('Ana Marsh - Harbour.png')
  expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true)
})

test('figures of a release are those of nothing else, and what was set right is in none', async () => {
  const people = await Promise.all(Array.from({ length: 6 }, () => follower('Lyon')))
  for (const person of people.slice(0, 5)) await hear(person, 40)
  expect(await read('towns')).toEqual({ towns: [{ place: 'Lyon', people: 5 }] })

  // The sixth heard another release only; a seventh never agreed to be recognised.
  await hear(people[5] as string, 40, `release:${other.releaseId}`)
  await hear(await follower('Lyon', { recognised: null }), 40)
  expect(await read('towns')).toEqual({ towns: [{ place: 'Lyon', people: 5 }] })

  const growth = await read('growth')
  if (!('months' in growth)) throw new Error('no months')
  expect([growth.months[0]?.people, growth.months.at(-1)?.people]).toEqual([0, 6])

  const { at } = await platform.db
    .selectFrom('returns')
    .select('at')
    .where('personId', '=', people[0] as string)
    .where('kind', '=', 'listen')
    .executeTakeFirstOrThrow()
  const wrong = { artistId: given.artistId, kind: 'listen', subject: `track:${track}` as const, at }
  const undone = await platform.db
    .transaction()
    .execute((tx) => reverseReturn(tx, { ...wrong, detail: ['none', ''] }, platform.now()))
  expect(undone).toBe(true)
  expect(await read('towns')).toEqual({ towns: [] })
  const after = await read('growth')
  expect('months' in after && after.months.at(-1)?.people).toBe(5)
})

test('of those who were sent it, alone or with other things, it is told how many did something with it; and how many came back', async () => {
  const people = await Promise.all(Array.from({ length: 20 }, () => follower('')))
  const announcement = newId()
  await sql`insert into announcements (id, artist_id, state) values (${announcement}, ${given.artistId}, 'sent')`.execute(
    platform.db,
  )
  await sql`insert into announcement_things (announcement_id, position, subject) values
    (${announcement}, 0, ${`release:${other.releaseId}`}), (${announcement}, 1, ${`track:${track}`})`.execute(
    platform.db,
  )
  const { rows } = await sql<{ gift: Subject }>`
    select gift from announcement_things where announcement_id = ${announcement} order by position`.execute(platform.db)
  const [ferry, harbour] = rows.map(({ gift }) => gift) as [Subject, Subject]
  for (const person of people) await told(person, 150, ferry)
  expect(await read('response')).toMatchObject({ tooFew: true })
  for (const person of people) await told(person, 150, harbour)
  for (const person of people.slice(0, 6)) await hear(person, 147)
  await hear(people[6] as string, 140)
  await hear(people[7] as string, 149, `release:${other.releaseId}`)
  expect(await read('response')).toMatchObject({ n: 6, of: 20 })

  for (const person of people.slice(6)) await hear(person, 139)
  for (const person of people.slice(0, 4)) await hear(person, 100)
  await hear(people[4] as string, 100, `release:${other.releaseId}`)
  expect(await read('retention')).toMatchObject({ n: 4, of: 20 })
})

test('it is shown once the artist agreed, as it was then, and signed for this release', async () => {
  expect(await studio('/studio/press')).toContain(desk())
  expect(await studio(desk())).toContain(
    'What it would say today<span class="hidden">: How many have heard this release</span>',
  )
  expect((await get(`${page}/proof.jws`)).status).toBe(404)
  expect(await html(page)).not.toContain('How many have heard this release')
  await post(desk(), { proof_growth: 'on' })
  const shown = await html(page)
  expect(shown).toContain('How many have heard this release')
  expect(shown).not.toContain('Who comes back to this release')
  const late = newId()
  await hear(late, 1)
  expect(await html(page)).toBe(shown)

  const answer = await get(`${page}/proof.jws`)
  expect(answer.headers.get('content-disposition')).toContain('ana-marsh-harbour-proof.jws')
  const keys = (await (await app.request('/.well-known/jwks.json')).json()) as Parameters<typeof verifyWithOpenssl>[1]
  const { payload } = verifyWithOpenssl(await answer.text(), keys)
  expect(payload).toMatchObject({
    sub: `http://ritornello.test/ana-marsh/${given.releaseSlug}`,
    name: 'Harbour',
    by: 'Ana Marsh',
  })
  expect(payload.proofs).toMatchObject([
    { kind: 'growth', definition: { fr: expect.stringContaining('cette sortie') } },
  ])
  // The artist's own page shows nothing that was agreed to for a release.
  expect((await get('/ana-marsh/press/proof.jws')).status).toBe(404)

  const stranger = await signedIn(platform, {
    artistIds: [(await givenRelease(platform, { artist: 'Cleo', title: 'Mine' })).artistId],
  })
  await post(desk(), {}, stranger)
  expect(await html(page)).toBe(shown)
  await post(desk())
  expect(await html(page)).not.toContain('How many have heard this release')
})

test('a private link opens the page of a release too; going on from one to the other is one visit', async () => {
  await post('/studio/press', { contacts: 'Noé' })
  await post('/studio/press/links', { madeFor: 'Le Sonic', days: '7' })
  const [, path = ''] = (await studio(desk())).match(/value="http:\/\/ritornello\.test(\/press\/[^"]+)"/) ?? []
  expect(path.endsWith(`/${given.releaseSlug}`)).toBe(true)
  expect((await get(page)).status).toBe(404)
  const root = path.slice(0, path.lastIndexOf('/'))
  const answer = await get(path)
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'private, no-store'])
  expect(await answer.text()).toContain(`href="${root}"`)
  await get(root, { 'sec-fetch-site': 'same-origin' })
  expect(await html(root)).toContain(`href="${path}"`)
  expect(await studio('/studio/press')).toContain('Opened 2 times.')
  expect((await get(`${root}/harbor`)).headers.get('location')).toBe(path)
  expect((await get(`${root}x/${given.releaseSlug}`)).status).toBe(404)
  const id = /\/press\/([0-9a-f-]{36})/.exec(path)?.[1]
  await post(`/studio/press/links/${id}/revoke`)
  expect((await get(path)).status).toBe(404)
  expect(await studio(desk())).not.toContain(path)
})

test('it takes the colours of its own sleeve, not those of the latest', async () => {
  await post('/studio/press', { isPublic: 'on' })
  const colours = async (path: string) => /<style[^>]*>[^<]*?--[^<]*<\/style>/.exec(await html(path))?.[0] ?? ''
  const releases = [given, other]
  const own = await Promise.all(releases.map(({ releaseSlug }) => colours(`/ana-marsh/${releaseSlug}`)))
  const press = await Promise.all(releases.map(({ releaseSlug }) => colours(`/ana-marsh/press/${releaseSlug}`)))
  const theme = (style: string) => [...style.matchAll(/--(?:ground|ink|accent)[\w-]*:[^;}]+/g)].map(([one]) => one)
  expect(theme(own[0] ?? '').length).toBeGreaterThan(2)
  expect(press.map(theme)).toEqual(own.map(theme))
  expect(theme(press[0] ?? '')).not.toEqual(theme(press[1] ?? ''))
})
