import { afterAll, beforeAll, expect, test } from 'vitest'
import { createArtist } from '../../domains/identity/index.ts'
import { createPost, publishPost, schedulePost, unlistPost } from '../../domains/journal/index.ts'
import {
  type GivenRelease,
  givenRelease,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
} from '../../testing/index.ts'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let release: GivenRelease
beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  release = await givenRelease(platform, { artist: 'Marie', title: 'Rain', tracks: ['Drops', 'Pools'] })
})
afterAll(() => platform.close())

const given = async (title: string, body: string, publish = true) => {
  const post = await platform.db
    .transaction()
    .execute((tx) => createPost(tx, { artistId: release.artistId, title, body, language: 'en' }))
  if (publish) await publishPost(platform, { postId: post.id, by: null })
  return { ...post, path: `/${release.artistSlug}/journal/${post.slug}` }
}
const read = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await app.request(path, { headers })
  return { status: answer.status, headers: answer.headers, html: await answer.text() }
}

test('a post is read at its address, in the journal and on the artist’s page', async () => {
  const post = await given('The kitchen, again', 'It *rained*, so we played.')
  const page = await read(post.path)
  expect(page.status).toBe(200)
  expect(page.html).toContain('It <em>rained</em>, so we played.')
  expect(page.html).toContain(`data-subject="post:${post.id}"`)
  expect(page.html).toContain('"@type":"BlogPosting"')
  for (const path of [`/${release.artistSlug}/journal`, `/${release.artistSlug}`])
    expect((await read(path)).html).toContain(`href="${post.path}"`)
  expect((await read(`/${release.artistSlug}/journal/nothing`)).status).toBe(404)
  expect((await read('/nobody/journal')).status).toBe(404)
  expect((await read(`${post.path}?lang=fr`)).html).toContain('une minute de lecture')
})

test('tracks in the text play in the order of the text, each once', async () => {
  const [drops, pools] = release.tracks.map(({ trackId }) => trackId)
  const post = await given('Listen', `[[track:${pools}|Pools]]\n\nand\n\n[[track:${drops}]]\n\n[[track:${pools}]]`)
  const { html } = await read(post.path)
  const queue = JSON.parse(/data-queue="">(.*?)<\/script>/s.exec(html)?.[1] ?? '{}')
  expect(queue.tracks.map(({ id }: { id: string }) => id)).toEqual([pools, drops])
  expect([...html.matchAll(/class="mark" data-play="" data-index="(\d)"/g)].map((match) => match[1])).toEqual([
    '0',
    '1',
    '0',
  ])
})

test('a public post stands in the sitemap and is found by a word of it, whatever its accents; a draft is in neither', async () => {
  const post = await given('Élégie 100% lente', 'A kettle sings in it.')
  const draft = await given('Élégie cachée', 'A kettle too.', false)
  const sitemap = (await read('/sitemap.xml?posts=1')).html
  expect(sitemap).toContain(`http://ritornello.test${post.path}<`)
  expect(sitemap).not.toContain(draft.path)
  for (const words of ['elegie', '100%', 'kettle sings']) {
    const { html } = await read(`/search?q=${encodeURIComponent(words)}`)
    expect(html, words).toContain(`href="${post.path}"`)
    expect(html, words).not.toContain(draft.path)
  }
  expect((await read('/search?q=1%25%25')).html).not.toContain(post.path)
})

test('a draft is nobody’s but those who work on it; what waits for its minute opens at it, on pages that were kept', async () => {
  const draft = await given('Not yet', 'words', false)
  expect((await read(draft.path)).status).toBe(404)
  expect((await read(`${draft.path}?preview=1`)).status).toBe(404)
  const artist = await signedIn(platform, { artistIds: [release.artistId] })
  const stranger = await signedIn(platform)
  const seen = await read(`${draft.path}?preview=1`, artist.headers)
  expect(seen.status).toBe(200)
  expect(seen.html).toContain('A draft: only you can see it.')
  expect(seen.headers.get('cache-control')).toContain('no-store')
  expect((await read(`${draft.path}?preview=1`, stranger.headers)).status).toBe(404)

  const list = `/${release.artistSlug}/journal`
  await schedulePost(platform, {
    postId: draft.id,
    at: new Date(platform.now().getTime() + 120_000),
    zone: 'UTC',
    by: null,
  })
  expect((await read(list)).html).not.toContain('Not yet')
  platform.pass(180_000)
  // The cache hears of the schedule a moment after it was written.
  await expect.poll(async () => (await read(list)).html.includes('Not yet')).toBe(true)
  expect((await read(draft.path)).status).toBe(200)
})

test('what is unlisted opens with its key, and is in no list and no index', async () => {
  const post = await given('For you', 'words', false)
  await unlistPost(platform, { postId: post.id, by: null })
  const row = await platform.db
    .selectFrom('posts')
    .select('secretToken')
    .where('id', '=', post.id)
    .executeTakeFirstOrThrow()
  const { status, headers, html } = await read(`${post.path}?key=${row.secretToken}`)
  expect(status).toBe(200)
  expect(headers.get('x-robots-tag')).toContain('noindex')
  expect(headers.get('referrer-policy')).toBe('same-origin')
  expect(html).toContain('Only those who were given this link')
  expect((await read(post.path)).status).toBe(404)
  expect((await read(`/${release.artistSlug}/journal`)).html).not.toContain('For you')
})

test('a video elsewhere is loaded from there only once it is pressed, in a frame that lets in that one site', async () => {
  const post = await given('Film', 'https://www.youtube.com/watch?v=dQw4w9WgXcQ')
  const { html, headers } = await read(post.path)
  expect(html).not.toMatch(/<iframe|youtube-nocookie/)
  expect(html).toContain('<a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ" rel="noopener" target="_blank">')
  expect(headers.get('content-security-policy')).toContain("frame-src 'self'")
  const frame = /data-frame="([^"]+)"/.exec(html)?.[1] ?? ''
  const framed = await read(frame)
  expect(framed.status).toBe(200)
  const policy = framed.headers.get('content-security-policy') ?? ''
  expect(policy).toContain('frame-src https://www.youtube-nocookie.com;')
  expect(policy).toContain("frame-ancestors 'self'")
  expect(framed.html).toContain('src="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&amp;rel=0"')
  // Nobody but us says what may be framed.
  expect((await read(frame.replace('dQw4w9WgXcQ', 'aaaaaaaaaaa'))).status).toBe(404)
  expect((await read('/journal/video/peertube/evil.example/kkGMgK9ZtnKfYAgnEtQxbv/x')).status).toBe(404)
})

test('a journal of many posts is turned page by page', async () => {
  const artist = await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Many' }))
  for (let n = 0; n < 21; n++) {
    const { id } = await platform.db
      .transaction()
      .execute((tx) => createPost(tx, { artistId: artist.id, title: `Post number ${n}`, body: 'x' }))
    await publishPost(platform, { postId: id, by: null })
  }
  const first = await read(`/${artist.slug}/journal`)
  expect(first.html).toContain('Post number 20')
  expect(first.html).not.toContain('Post number 0<')
  const next = /href="([^"]*before=[^"]*)"/.exec(first.html)?.[1] ?? ''
  const second = await read(next)
  expect(second.html).toContain('Post number 0<')
  expect(second.html).not.toContain('Post number 20<')
  expect((await read(`/${artist.slug}/journal?before=nonsense`)).status).toBe(404)
})
