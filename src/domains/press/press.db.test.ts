import { sql } from 'kysely'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { storeImage } from '../../platform/images/index.ts'
import { createSealer } from '../../platform/sealing.ts'
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
import { recordReturn, recordTouches } from '../exchange/index.ts'
import { signingKey } from './keys.store.ts'
import { readProof } from './proofs.views.ts'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let given: GivenRelease
let artist: SignedIn
beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  given = await givenRelease(platform, { artist: 'Ana Marsh', title: 'Harbour' })
  artist = await signedIn(platform, { artistIds: [given.artistId] })
})
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
const get = (path: string) => app.request(path, { headers: BROWSER })

async function follower(place: string, { joined = 40, left = null as number | null, artistId = given.artistId } = {}) {
  const [fanId, personId, addressId] = [newId(), newId(), newId()]
  const mail = `${fanId}@fans.example`
  await sql`insert into fans (id, person_id, place, recognised_since) values (${fanId}, ${personId}, ${place}, ${daysAgo(400)})`.execute(
    platform.db,
  )
  await sql`insert into fan_addresses (id, fan_id, channel, address, address_key, address_hash) values (${addressId}, ${fanId}, 'mail', ${mail}, ${mail}, ${fanId})`.execute(
    platform.db,
  )
  await sql`insert into subscriptions (id, fan_id, address_id, artist_id, channel, state, asked_at, joined_at, left_at)
    values (${newId()}, ${fanId}, ${addressId}, ${artistId}, 'mail', ${left === null ? 'active' : 'left'}, ${daysAgo(joined)}, ${daysAgo(joined)}, ${left === null ? null : daysAgo(left)})`.execute(
    platform.db,
  )
  return personId
}

test('a release that had this address keeps it while there is no such page', async () => {
  const slug = (to: string, from: string) =>
    platform.db.updateTable('releases').set({ slug: to }).where('slug', '=', from).execute()
  await slug('press', given.releaseSlug)
  const answer = await get('/ana-marsh/press')
  expect([answer.status, (await answer.text()).includes('Harbour')]).toEqual([200, true])
  await slug(given.releaseSlug, 'press')
})

test('nobody sees it before the artist says so; then what they said, and the figures that they ticked alone', async () => {
  expect((await get('/ana-marsh/press')).status).toBe(404)
  for (const place of ['Lyon', 'lyon ', 'Lyon', 'Lyon', 'Lyon', 'Brest', 'Brest', 'Brest', 'Brest'])
    await follower(place)
  const preview = await (await app.request('/studio/press', artist)).text()
  expect(preview).toContain('What it would say today<span class="hidden">: Where people follow from</span>')
  const said = {
    shortWords: 'Songs of the sea.',
    contacts: 'Noé, noe@booking.example',
    rider: 'Two inputs.',
    pictureCredit: 'Zoé',
  }
  await post('/studio/press', { ...said, proof_towns: 'on' })
  expect((await get('/ana-marsh/press')).status).toBe(404)
  await post('/studio/press', { ...said, proof_towns: 'on', isPublic: 'on' })
  const page = await (await get('/ana-marsh/press')).text()
  for (const text of [
    'Songs of the sea.',
    'noe@booking.example',
    'Two inputs.',
    '/embed/release/',
    'Where people follow from',
  ])
    expect(page).toContain(text)
  expect(page).toMatch(/[Ll]yon/)
  // A town of four people is nobody's business; nor is what was not ticked.
  expect(page).not.toContain('Brest')
  expect(page).not.toContain('How many follow')
  // What was agreed to stays as it was.
  await follower('Lyon')
  expect(await (await get('/ana-marsh/press')).text()).toBe(page)
})

test('a signed document is verified by another program from the public keys, and no other than what was signed', async () => {
  const jwks = async () =>
    (await app.request('/.well-known/jwks.json')).json() as Promise<{ keys: { kid: string; x: string }[] }>
  const answer = await get('/ana-marsh/press/proof.jws')
  expect(answer.headers.get('content-type')).toBe('application/jose')
  const jws = await answer.text()
  const { header, payload } = verifyWithOpenssl(jws, await jwks())
  expect(header).toMatchObject({ alg: 'EdDSA', jku: 'http://ritornello.test/.well-known/jwks.json' })
  expect(payload).toMatchObject({
    iss: 'http://ritornello.test',
    sub: 'http://ritornello.test/ana-marsh',
    name: 'Ana Marsh',
  })
  expect(payload.proofs).toEqual([
    expect.objectContaining({ kind: 'towns', towns: [{ place: expect.stringMatching(/lyon/i), people: 5 }] }),
  ])
  expect(payload.proofs[0].definition.fr).toContain('ville')

  const [head, body, signature] = jws.split('.')
  const more = { ...payload, proofs: [{ ...payload.proofs[0], towns: [{ place: 'Lyon', people: 5000 }] }] }
  const forged = [head, Buffer.from(JSON.stringify(more)).toString('base64url'), signature].join('.')
  expect(() => verifyWithOpenssl(forged, { keys: [] })).toThrow('no such key')
  const keys = await jwks()
  expect(() => verifyWithOpenssl(forged, keys)).toThrow()
  expect(body).not.toBe('')
  expect(JSON.stringify(keys)).not.toContain('"d"')

  // A year later another key signs, and so it does where the old one cannot be read; what was signed is still verified.
  const later = { ...platform, now: () => new Date(platform.now().getTime() + 366 * DAY) }
  const next = await signingKey(later)
  expect(next.kid).not.toBe(header.kid)
  expect((await signingKey(later)).kid).toBe(next.kid)
  const elsewhere = await signingKey({ ...later, sealer: createSealer('another secret') })
  expect(elsewhere.kid).not.toBe(next.kid)
  expect((await jwks()).keys).toHaveLength(3)
  verifyWithOpenssl(jws, await jwks())
})

test('a private link opens the page until it ends, and says how often', async () => {
  await post('/studio/press', { shortWords: 'For your eyes.' })
  expect((await get('/ana-marsh/press')).status).toBe(404)
  const refused = await post('/studio/press/links', { madeFor: ' ', days: '7' })
  expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('Say for whom it is.')])
  await post('/studio/press/links', { madeFor: 'Le Sonic', days: '7' })
  const studio = async () => (await app.request('/studio/press', artist)).text()
  const path = /value="http:\/\/ritornello\.test(\/press\/[^"]+)"/.exec(await studio())?.[1] ?? ''
  expect(await (await get(path)).text()).toContain('For your eyes.')
  const seen = await get(path)
  expect(seen.headers.get('cache-control')).toContain('no-store')
  await app.request(path, { headers: { 'user-agent': 'curl/8.0' } })
  expect(await studio()).toContain('Opened 2 times.')
  expect((await get(`${path}x`)).status).toBe(404)
  const id = /\/press\/([0-9a-f-]{36})/.exec(path)?.[1]
  const stranger = await signedIn(platform, {
    artistIds: [(await givenRelease(platform, { artist: 'Bo', title: 'Else' })).artistId],
  })
  await post(`/studio/press/links/${id}/revoke`, {}, stranger)
  expect((await get(path)).status).toBe(200)
  await post(`/studio/press/links/${id}/revoke`)
  expect((await get(path)).status).toBe(404)
  await post('/studio/press/links', { madeFor: 'Later', days: '7' })
  const other = /value="http:\/\/ritornello\.test(\/press\/[^"]+)"/.exec(await studio())?.[1] ?? ''
  await platform.db
    .updateTable('pressLinks')
    .set({ expiresAt: daysAgo(1) })
    .where('madeFor', '=', 'Later')
    .execute()
  expect((await get(other)).status).toBe(404)
})

test('the pictures are what came, under a name that says what they are', async () => {
  await post('/studio/press', { isPublic: 'on' })
  expect((await get('/ana-marsh/press/picture/portrait')).status).toBe(404)
  const bytes = await sharp({ create: { width: 900, height: 700, channels: 3, background: '#204060' } })
    .png()
    .toBuffer()
  const stored = await storeImage(platform, bytes)
  if (!stored.ok) throw new Error('the picture was refused')
  await platform.db
    .updateTable('artists')
    .set({ portraitImageId: stored.value.id })
    .where('id', '=', given.artistId)
    .execute()
  expect(await (await get('/ana-marsh/press')).text()).toContain('Ana Marsh, as it came, 900 × 700 pixels')
  const answer = await get('/ana-marsh/press/picture/portrait')
  expect(answer.headers.get('content-disposition')).toContain('Ana Marsh - Ana Marsh.png')
  expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true)
})

test('growth, response and retention say what they define', async () => {
  const { artistId } = await givenRelease(platform, { artist: 'Cleo', title: 'Figures' })
  const at = platform.now()
  const people = await Promise.all(
    Array.from({ length: 24 }, (_, n) => follower('', { artistId, joined: 100, left: n < 4 ? 2 : null })),
  )
  const growth = await readProof(platform.db, 'growth', artistId, at)
  if (!('months' in growth)) throw new Error('no months')
  expect(growth.months[0]?.people).toBe(0)
  expect(growth.months.at(-1)).toEqual({ on: at.toISOString().slice(0, 10), people: 20 })
  expect(growth.months.at(-2)?.people).toBe(daysAgo(2) > new Date(`${growth.months.at(-2)?.on}T00:00:00Z`) ? 24 : 20)

  const subject = `artist:${artistId}` as const
  const told = (personId: string, days: number) =>
    recordTouches(platform.db, [
      {
        key: newId(),
        artistId,
        subject,
        givenAs: subject,
        personId,
        channel: 'mail',
        referrer: null,
        token: null,
        at: daysAgo(days),
      },
    ])
  const hear = (personId: string, days: number) =>
    platform.db.transaction().execute((tx) =>
      recordReturn(tx, {
        key: newId(),
        artistId,
        kind: 'listen',
        subject,
        givenAs: subject,
        personId,
        at: daysAgo(days),
      }),
    )
  expect(await readProof(platform.db, 'response', artistId, at)).toMatchObject({ tooFew: true })
  for (const person of people) for (const days of [60, 50]) await told(person, days)
  // Seven within a week of one of the two; one too late; nobody counts twice.
  for (const person of people.slice(0, 7)) for (const days of [58, 49]) await hear(person, days)
  await hear(people[8] as string, 40)
  expect(await readProof(platform.db, 'response', artistId, at)).toMatchObject({ n: 7, of: 24 })

  for (const person of people) await hear(person, 150)
  for (const person of people.slice(0, 10)) await hear(person, 100)
  for (const person of people.slice(10, 15)) await hear(person, 140)
  expect(await readProof(platform.db, 'retention', artistId, at)).toMatchObject({
    n: 10,
    of: 24,
    low: expect.any(Number),
  })
})
