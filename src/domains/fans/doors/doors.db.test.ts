import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  FORM,
  type GivenRelease,
  givenRelease,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
} from '../../../testing/index.ts'
import { createArtist } from '../../identity/index.ts'
import { fanByAddress, joinByKeyword } from '../index.ts'

let platform: TestPlatform
let given: GivenRelease
let artist: SignedIn
let app: ReturnType<typeof testApp>
beforeAll(async () => {
  platform = await testPlatform()
  given = await givenRelease(platform, { artist: 'Ana', title: 'Tide', tracks: ['One'] })
  artist = await signedIn(platform, { artistIds: [given.artistId] })
  app = testApp(platform)
})
afterAll(() => platform.close())

const post = (to: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  app.request(to, { method: 'POST', headers: { ...FORM, ...headers }, body: new URLSearchParams(fields).toString() })
const made = async (fields: Record<string, string>) => {
  const answer = await post('/studio/fans/doors', fields, artist.headers)
  expect(answer.status).toBe(303)
  return platform.db.selectFrom('doors').selectAll().orderBy('createdAt', 'desc').limit(1).executeTakeFirstOrThrow()
}

test('the page behind a poster is whole, light, and asks one thing', async () => {
  const door = await made({ occasion: 'Le Zénith', gives: `release:${given.releaseId}` })
  const answer = await app.request(`/q/${door.code.toUpperCase()}`)
  const html = await answer.text()
  expect(gzipSync(html).length).toBeLessThan(2_500)
  expect(html.length).toBeLessThan(15_000)
  // Nothing else is asked for.
  expect(html).not.toMatch(/<(?:script|link|img)/)
  expect(html).toContain('Tide is yours at once.')
  expect(html.match(/<input type="checkbox"[^>]*>/)?.[0]).not.toMatch(/checked|required/)
  const thanks = await (await post(`/q/${door.code}`, { to: 'lea@fans.example', yes: 'on' })).text()
  expect(thanks).toContain(`/take/release/${given.releaseId}/mp3-320`)
  expect(thanks).toContain('lea@fans.example')
  const fan = await fanByAddress(platform.db, 'mail', 'lea@fans.example')
  const consent = await platform.db
    .selectFrom('consents')
    .select(['source', 'wording'])
    .where('addressId', '=', fan?.addressId ?? '')
    .executeTakeFirst()
  expect(consent?.source).toBe('poster')
  expect(html).toContain(consent?.wording)
  const list = await (await app.request('/studio/fans/doors', artist)).text()
  expect(list).toContain('Le Zénith')
  expect(list).toMatch(/data-label="Signed up"[^>]*>1</)
  const wrong = await post(`/q/${door.code}`, { to: 'nobody' })
  expect(wrong.status).toBe(422)
  expect(await wrong.text()).toContain('aria-invalid="true"')
})

test('its poster holds the address as a code, and as words', async () => {
  const door = await made({ occasion: 'The Vera' })
  const poster = await (await app.request(`/studio/fans/doors/${door.id}/poster`, artist)).text()
  expect(poster).toContain('size:A4')
  expect(poster).toContain(`ritornello.test/q/${door.code}`)
  expect(poster).toContain('<svg')
})

test('a closed door leads to the artist’s page; a gift that is given no more is not promised', async () => {
  const door = await made({ occasion: 'Once', gives: `release:${given.releaseId}` })
  await platform.db.updateTable('releases').set({ givesDownload: false }).where('id', '=', given.releaseId).execute()
  // What a visitor may have is believed for two seconds.
  await expect
    .poll(async () => (await app.request(`/q/${door.code}`)).text(), { timeout: 10_000 })
    .not.toContain('Tide')
  await post(`/studio/fans/doors/${door.id}/close`, {}, artist.headers)
  expect((await app.request(`/q/${door.code}`)).headers.get('location')).toBe('/ana')
  await platform.db.updateTable('releases').set({ givesDownload: true }).where('id', '=', given.releaseId).execute()
})

test('a keyword is one word that means nothing else here, and lets people join by text', async () => {
  const set = (keyword: string, who = artist) => post('/studio/fans/doors/keyword', { keyword }, who.headers)
  for (const [word, why] of [
    ['stop', 'means something else'],
    ['two words', 'One word'],
    ['…', 'One word'],
  ] as const)
    expect(await (await set(word)).text()).toContain(why)
  expect((await set('été')).status).toBe(303)
  const join = (text: string) =>
    platform.db.transaction().execute((tx) => joinByKeyword(tx, platform, { from: '+33612345678', text }))
  expect(await join('Ete')).toMatchObject({ ok: true, value: { to: { artistId: given.artistId } } })
  const ben = await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Ben' }))
  const other = await signedIn(platform, { artistIds: [ben.id] })
  expect(await (await set('ETE', other)).text()).toContain('Another artist')
  await set('marée')
  expect(await join('ete')).toEqual({ ok: false, error: 'unknown' })
})

test('nobody else makes or closes them', async () => {
  const door = await made({ occasion: 'Mine' })
  const stranger = await signedIn(platform, {})
  const editor = await signedIn(platform, { artistIds: [given.artistId], role: 'editor' })
  for (const { headers } of [stranger, editor]) {
    expect((await app.request('/studio/fans/doors', { headers })).status).toBe(404)
    expect((await post(`/studio/fans/doors/${door.id}/close`, {}, headers)).status).toBe(404)
    expect((await app.request(`/studio/fans/doors/${door.id}/poster`, { headers })).status).toBe(404)
  }
  const empty = await post('/studio/fans/doors', { occasion: ' ' }, artist.headers)
  expect(empty.status).toBe(422)
})
