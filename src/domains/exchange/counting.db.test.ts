import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import {
  type GivenRelease,
  givenRelease,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
} from '../../testing/index.ts'
import { giftOf } from './index.ts'

const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' }

let platform: TestPlatform
let given: GivenRelease
beforeAll(async () => {
  platform = await testPlatform()
  given = await givenRelease(platform, { title: 'Été', tracks: ['Long one', 'Short one'], seconds: 40 })
})
afterAll(() => platform.close())

const post = (path: string, body: object, headers: Record<string, string> = BROWSER) =>
  testApp(platform).request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'http://ritornello.test', ...headers },
    body: JSON.stringify(body),
  })
const settle = () => new Promise((resolve) => setTimeout(resolve, 900))
const touch = (over: object = {}) => ({
  key: newId(),
  kind: 'page',
  subject: `release:${given.releaseId}`,
  path: '/',
  referrer: null,
  token: null,
  ...over,
})
const listen = (over: object = {}) => ({
  play: newId(),
  track: given.tracks[0]?.trackId,
  startedAt: new Date(Date.now() - 60_000).toISOString(),
  playedMs: 25_000,
  durationMs: 40_000,
  ended: false,
  ...over,
})
const counts = async () => {
  const [touches, returns] = await Promise.all([
    platform.db.selectFrom('touches').selectAll().where('artistId', '=', given.artistId).execute(),
    platform.db.selectFrom('returns').selectAll().where('artistId', '=', given.artistId).execute(),
  ])
  return { touches, returns }
}

test('a page that is opened is a touch of its gift; the same report twice is one, a machine’s is none', async () => {
  const report = touch({ referrer: 'https://www.blog.example/best-of?secret=1' })
  const answer = await post('/api/touches', report)
  expect(answer.status).toBe(204)
  expect(answer.headers.get('set-cookie')).toMatch(/^visitor=[^;]+; Max-Age=34128000; Path=\/; HttpOnly; SameSite=Lax$/)
  await post('/api/touches', report)
  await post('/api/touches', touch(), { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)' })
  await post('/api/touches', touch({ subject: `release:${newId()}` }))
  await settle()
  const { touches } = await counts()
  expect(touches).toHaveLength(1)
  expect(touches[0]).toMatchObject({
    referrer: 'blog.example',
    channel: 'page',
    giftId: await giftOf(platform.db, `release:${given.releaseId}`),
  })
  expect(JSON.stringify(touches)).not.toContain('secret')
})

test('who refuses to be measured is counted, but nobody is behind it and no cookie is set', async () => {
  const answer = await post('/api/touches', touch(), { ...BROWSER, 'sec-gpc': '1' })
  expect(answer.headers.get('set-cookie')).toBeNull()
  await settle()
  expect((await counts()).touches.at(-1)?.personId).toBeNull()
})

test('who works for the artist is not somebody whom the gift reached', async () => {
  const artist = await signedIn(platform, { artistIds: [given.artistId] })
  const before = (await counts()).touches.length
  await post('/api/touches', touch(), { ...BROWSER, ...artist.headers })
  await settle()
  expect((await counts()).touches).toHaveLength(before)
})

test('half a track heard is a listen, reported often but counted once; less is none, nor more than time allows', async () => {
  const heard = listen()
  await post('/api/listens', { ...heard, playedMs: 10_000 })
  expect((await counts()).returns).toHaveLength(0)
  await Promise.all([
    post('/api/listens', heard),
    post('/api/listens', heard),
    post('/api/listens', { ...heard, playedMs: 40_000 }),
  ])
  await post('/api/listens', listen({ startedAt: new Date(Date.now() + 3_600_000 * 24).toISOString() }))
  const { returns } = await counts()
  expect(returns.filter(({ kind }) => kind === 'listen')).toHaveLength(1)
  const rows = await platform.db.selectFrom('listens').selectAll().where('play', '=', heard.play).execute()
  expect(rows).toMatchObject([{ playedMs: 40_000, counted: true }])
})

test('a listen remembers by which way its listener came', async () => {
  const cookie = 'visitor=a-visitor-of-the-test'
  await post('/api/touches', touch({ token: 'friend' }), { ...BROWSER, cookie })
  await settle()
  await post('/api/listens', listen(), { ...BROWSER, cookie })
  expect((await counts()).returns.at(-1)).toMatchObject({ kind: 'listen', token: 'friend' })
})

test('the studio shows it to who may see it, in their language, and to nobody else', async () => {
  const artist = await signedIn(platform, { artistIds: [given.artistId], language: 'fr' })
  const stranger = await signedIn(platform, {})
  const app = testApp(platform)
  const home = await app.request('/studio', artist)
  expect(home.status).toBe(200)
  expect(await home.text()).toContain('Que donnerez-vous')
  const list = await (await app.request('/studio/returns', artist)).text()
  expect(list).toContain('Été')
  const giftId = await giftOf(platform.db, `release:${given.releaseId}`)
  const page = await app.request(`/studio/returns/${giftId}`, artist)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('<svg')
  const csv = await app.request(`/studio/returns/${giftId}.csv`, artist)
  expect(await csv.text()).toMatch(/^day,touches,listens,downloads\r\n\d{4}-\d\d-\d\d,\d+,2,0\r\n$/)
  expect((await app.request(`/studio/returns/${giftId}`, stranger)).status).toBe(404)
  expect((await app.request(`/studio/returns/${giftId}`)).status).toBe(302)
})

test('days are the artist’s own', async () => {
  const artist = await signedIn(platform, { artistIds: [given.artistId] })
  const giftId = await giftOf(platform.db, `release:${given.releaseId}`)
  const app = testApp(platform)
  for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
    await platform.db.updateTable('artists').set({ timeZone: zone }).where('id', '=', given.artistId).execute()
    const csv = await (await app.request(`/studio/returns/${giftId}.csv`, artist)).text()
    // A day apart at any hour: +14 and -11.
    const today = new Intl.DateTimeFormat('sv', { timeZone: zone }).format(platform.now())
    expect(csv.trim().split('\r\n').at(-1)?.slice(0, 10)).toBe(today)
    const page = await (await app.request('/studio/returns', artist)).text()
    expect(page).toContain(`midnight in ${zone.replace('_', ' ')}`)
  }
})
