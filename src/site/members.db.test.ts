import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createArtist } from '../domains/identity/index.ts'
import {
  addPicture,
  createPost,
  givePostToMembers,
  journalJobs,
  journalOffers,
  postPath,
  schedulePost,
  unlistPost,
  withdrawPost,
} from '../domains/journal/index.ts'
import {
  giveReleaseToMembers,
  musicOffers,
  releasePath,
  trackPath,
  unlistRelease,
  withdrawRelease,
} from '../domains/music/index.ts'
import { accessOf } from '../platform/http/index.ts'
import {
  FORM,
  type GivenMember,
  type GivenRelease,
  givenMember,
  givenPlan,
  givenRelease,
  givenSeller,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
} from '../testing/index.ts'

/** What is inside begins with this, whatever it is: words, lyrics, names of tracks and films, what pictures show. */
const SECRET = 'zebra'
const BROWSER = {
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  accept: 'text/html',
}
const DAY = 24 * 3_600_000

let platform: TestPlatform
let at = new Date('2027-03-01T10:00:00Z')
let app: ReturnType<typeof testApp>
let given: GivenRelease
let post: { id: string; slug: string }
let sellerId: string
let plan: string
let attic: string
let member: GivenMember
let picture: string
let video: string
let cookies: Record<'member' | 'former' | 'elsewhere' | 'attic', string>

const get = (path: string, cookie = '') => app.request(path, { headers: { ...BROWSER, ...(cookie && { cookie }) } })
const text = async (path: string, cookie = '') => (await get(path, cookie)).text()
const status = async (path: string, cookie = '') => (await get(path, cookie)).status
const press = (path: string, cookie = '') =>
  app.request(path, { method: 'POST', headers: { ...FORM, ...(cookie && { cookie }) }, body: '' })

/** One press on the page of a membership, and what the browser holds then. */
async function letIn(of: GivenMember, before = ''): Promise<string> {
  const answer = await press(`${of.page}/enter`, before)
  expect(answer.status).toBe(303)
  const said = answer.headers.get('set-cookie') ?? ''
  expect(said).toContain('HttpOnly')
  expect(said).toContain('SameSite=Lax')
  return said.split(';')[0] ?? ''
}

const context = () => ({
  attempt: 1,
  lastAttempt: true,
  worker: 'test',
  signal: new AbortController().signal,
  log: platform.log,
})

const give = (more = {}) =>
  givePostToMembers(platform, { postId: post.id, by: null, plans: [], listed: true, teaser: 'A word for all', ...more })
const giveRelease = (more = {}) =>
  giveReleaseToMembers(platform, {
    ...{ releaseId: given.releaseId, by: null, plans: [], listed: true, teaser: 'Hear it inside' },
    ...more,
  })

beforeAll(async () => {
  platform = await testPlatform()
  platform.now = () => at
  app = testApp(platform)
  given = await givenRelease(platform, {
    artist: 'Ana',
    title: 'Winter Tapes',
    tracks: [`${SECRET} one`],
    publish: false,
  })
  const { artistId } = given
  const { db } = platform
  await db
    .updateTable('releases')
    .set({ description: `The ${SECRET}story` })
    .where('id', '=', given.releaseId)
    .execute()
  await db
    .updateTable('recordings')
    .set({ lyrics: `Sing ${SECRET}lyrics` })
    .where('id', '=', given.tracks[0]?.recordingId ?? '')
    .execute()
  post = await createPost(db, {
    ...{ artistId, title: 'From the kitchen', language: 'en' },
    body: `Dear ${SECRET}words, as I was saying.`,
  })
  const bytes = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#c31' } })
    .png()
    .toBuffer()
  const added = await addPicture(platform, { postId: post.id, picture: bytes, alt: `A ${SECRET}picture`, put: true })
  if (!added.ok) throw new Error('The picture of the test was refused')
  picture = added.value.id
  const writer = await signedIn(platform, { artistIds: [artistId] })
  const { 'content-type': _, ...HEADERS } = FORM
  const body = new FormData()
  body.set(
    'video',
    new File([new Uint8Array(readFileSync(new URL('../testing/film.mp4', import.meta.url)))], `${SECRET}film.mp4`),
  )
  await app.request(`/studio/journal/${post.id}/videos`, {
    method: 'POST',
    headers: { ...HEADERS, ...writer.headers },
    body,
  })
  video = (await db.selectFrom('postVideos').select('id').executeTakeFirstOrThrow()).id
  await journalJobs(platform)['journal.prepare-video']({ videoId: video }, context())
  await db
    .insertInto('videoCaptions')
    .values({ videoId: video, language: 'en', vtt: `WEBVTT\n\n00:00.000 --> 00:01.000\n${SECRET}caption\n` })
    .execute()

  sellerId = await givenSeller(db, { artistId })
  plan = await givenPlan(platform, { artistId, sellerId })
  attic = await givenPlan(platform, { artistId, sellerId, title: 'The attic' })
  const until = new Date(at.getTime() + 20 * DAY)
  member = await givenMember(platform, { artistId, sellerId, plan, until })
  const former = await givenMember(platform, { artistId, sellerId, plan, until: new Date(at.getTime() - 1) })
  const noe = (await db.transaction().execute((tx) => createArtist(tx, { name: 'Noé' }))).id
  const theirs = await givenSeller(db, { artistId: noe })
  const other = await givenMember(platform, {
    ...{ artistId: noe, sellerId: theirs, until },
    plan: await givenPlan(platform, { artistId: noe, sellerId: theirs }),
  })
  cookies = {
    member: await letIn(member),
    former: await letIn(former),
    elsewhere: await letIn(other),
    attic: await letIn(await givenMember(platform, { artistId, sellerId, plan: attic, until })),
  }
  expect((await give()).ok && (await giveRelease()).ok).toBe(true)
}, 120_000)
afterAll(() => platform.close())

const postAt = () => postPath('ana', post.slug)
const releaseAt = () => releasePath('ana', given.releaseSlug)
const trackAt = () => trackPath('ana', given.releaseSlug, `${SECRET}-one`)

/** Everything that may stand at a place of that name in an address. */
function candidates(name: string, pattern: string | undefined): string[] {
  const ids = [given.releaseId, given.tracks[0]?.trackId ?? '', post.id, picture, video, given.artistId, plan]
  const slugs = ['ana', given.releaseSlug, `${SECRET}-one`, post.slug]
  const files = [
    ...[
      'feed.xml',
      'feed.atom',
      'feed.json',
      'music.xml',
      'publisher.xml',
      'calendar.ics',
      'lyrics.txt',
      'film.mp4',
      'film.webm',
    ],
    ...['en.vtt', '900.jpg', '320.jpg', '960.webp', '320.png', '32.png', 'flac', 'mp3-v0'],
  ]
  const known: Record<string, string[]> = {
    artist: ['ana'],
    kind: ['release', 'track', 'image', 'cover'],
    format: ['flac'],
    release: slugs,
    post: slugs,
    track: [...slugs, ...ids],
    signature: ['x'],
  }
  const all = known[name] ?? (pattern ? [...ids, ...slugs, ...files] : [...ids, ...slugs])
  return pattern ? all.filter((one) => new RegExp(`^${pattern}$`).test(one)) : all
}

/** Every public address of the program that can be asked for, with whatever of this artist can stand in it. */
function addresses(): string[] {
  const paths = new Set(
    app.routes
      .filter(({ method, handler }) => method === 'GET' && accessOf(handler) === 'public')
      .map(({ path }) => path),
  )
  return [...paths].flatMap((path) => {
    let made = ['']
    for (const segment of path.slice(1).split('/')) {
      const [, name, pattern] = /^:(\w+)(?:\{(.*)\})?$/.exec(segment) ?? []
      const here = name ? candidates(name, pattern) : [segment]
      made = made.flatMap((before) => here.map((one) => `${before}/${encodeURIComponent(one)}`))
    }
    return made
  })
}
const asked = () => {
  const url = (path: string) => encodeURIComponent(`http://ritornello.test${path}`)
  return [
    ...addresses(),
    ...['brawords', 'bralyrics', 'brastory', 'bra one', 'kitchen', 'winter'].map(
      (q) => `/search?q=${encodeURIComponent(q)}`,
    ),
    ...[postAt(), releaseAt(), trackAt()].flatMap((path) => [
      `/oembed?url=${url(path)}`,
      `/oembed?url=${url(path)}&format=xml`,
    ]),
    ...['1', '2'].map((n) => `/sitemap.xml?page=${n}`),
    `${postAt()}?preview=1`,
    `${releaseAt()}?preview=1`,
    `${releaseAt()}?key=x`,
  ]
}

/** Addresses hold what was asked for; their answers repeat them in links to the other language. */
const without = (body: string, path: string) =>
  body.replaceAll(encodeURI(decodeURI(path)), '').replaceAll(`${SECRET}-one`, '')

async function leaks(cookie = ''): Promise<string[]> {
  const found: string[] = []
  for (const path of asked()) {
    const answer = await get(path, cookie)
    const type = answer.headers.get('content-type') ?? ''
    const body = await answer.text()
    if (without(body, path).toLowerCase().includes(SECRET)) found.push(path)
    if (answer.status === 200 && /^(audio|video)\//.test(type)) found.push(path)
    if (answer.status === 200 && path.startsWith('/media/post/')) found.push(path)
  }
  return found
}

/** The addresses of sounds, films and pictures that a page names. */
const mediaOn = (html: string) =>
  [...html.matchAll(/\/media\/(?:stream|video|post)\/[^"\s]+/g)].map(([path]) =>
    path.replaceAll('\\u0026', '&').replaceAll('&amp;', '&'),
  )

test('there is something to be found: the walk reaches what is public', async () => {
  expect(asked().length).toBeGreaterThan(300)
  expect(asked()).toContain(postAt())
  expect(asked()).toContain(trackAt())
  const show = (visibility: 'public' | 'members') =>
    platform.db
      .updateTable('posts')
      .set({ visibility, publishedAt: visibility === 'public' ? at : null })
      .where('id', '=', post.id)
      .execute()
  await show('public')
  const found = await leaks()
  await show('members')
  for (const path of [postAt(), '/ana/journal', '/ana/journal/feed.xml', `/media/video/${video}/film.mp4`])
    expect(found).toContain(path)
}, 120_000)

describe('no public address shows what is inside', () => {
  test('to a stranger', async () => expect(await leaks()).toEqual([]), 120_000)
  test('to who was a member', async () => expect(await leaks(cookies.former)).toEqual([]), 120_000)
  test('to a member of somebody else', async () => expect(await leaks(cookies.elsewhere)).toEqual([]), 120_000)
  test('to a member by another plan', async () => {
    await give({ plans: [plan] })
    await giveRelease({ plans: [plan] })
    expect(await leaks(cookies.attic)).toEqual([])
    expect(await text(postAt(), cookies.member)).toContain(`${SECRET}words`)
    expect(await text(postAt(), cookies.attic)).toContain('The kitchen')
    await give()
    await giveRelease()
  }, 120_000)
})

test('everybody sees that it exists, and how to get in', async () => {
  const page = await text(postAt())
  expect(page).toContain('From the kitchen')
  expect(page).toContain('A word for all')
  expect(page).toContain('href="/ana/shop"')
  expect(page).toContain('"isAccessibleForFree":false')
  expect(await text(releaseAt())).toContain('Hear it inside')
  for (const list of ['/ana', '/ana/journal']) expect(await text(list)).toContain('From the kitchen')
  expect(await text('/ana')).toContain('Winter Tapes')
  expect((await get(trackAt())).headers.get('location')).toBe(releaseAt())
})

test('a member reads, hears and takes it, and nobody else with what they were given', async () => {
  const page = await get(postAt(), cookies.member)
  expect(page.headers.get('cache-control')).toBe('private, no-store')
  const html = await page.text()
  for (const what of ['words', 'picture', 'film']) expect(html.toLowerCase()).toContain(SECRET + what)
  // What was just asked for by a member is a stranger's teaser to the next who asks, and the other way round.
  expect(await text(postAt())).not.toContain(SECRET)
  expect(await text(postAt(), cookies.member)).toContain(`${SECRET}words`)
  const release = await text(releaseAt(), cookies.member)
  expect(release).toContain(`${SECRET} one`)
  expect(await text(trackAt(), cookies.member)).toContain(`${SECRET}lyrics`)
  const media = [...mediaOn(html), ...mediaOn(release)]
  expect(new Set(media.map((path) => path.split('/')[2]))).toEqual(new Set(['post', 'video', 'stream']))
  for (const path of media) {
    expect([path, await status(path)]).toEqual([path, 200])
    expect([path, await status(path.split('?')[0] ?? '')]).toEqual([path, 404])
  }
  // A pass for the post is none for the release.
  const pass = new URL(`http://x${media.find((path) => path.startsWith('/media/post'))}`).search
  expect(await status(`${media.find((path) => path.startsWith('/media/stream'))?.split('?')[0]}${pass}`)).toBe(404)
})

test('the page of a membership leads in, and its feed has the words and the sound', async () => {
  const page = await text(member.page, cookies.member)
  expect(page).toContain(`href="${postAt()}"`)
  expect(page).toContain(`href="${releaseAt()}"`)
  const feed = page.match(/\/member-feed\/[\w-]+\.xml/)?.[0] ?? ''
  const answer = await app.request(feed)
  expect(answer.headers.get('content-type')).toBe('application/rss+xml; charset=utf-8')
  expect(answer.headers.get('cache-control')).toBe('private, no-store')
  const xml = await answer.text()
  expect(xml).toContain(`${SECRET}words`)
  // An hour later nothing is new in it.
  at = new Date(at.getTime() + 3_600_000)
  const again = await app.request(feed, { headers: { 'If-None-Match': answer.headers.get('etag') ?? '' } })
  expect(again.status).toBe(304)
  at = new Date(at.getTime() - 3_600_000)
  const sound = xml.match(/<enclosure url="http:\/\/ritornello\.test([^"]+)"/)?.[1]?.replaceAll('&amp;', '&') ?? ''
  expect(await status(sound)).toBe(200)
  // What was opened so far is closed by one press, in every browser and in the feed.
  const held = cookies.member
  await press(`${member.page}/close`, held)
  expect(await status(feed)).toBe(404)
  expect(await status(sound)).toBe(404)
  expect(await text(postAt(), held)).not.toContain(SECRET)
  cookies.member = await letIn(member)
  expect(await text(postAt(), cookies.member)).toContain(`${SECRET}words`)
  // On one browser alone.
  expect((await press(`${member.page}/out`, cookies.member)).headers.get('set-cookie')).toMatch(/^member=;/)
})

test('what is not to be seen by others is a page that is not there, and members find it in the journal', async () => {
  await give({ listed: false })
  await giveRelease({ listed: false })
  for (const path of [postAt(), releaseAt(), trackAt()]) expect([path, await status(path)]).toEqual([path, 404])
  for (const list of ['/ana', '/ana/journal']) expect(await text(list)).not.toMatch(/From the kitchen|Winter Tapes/)
  expect(await text('/ana/journal', cookies.member)).toContain('From the kitchen')
  expect(await text('/ana', cookies.member)).toContain('Winter Tapes')
  expect(await text('/ana', cookies.elsewhere)).not.toContain('Winter Tapes')
  await give()
  await giveRelease()
})

test('given with a day, it is the members’ until then and everybody’s from then on, and one gift', async () => {
  await withdrawPost(platform, { postId: post.id, by: null })
  const tomorrow = new Date(at.getTime() + DAY)
  expect((await schedulePost(platform, { postId: post.id, at: tomorrow, zone: 'UTC', by: null })).ok).toBe(true)
  expect(await status(postAt(), cookies.member)).toBe(404)
  await give()
  expect(await text(postAt(), cookies.member)).toContain(`${SECRET}words`)
  expect(await text(postAt())).toContain('For everybody from')
  expect(await text(postAt())).not.toContain(SECRET)
  at = tomorrow
  expect(await text(postAt())).toContain(`${SECRET}words`)
  await journalJobs(platform)['journal.publish-due']()
  expect(await text('/ana/journal/feed.xml')).toContain(`${SECRET}words`)
  const gifts = await platform.db
    .selectFrom('gifts')
    .select('audience')
    .where('subject', '=', `post:${post.id}`)
    .execute()
  expect(gifts).toEqual([{ audience: 'members' }])
  at = new Date(at.getTime() - DAY)
  await withdrawPost(platform, { postId: post.id, by: null })
  await give()
})

test('a link that was passed around opens nothing again once it is for members', async () => {
  const { db } = platform
  await unlistPost(platform, { postId: post.id, by: null })
  await unlistRelease(platform, { releaseId: given.releaseId, by: null })
  const { secretToken } = await db
    .selectFrom('posts')
    .select('secretToken')
    .where('id', '=', post.id)
    .executeTakeFirstOrThrow()
  const link = await db
    .selectFrom('secretLinks')
    .select('token')
    .where('releaseId', '=', given.releaseId)
    .executeTakeFirstOrThrow()
  const keyed = [`${postAt()}?key=${secretToken}`, `${releaseAt()}?key=${link.token}`]
  const html = (await Promise.all(keyed.map((path) => text(path)))).join('')
  expect(html).toContain(`${SECRET}words`)
  // Pictures of what is not everybody's have no addresses that outlive the link.
  const media = mediaOn(html)
  expect(new Set(media.map((path) => path.split('/')[2]))).toEqual(new Set(['post', 'video', 'stream']))
  // What was found is believed for two seconds, in the story before too.
  const began = Date.now()
  const clock = vi.spyOn(Date, 'now').mockReturnValue(began + 3_000)
  for (const path of media) expect([path, await status(path)]).toEqual([path, 200])
  await withdrawPost(platform, { postId: post.id, by: null })
  await withdrawRelease(platform, { releaseId: given.releaseId, by: null })
  await give()
  await giveRelease()
  for (const path of keyed) expect((await text(path)).toLowerCase()).not.toContain(SECRET)
  clock.mockReturnValue(began + 6_000)
  for (const path of media) expect([path, await status(path)]).toEqual([path, 404])
  clock.mockRestore()
}, 30_000)

test('what is said above such a page is true of whoever reads it', async () => {
  const writer = { headers: (await signedIn(platform, { artistIds: [given.artistId] })).headers }
  const previewed = async (path: string) => (await app.request(`${path}?preview=1&lang=en`, writer)).text()
  for (const path of [postAt(), releaseAt()]) {
    expect(await text(path, cookies.member)).toContain('You see this because you are one.')
    expect(await previewed(path)).toContain('they see this page, and nobody else')
  }
  const day = { at: new Date(at.getTime() + DAY), zone: 'UTC', by: null }
  await withdrawPost(platform, { postId: post.id, by: null })
  expect((await schedulePost(platform, { postId: post.id, ...day })).ok).toBe(true)
  expect(await previewed(postAt())).toContain('only you can see it')
  await give()
  expect(await text(postAt(), cookies.member)).toContain('You see this because you are one.')
  expect(await previewed(postAt())).toContain('Members see this page already.')
  await withdrawPost(platform, { postId: post.id, by: null })
  await give()
})

test('the press of "save" widens nothing: who it is for is said, or stays', async () => {
  const { db } = platform
  const { headers } = await signedIn(platform, { artistIds: [given.artistId] })
  const page = `/studio/journal/${post.id}/access`
  const save = async (fields: [string, string][]) =>
    (
      await app.request(`${page}/members`, {
        method: 'POST',
        headers: { ...FORM, ...headers },
        body: new URLSearchParams([['listed', 'yes'], ['teaser', 'A word for all'], ...fields]).toString(),
      })
    ).status
  const plansNow = async () =>
    (await db.selectFrom('posts').select('memberPlans').where('id', '=', post.id).executeTakeFirstOrThrow()).memberPlans
  const gold = await givenPlan(platform, { artistId: given.artistId, sellerId, title: 'Gold' })
  await give({ plans: [gold] })
  await db.updateTable('products').set({ state: 'withdrawn' }).where('id', '=', gold).execute()
  // It is offered no more, has no member, and is shown all the same.
  const shown = await (await app.request(`${page}?lang=en`, { headers })).text()
  expect(shown).toContain(`value="${gold}" checked`)
  expect(await save([])).toBe(303)
  expect(await plansNow()).toEqual([gold])
  expect(
    await save([
      ['for', 'these'],
      ['plans', gold],
    ]),
  ).toBe(303)
  expect(await plansNow()).toEqual([gold])
  expect(await save([['for', 'these']])).toBe(422)
  expect(await plansNow()).toEqual([gold])
  expect(
    await save([
      ['for', 'all'],
      ['plans', gold],
    ]),
  ).toBe(303)
  expect(await plansNow()).toEqual([])
})

test('an offer that is named is found however many came after it', async () => {
  const { db } = platform
  const old = await createPost(db, { artistId: given.artistId, title: 'Old', body: 'Old.', language: 'en' })
  await db
    .updateTable('posts')
    .set({ createdAt: new Date(0) })
    .where('id', '=', old.id)
    .execute()
  for (let n = 0; n < 50; n++)
    await createPost(db, { artistId: given.artistId, title: `Later ${n}`, body: 'Later.', language: 'en' })
  await givePostToMembers(platform, { postId: old.id, by: null, plans: [plan], listed: true, teaser: '' })
  const subject = `post:${old.id}` as const
  expect((await journalOffers(db, given.artistId)).some((offer) => offer.subject === subject)).toBe(false)
  const [found, ...more] = await journalOffers(db, given.artistId, [subject])
  expect(found).toMatchObject({ subject, publicAt: null, givenTo: { artistId: given.artistId, plans: [plan] } })
  expect(more).toEqual([])
  const track = `track:${given.tracks[0]?.trackId ?? ''}` as const
  const tracks = await musicOffers(db, given.artistId, [track, subject])
  expect(tracks.map((offer) => offer.subject)).toEqual([track])
  await db.deleteFrom('posts').where('title', 'like', 'Later %').execute()
})

test('once nothing is paid any more it closes, sounds that play among it; a draft is nobody’s', async () => {
  const media = [...mediaOn(await text(postAt(), cookies.member)), ...mediaOn(await text(releaseAt(), cookies.member))]
  // Hours before the end, so that the passes themselves are still in force after it.
  at = new Date(at.getTime() + 20 * DAY - 3_600_000)
  const later = [...mediaOn(await text(postAt(), cookies.member)), ...mediaOn(await text(releaseAt(), cookies.member))]
  expect(later.length).toBe(media.length)
  at = new Date(at.getTime() + 3_600_000)
  for (const path of later) expect([path, await status(path)]).toEqual([path, 404])
  expect(await leaks(cookies.member)).toEqual([])
  at = new Date(at.getTime() - 7_200_000)
  expect(await text(postAt(), cookies.member)).toContain(`${SECRET}words`)
  await withdrawPost(platform, { postId: post.id, by: null })
  await withdrawRelease(platform, { releaseId: given.releaseId, by: null })
  for (const path of [postAt(), releaseAt()]) expect([path, await status(path, cookies.member)]).toEqual([path, 404])
}, 120_000)
