import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { releasePath, scheduleRelease, trackPath, unlistRelease, withdrawRelease } from '../domains/music/index.ts'
import {
  type GivenRelease,
  givenRelease,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
} from '../testing/index.ts'

const BROWSER = {
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  accept: 'text/html',
}
const TITLE = 'Zanzibar Sessions'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let given: GivenRelease
let editor: { cookie: string }
let stranger: { cookie: string }
let page: string
let track: string

beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  given = await givenRelease(platform, { title: TITLE, publish: false })
  const other = await givenRelease(platform, { artist: 'Somebody Else', title: 'Elsewhere', tracks: ['Only'] })
  editor = (await signedIn(platform, { artistIds: [given.artistId], role: 'editor' })).headers
  stranger = (await signedIn(platform, { artistIds: [other.artistId], isHost: true })).headers
  page = releasePath(given.artistSlug, given.releaseSlug)
  track = trackPath(given.artistSlug, given.releaseSlug, 'one')
})
afterAll(() => platform.close())

const get = (path: string, headers: Record<string, string> = {}) =>
  app.request(path, { headers: { ...BROWSER, ...headers } })
const status = async (path: string, headers: Record<string, string> = {}) => (await get(path, headers)).status
const text = async (path: string, headers: Record<string, string> = {}) => (await get(path, headers)).text()

/** Every public way to something: none of them may say even the title of what is not public. */
const ways = () => {
  const url = (path: string) => encodeURIComponent(`http://ritornello.test${path}`)
  const trackId = given.tracks[0]?.trackId
  return [
    page,
    track,
    `${page}?preview=1`,
    `${page}?key=${'x'.repeat(16)}`,
    `/embed/release/${given.releaseId}`,
    `/embed/track/${trackId}`,
    `/oembed?url=${url(page)}`,
    `/oembed?url=${url(track)}&format=xml`,
    `/oembed?url=${url(`/embed/release/${given.releaseId}`)}`,
    `/media/cover/${given.releaseId}/320.png`,
    `/media/icon/cover/${given.releaseId}/32.png`,
    `/media/release/${given.releaseId}/flac`,
    `/media/track/${trackId}/flac`,
    `/take/release/${given.releaseId}/flac`,
    `/take/release/${given.releaseId}/flac/progress`,
    `/take/track/${trackId}/mp3-v0?waiting=1`,
    `/media/bonus/${given.releaseId}/x`,
  ]
}
const lists = () => [
  '/',
  `/${given.artistSlug}`,
  '/search?q=zanzibar',
  '/sitemap.xml?page=1',
  `/${given.artistSlug}/manifest.webmanifest`,
]

async function expectHidden(headers: Record<string, string> = {}): Promise<void> {
  for (const way of ways()) {
    const answer = await get(way, headers)
    expect([way, answer.status]).toEqual([way, 404])
    expect(await answer.text()).not.toContain('Zanzibar')
  }
  for (const list of lists()) {
    const found = await text(list, headers)
    expect([list, found.replace(/<title>.*?<\/title>|value="[^"]*"|“.*?”/g, '').includes('Zanzibar')]).toEqual([
      list,
      false,
    ])
  }
}

/** What media believe of a release for two seconds, they ask again. */
const beliefIsOver = () => new Promise((done) => setTimeout(done, 2_100))

/** The addresses of the sounds that a page plays. */
const soundsOn = (html: string) =>
  [...html.matchAll(/"src":"(\/media\/stream\/[^"]+)"/g)].map(([, src]) => (src ?? '').replaceAll('\\u0026', '&'))

describe('a draft', () => {
  test('is nowhere, for visitors and for people who work on something else', async () => {
    await expectHidden()
    await expectHidden(stranger)
  })

  test('is previewed by who may edit it, and kept by nobody', async () => {
    const answer = await get(`${page}?preview=1`, editor)
    expect(answer.status).toBe(200)
    const html = await answer.text()
    expect(html).toContain(TITLE)
    expect(html).toContain('A draft: only you can see it.')
    expect(answer.headers.get('cache-control')).toBe('private, no-store')
    expect(answer.headers.get('x-robots-tag')).toContain('noindex')
    expect(await status(`${track}?preview=1`, editor)).toBe(200)
    const [sound = ''] = soundsOn(html)
    expect(await status(sound)).toBe(200)
    expect(await status(sound.split('?')[0] ?? '')).toBe(404)
    expect(await status(page, editor)).toBe(404)
  })
})

describe('an unlisted release', () => {
  let token: string
  beforeAll(async () => {
    const unlisted = await unlistRelease(platform, { releaseId: given.releaseId, by: null })
    token = unlisted.ok ? unlisted.value.token : ''
    await beliefIsOver()
  })
  const visits = async () =>
    (await platform.db.selectFrom('secretLinks').select('visits').executeTakeFirstOrThrow()).visits

  test('is nowhere without its link', async () => {
    await expectHidden()
    await expectHidden(stranger)
  })

  test('opens by its link, plays, and tells nobody its address', async () => {
    const answer = await get(`${page}?key=${token}`)
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'referrer-policy': 'same-origin',
      'cache-control': 'private, no-store',
      'x-robots-tag': 'noindex, nofollow',
    })
    const html = await answer.text()
    expect(html).toContain('Only those who were given this link can see this page.')
    expect(html).not.toMatch(/oembed|\/embed\/|twitter:player"/)
    expect(html.match(/<link rel="canonical" href="([^"]*)"/)?.[1]).toBe(`http://ritornello.test${page}`)
    expect(html).toContain(`${track}?key=${token}`)
    const [sound = ''] = soundsOn(html)
    expect(await status(sound)).toBe(200)
    expect(await status(sound.split('?')[0] ?? '')).toBe(404)
    const take = html.match(/href="(\/take\/release\/[^"]+\/flac\?[^"]+)"/)?.[1] ?? ''
    expect(await status(take.replaceAll('&amp;', '&'))).toBe(200)
    expect(await status(`${track}?key=${token}`)).toBe(200)
    expect(await status(`/media/cover/${given.releaseId}/320.png?key=${token}`)).toBe(200)
  })

  test('counts the visits of people, and not those of programs', async () => {
    const before = await visits()
    await get(`${page}?key=${token}`)
    await get(`${page}?key=${token}`, { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)' })
    await app.request(`${page}?key=${token}`, { method: 'HEAD', headers: BROWSER })
    expect(await visits()).toBe(before + 1)
  })

  test('keeps its key through a change of address and of language', async () => {
    const upper = await get(`/${given.artistSlug.toUpperCase()}/${given.releaseSlug}?key=${token}&lang=fr`)
    expect(upper.status).toBe(301)
    expect(upper.headers.get('location')).toBe(`${page}?key=${token}&lang=fr`)
    const french = await text(`${page}?key=${token}&lang=fr`)
    expect(french).toContain(`${track}?lang=fr&amp;key=${token}`)
    expect(french).toContain(`${page}?key=${token}&amp;lang=en`)
  })

  test('closes with its link, and so do the sounds that it opened', async () => {
    const [sound = ''] = soundsOn(await text(`${page}?key=${token}`))
    await sql`update secret_links set revoked_at = now()`.execute(platform.db)
    await beliefIsOver()
    expect(await status(`${page}?key=${token}`)).toBe(404)
    expect(await status(`${track}?key=${token}`)).toBe(404)
    expect(await status(sound)).toBe(404)
    expect(await status(`${page}?preview=1`, editor)).toBe(200)
  })
})

test('a scheduled release opens at its minute, on pages that were kept before it', async () => {
  const at = new Date(platform.now().getTime() + 3_600_000)
  await withdrawRelease(platform, { releaseId: given.releaseId, by: null })
  const scheduled = await scheduleRelease(platform, { releaseId: given.releaseId, at, zone: 'Europe/Paris', by: null })
  expect(scheduled.ok).toBe(true)
  await beliefIsOver()
  await expectHidden()
  const preview = await text(`${page}?preview=1`, { ...editor, 'accept-language': 'fr' })
  expect(preview).toContain('This opens to everyone on')
  expect(await text(`/${given.artistSlug}`)).not.toContain('Zanzibar')

  platform.pass(3_600_000)
  expect(await status(page)).toBe(200)
  for (const list of lists().filter((one) => !one.includes('manifest')))
    expect([list, /zanzibar/i.test(await text(list))]).toEqual([list, true])
  for (const way of ways().filter((one) => !/bonus|progress/.test(one)))
    expect([way, (await status(way)) < 400]).toEqual([way, true])
})
