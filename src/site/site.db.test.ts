import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLabel } from '../domains/identity/index.ts'
import { releasePath, trackPath } from '../domains/music/index.ts'
import { rasteriseOwnSvg, storeImage } from '../platform/images/index.ts'
import {
  FORM,
  type GivenRelease,
  givenRelease,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
} from '../testing/index.ts'
import { paletteOf } from '../ui/colour/palette.ts'

const BROWSER = {
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  accept: 'text/html',
}
let platform: TestPlatform
let app: ReturnType<typeof testApp>
let given: GivenRelease
let page: string
let track: string

beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  given = await givenRelease(platform, {
    artist: 'Émile & Friends',
    title: 'Twelve “Pieces”',
    tracks: Array.from({ length: 12 }, (_, i) => `Piece number ${i + 1}`),
    seconds: 1,
  })
  const drawn = await rasteriseOwnSvg(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#8a4b22"/></svg>',
    { width: 1400, height: 1400 },
  )
  const image = await storeImage(platform, drawn.bytes, paletteOf)
  if (!image.ok) throw new Error(image.error.code)
  await platform.db
    .updateTable('releases')
    .set({ coverImageId: image.value.id })
    .where('id', '=', given.releaseId)
    .execute()
  page = releasePath(given.artistSlug, given.releaseSlug)
  track = trackPath(given.artistSlug, given.releaseSlug, 'piece-number-3')
}, 240_000)
afterAll(() => platform.close())

const get = (path: string, headers: Record<string, string> = {}, env?: object) =>
  app.request(path, { headers: { ...BROWSER, ...headers } }, env)
const text = async (path: string, headers: Record<string, string> = {}) => (await get(path, headers)).text()
const allOf = (html: string, pattern: RegExp) => [...html.matchAll(pattern)].map((found) => found[1] ?? '')
const json = (html: string, mark: string) =>
  JSON.parse(html.match(new RegExp(`<script[^>]*${mark}[^>]*>(.*?)</script>`, 's'))?.[1] ?? 'null')

describe.each(['en', 'fr'] as const)('in %s', (lang) => {
  test('every public page opens, in its language, with a head that says what it is', async () => {
    const paths = [
      '/',
      `/${given.artistSlug}`,
      page,
      track,
      '/search?q=piece',
      '/visitor',
      '/legal',
      '/privacy',
      '/report',
    ]
    for (const path of paths) {
      const answer = await get(path, { 'accept-language': lang })
      const html = await answer.text()
      expect([path, answer.status, answer.headers.get('content-language')]).toEqual([path, 200, lang])
      expect(html.match(/^<!doctype html><html lang="(..)"/)?.[1]).toBe(lang)
      expect([path, allOf(html, /<h1[ >]/g).length, allOf(html, /<title>/g).length]).toEqual([path, 1, 1])
      expect(html).toMatch(/<meta name="build" content="test"/)
      expect([path, ...allOf(html, /data-swap="(\w+)"/g)]).toEqual([path, 'masthead', 'colophon'])
      expect(answer.headers.get('vary')).toContain('Accept-Language')
    }
  })

  test('canonical addresses carry no language, alternates carry each', async () => {
    for (const path of ['/', `/${given.artistSlug}`, page, track]) {
      const html = await text(`${path}?utm_source=x`, { 'accept-language': lang })
      const canonical = path === '/' ? 'http://ritornello.test/' : `http://ritornello.test${path}`
      expect(html.match(/<link rel="canonical" href="([^"]*)"/)?.[1]).toBe(canonical)
      expect(allOf(html, /<link rel="alternate" hreflang="([^"]*)"/g)).toEqual(['en', 'fr', 'x-default'])
      expect(html).toContain(`hreflang="fr" href="${canonical}?lang=fr"`)
      expect(html).not.toContain('utm_source')
    }
  })

  test('the language that was asked for goes along with every link', async () => {
    const html = await text(`${page}?lang=${lang}`, { 'accept-language': lang === 'fr' ? 'en' : 'fr' })
    const body = html.slice(html.indexOf('<body'))
    // A feed is in its artist's language, whoever reads it.
    const others = ['/search', `${page}/feed.xml`]
    const links = allOf(body, /<a [^>]*href="(\/[^"#]*)"/g).filter((href) => !others.includes(href))
    expect(links.length).toBeGreaterThan(20)
    expect(links.filter((href) => !href.includes(`lang=${lang}`))).toEqual([])
  })
})

test('cards and structured data say what the release is', async () => {
  const html = await text(page)
  const meta = (name: string) => html.match(new RegExp(`<meta (?:property|name)="${name}" content="([^"]*)"`))?.[1]
  expect(meta('og:type')).toBe('music.album')
  expect(meta('og:image')).toMatch(/^http:\/\/ritornello\.test\/media\/image\/[0-9a-f]{64}\/1400\.jpg$/)
  expect(meta('og:image:width')).toBe('1400')
  expect(meta('twitter:card')).toBe('player')
  expect(meta('twitter:player')).toBe(`http://ritornello.test/embed/release/${given.releaseId}`)
  const album = json(html, 'ld\\+json')
  expect(album).toMatchObject({ '@type': 'MusicAlbum', name: 'Twelve “Pieces”', numTracks: 12, datePublished: '2026' })
  expect(album.potentialAction['@type']).toBe('ListenAction')
  const song = json(await text(track), 'ld\\+json')
  expect(song).toMatchObject({ '@type': 'MusicRecording', duration: 'PT1S', byArtist: [{ name: 'Émile & Friends' }] })
  expect((await get(new URL(song.audio.contentUrl).pathname)).status).toBe(200)
  const group = json(await text(`/${given.artistSlug}`), 'ld\\+json')
  expect(group).toMatchObject({ '@type': 'MusicGroup', album: [{ name: 'Twelve “Pieces”' }] })
})

test('everything that a page names is there', async () => {
  const html = await text(page)
  const named = [
    ...new Set(
      allOf(html, /(?:href|src|content|url)="((?:http:\/\/ritornello\.test)?\/(?!assets|legal|privacy|report)[^"]*)"/g),
    ),
  ]
    .map((address) => address.replaceAll('&amp;', '&').replace('http://ritornello.test', ''))
    .filter((address) => !address.startsWith('/take/'))
  expect(named.length).toBeGreaterThan(20)
  const status = await Promise.all(named.map(async (address) => [address, (await get(address)).status] as const))
  expect(status.filter(([, code]) => code !== 200)).toEqual([])
})

test('a page of twelve tracks is light: 10 kB of script, 40 kB in all', async () => {
  const root = join(import.meta.dirname, '../..')
  const built = await build({
    entryPoints: { main: join(root, 'src/ui/client/main.ts'), site: join(root, 'src/ui/styles/site.entry.css') },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    outdir: 'x',
    external: ['*.woff2'],
    target: ['es2022', 'safari16.4'],
  })
  const weight = (bytes: Uint8Array | string) => brotliCompressSync(bytes).length
  const of = (end: string) => weight(built.outputFiles.find(({ path }) => path.endsWith(end))?.contents ?? '')
  const [script, style] = [of('main.js'), of('site.css')]
  // Over plain http browsers ask for no better.
  expect(
    gzipSync(built.outputFiles.find(({ path }) => path.endsWith('main.js'))?.contents ?? '').length,
  ).toBeLessThanOrEqual(10_000)
  const answer = await get(page, { 'accept-encoding': 'br' })
  const html = (await answer.arrayBuffer()).byteLength
  expect(script).toBeLessThanOrEqual(10_000)
  expect(script + style + html).toBeLessThanOrEqual(40_000)
})

test('what changes is on every page that shows it, at once', async () => {
  const french = { 'accept-language': 'fr' }
  const seen = async (path: string) => (await text(path)) + (await text(path, french))
  const soon = async (path: string, what: string) => {
    for (let i = 0; i < 100 && !(await seen(path)).includes(what); i++)
      await new Promise((done) => setTimeout(done, 10))
    expect([path, (await seen(path)).includes(what)]).toEqual([path, true])
  }
  for (let i = 0; i < 3; i++) await seen(page)
  const { db } = platform
  const release = (set: object) => db.updateTable('releases').set(set).where('id', '=', given.releaseId).execute()
  await release({ description: 'Played in the kitchen.' })
  await soon(page, 'Played in the kitchen.')
  await db.updateTable('artists').set({ biography: 'From the hills.' }).where('id', '=', given.artistId).execute()
  await soon(`/${given.artistSlug}`, 'From the hills.')
  await soon('/', 'From the hills.')
  await sql`update recordings set title = 'Renamed' where id = ${given.tracks[2]?.recordingId}`.execute(db)
  await soon(page, 'Renamed')
  await soon(track, 'Renamed')
  await sql`insert into credits (id, release_id, position, name, role) values (gen_random_uuid(), ${given.releaseId}, 1, 'Ada Mixer', 'mixer')`.execute(
    db,
  )
  await soon(page, 'Ada Mixer')
  await sql`update artists set theme = '{"accent":"#1122cc","scheme":"dark"}' where id = ${given.artistId}`.execute(db)
  await soon(page, 'data-scheme="dark"')
  await sql`update masters set state = 'failed' where recording_id = ${given.tracks[11]?.recordingId}`.execute(db)
  for (let i = 0; i < 100 && json(await text(page), 'data-queue').tracks.length > 11; i++)
    await new Promise((done) => setTimeout(done, 10))
  expect(json(await text(page), 'data-queue').tracks).toHaveLength(11)
  await sql`update masters set state = 'ready' where recording_id = ${given.tracks[11]?.recordingId}`.execute(db)
})

describe('addresses', () => {
  const where = async (path: string) => {
    const answer = await get(path)
    return [answer.status, answer.headers.get('location')]
  }
  const rename = async (slug: string) => {
    await sql`insert into slugs (slug, artist_id) values (${slug}, ${given.artistId}) on conflict do nothing`.execute(
      platform.db,
    )
    await sql`update artists set slug = ${slug} where id = ${given.artistId}`.execute(platform.db)
  }
  test('an earlier name leads on, with the rest of the address', async () => {
    await rename('emile')
    expect(await where(`/${given.artistSlug}?lang=fr`)).toEqual([301, '/emile?lang=fr'])
    expect(await where(`${page}?t=1:23`)).toEqual([301, `/emile/${given.releaseSlug}?t=1:23`])
    expect(await where(track)).toEqual([301, `/emile/${given.releaseSlug}/piece-number-3`])
    expect(await where(`/EMILE/${given.releaseSlug}`)).toEqual([301, `/emile/${given.releaseSlug}`])
    await rename(given.artistSlug)
  })
  test('a label has a page of its own', async () => {
    const { slug } = (await platform.db
      .transaction()
      .execute((tx) => createLabel(tx, { name: 'Low Hill', ownerId: null }))) as {
      slug: string
    }
    const html = await text(`/${slug}`)
    expect(html).toContain('Low Hill')
    await sql`delete from labels`.execute(platform.db)
  })
  test('no address leads to another site', async () => {
    for (const path of [
      '//elsewhere.example/',
      '/\\elsewhere.example/',
      '//elsewhere.example/%2e%2e/',
      '/%2F%2Felsewhere.example/',
      '/%5Celsewhere.example/a/',
    ]) {
      const answer = await app.request(`http://ritornello.test${path}`, { headers: BROWSER })
      const location = answer.headers.get('location')
      expect([path, location === null || new URL(location, 'http://ritornello.test').host]).toEqual([
        path,
        location === null || 'ritornello.test',
      ])
    }
  })
  test('no address writes a header', async () => {
    for (const path of [
      `/${given.artistSlug.toUpperCase()}%0d%0aSet-Cookie:%20x=1`,
      `/${given.artistSlug}/x%0d%0aX-Evil:%201?a=%0d%0aX-Evil:%201`,
      '/x%00/',
      '/%ff/%fe',
    ]) {
      const answer = await get(path)
      expect([path, answer.headers.get('x-evil'), answer.headers.get('set-cookie')]).toEqual([path, null, null])
      expect(answer.status).toBeLessThan(500)
    }
  })
  test('what is not there is said in the language of who asks, and shortly to programs', async () => {
    const missing = await get('/nobody/nothing', { 'accept-language': 'fr' })
    expect([missing.status, missing.headers.get('content-language')]).toEqual([404, 'fr'])
    expect(await missing.text()).toContain('<html lang="fr"')
    const program = await app.request('/nobody.json', { headers: { accept: 'application/json' } })
    expect([program.status, await program.text()]).toEqual([404, 'There is nothing here.'])
    for (const reserved of ['/studio/nothing', '/api/x', '/.well-known/x', '/media/x/y', '/rest/ping'])
      expect((await get(reserved)).status, reserved).toBe(404)
  })
  test('a fault of ours is a page too, and says nothing of its cause', async () => {
    const broken = testApp({ ...platform, db: null as never })
    const answer = await broken.request(page, { headers: { ...BROWSER, 'accept-language': 'fr' } })
    const html = await answer.text()
    expect(answer.status).toBe(500)
    expect(html).toContain('<html lang="fr"')
    expect(html).not.toMatch(/TypeError|at .*\.ts/)
  })
})

test('whatever is written in a field stays words', async () => {
  const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>{{x}}</script><!--'`
  const bad = await givenRelease(platform, { artist: 'Evil', title: 'Evil', tracks: ['Evil'], seconds: 1 })
  const { db } = platform
  await db
    .updateTable('artists')
    .set({
      name: evil,
      biography: `${evil} javascript:alert(1) http://a.example/"onmouseover=alert(1)`,
      places: [evil],
      links: JSON.stringify([
        { title: evil, url: 'javascript:alert(1)' },
        { title: evil, url: `https://a.example/"><script>alert(1)</script>` },
        { title: 'x', url: 'data:text/html,x' },
      ]),
      theme: JSON.stringify({
        accent: 'red;}</style><script>alert(1)</script>',
        pairing: '</style>',
        scheme: '"><script>' as never,
      }),
    })
    .where('id', '=', bad.artistId)
    .execute()
  await db
    .updateTable('releases')
    .set({
      title: evil,
      description: evil,
      genres: [evil],
      tags: [evil],
      copyright: evil,
      catalogueNumber: evil,
      labelName: evil,
      licence: evil,
      language: '"><script>',
    })
    .where('id', '=', bad.releaseId)
    .execute()
  await sql`update release_artists set name = ${evil} where release_id = ${bad.releaseId}`.execute(db)
  await sql`update recordings set title = ${evil}, version = ${evil}, lyrics = ${evil}, isrc = ${evil}, language = 'zz"><script>', musical_key = ${evil} where artist_id = ${bad.artistId}`.execute(
    db,
  )
  await sql`insert into credits (id, release_id, position, name, role, detail) values (gen_random_uuid(), ${bad.releaseId}, 1, ${evil}, ${evil}, ${evil})`.execute(
    db,
  )
  const at = releasePath(bad.artistSlug, bad.releaseSlug)
  const url = encodeURIComponent(`http://ritornello.test${at}`)
  const pages = [
    '/',
    `/${bad.artistSlug}`,
    at,
    trackPath(bad.artistSlug, bad.releaseSlug, 'evil'),
    `/search?q=${encodeURIComponent(evil)}`,
    `/embed/release/${bad.releaseId}`,
    `/embed/track/${bad.tracks[0]?.trackId}?theme=${encodeURIComponent(evil)}`,
    `/visitor?lang=${encodeURIComponent(evil)}`,
    `${at}?${new URLSearchParams({ lang: evil, via: evil, t: evil, theme: evil })}`,
  ]
  await new Promise((done) => setTimeout(done, 100))
  for (const path of pages) {
    const answer = await get(path)
    const html = await answer.text()
    expect([path, answer.status]).toEqual([path, 200])
    const outside = html.replace(/<script type="application\/(?:ld\+)?json"[^>]*>.*?<\/script>/gs, '')
    expect([
      path,
      outside.match(/<script(?! type="module" src="\/assets\/)[^>]*>/)?.[0],
      outside.replace(/"[^"]*"/g, '""').match(/<[a-z]+[^>]*\son\w+=/i)?.[0],
    ]).toEqual([path, undefined, undefined])
    expect([path, /href="(?:javascript|data):/i.test(outside)]).toEqual([path, false])
    expect([path, allOf(html, /<style data-theme="">/g).length, outside.includes('</style><script')]).toEqual([
      path,
      1,
      false,
    ])
    for (const block of allOf(html, /<script type="application\/(?:ld\+)?json"[^>]*>(.*?)<\/script>/gs))
      JSON.parse(block)
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'")
  }
  const oembed = (await (await get(`/oembed?url=${url}`)).json()) as { html: string; title: string }
  expect(oembed.title).toBe(evil)
  expect(oembed.html).not.toContain('<script')
  const xml = await text(`/oembed?url=${url}&format=xml`)
  expect(xml).not.toMatch(/<script|<img/)
  for (const path of [
    '/sitemap.xml?page=1',
    `/media/cover/${bad.releaseId}/320.png`,
    `/${bad.artistSlug}/manifest.webmanifest`,
  ])
    expect((await get(path)).status, path).toBe(200)
  await sql`update releases set visibility = 'draft' where id = ${bad.releaseId}`.execute(db)
  await sql`update artists set name = 'Evil', places = '{}' where id = ${bad.artistId}`.execute(db)
}, 240_000)

test('a visitor sees what is known, erases it, asks not to be counted, and opening the page changes nothing', async () => {
  const cookies = new Map<string, string>()
  const ask = async (path: string, init: RequestInit = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await app.request(path, { ...init, headers: { ...BROWSER, cookie, ...init.headers } })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      value ? cookies.set(name, value) : cookies.delete(name)
    }
    return answer
  }
  const touch = {
    key: crypto.randomUUID(),
    kind: 'page',
    subject: `release:${given.releaseId}`,
    referrer: null,
    token: null,
    path: page,
  }
  await ask('/api/touches', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: FORM.origin },
    body: JSON.stringify(touch),
  })
  await new Promise((done) => setTimeout(done, 900))
  expect(cookies.has('visitor')).toBe(true)
  const known = async () =>
    (await platform.db.selectFrom('personVisitors').selectAll().execute()).map(({ seenAt, ...rest }) => ({
      ...rest,
      at: seenAt.getTime(),
    }))
  const before = await known()
  const html = await (await ask('/visitor')).text()
  expect(html).toContain('Twelve “Pieces”')
  expect(await known()).toEqual(before)
  expect(await (await ask('/visitor/export.json')).json()).toMatchObject({ pages: 1, starts: 0 })
  for (const path of ['/visitor/erase', '/visitor/object', '/visitor/allow']) expect((await ask(path)).status).toBe(404)
  const foreign = await app.request('/visitor/erase', {
    method: 'POST',
    headers: { ...FORM, origin: 'https://elsewhere.example', cookie: `visitor=${cookies.get('visitor')}` },
  })
  expect(foreign.status).toBe(403)

  expect((await ask('/visitor/erase?lang=fr', { method: 'POST', headers: FORM })).headers.get('location')).toBe(
    '/visitor?lang=fr&erased=1',
  )
  expect([await known(), cookies.has('visitor')]).toEqual([[], false])
  await ask('/visitor/object', { method: 'POST', headers: FORM })
  expect(cookies.get('visitor')).toBe('off')
  expect(await (await ask('/visitor')).text()).toContain('You asked not to be counted')
  await ask('/visitor/allow', { method: 'POST', headers: FORM })
  expect(cookies.has('visitor')).toBe(false)
})

test('a download that is not made yet is begun by people, and by a press for all others', async () => {
  const at = `/take/release/${given.releaseId}/opus`
  const jobs = async () =>
    Number(
      (
        await sql<{
          n: number
        }>`select count(*) as n from graphile_worker.jobs where task_identifier = 'audio.encode'`.execute(platform.db)
      ).rows[0]?.n,
    )
  const robot = await get(at, { 'user-agent': 'Mozilla/5.0 (compatible; bingbot/2.0)' })
  expect([robot.status, await jobs()]).toEqual([200, 0])
  const waiting = await get(at, { 'accept-language': 'fr' })
  const html = await waiting.text()
  expect(await jobs()).toBe(12)
  expect(html).toContain('0 sur 12 titres prêts')
  expect(html).toContain(`<noscript><meta http-equiv="refresh" content="3;url=${at}?waiting=1"`)
  expect(await (await get(`${at}/progress`)).json()).toEqual({ state: 'making', done: 0, total: 12 })
  await sql`update graphile_worker._private_jobs set attempts = max_attempts where key like 'encode:%'`.execute(
    platform.db,
  )
  const failed = await text(`${at}?waiting=1`)
  expect(failed).toContain(`<form method="post" action="${at}"`)
  expect((await app.request(at, { method: 'POST', headers: { ...BROWSER, ...FORM } })).headers.get('location')).toBe(
    `${at}?waiting=1`,
  )
  expect(await (await get(`${at}/progress`)).json()).toMatchObject({ state: 'making' })
  const address = { incoming: { socket: { remoteAddress: '203.0.113.9' } } }
  let last = 0
  for (let i = 0; i < 61 && last !== 429; i++) last = (await get(at, {}, address)).status
  expect(last).toBe(429)
}, 120_000)

test('how a place is doing is told to this machine alone', async () => {
  const from = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } })
  const answer = await get('/metrics', {}, from('127.0.0.1'))
  expect(await answer.text()).toMatch(
    /^# HELP ritornello_http_requests_total[\s\S]*ritornello_jobs\{state="failed"\} \d+[\s\S]*_bucket\{le="\+Inf"\} \d+/,
  )
  expect((await get('/metrics', {}, from('192.0.2.1'))).status).toBe(404)
  expect((await get('/metrics', { 'x-forwarded-for': '127.0.0.1' }, from('127.0.0.1'))).status).toBe(404)
  expect((await get('http://music.example/metrics', {}, from('127.0.0.1'))).status).toBe(404)
  expect((await get('/metrics')).status).toBe(404)
})

test('the look is tried by who may edit the artist, on the public page, and kept for everybody', async () => {
  const artist = (await signedIn(platform, { artistIds: [given.artistId] })).headers
  const stranger = (await signedIn(platform)).headers
  const looks = '?preview=1&scheme=light&accentFrom=own&accent=%23ffee00'
  expect(await text(`/${given.artistSlug}${looks}`, artist)).toContain('data-scheme="light"')
  expect(await text(`/${given.artistSlug}${looks}`, stranger)).not.toContain('data-scheme="light"')
  expect(await text(`/${given.artistSlug}${looks}`)).not.toContain('data-scheme="light"')
  const tried = await text('/studio/artist/theme?scheme=light&accentFrom=own&accent=%23ffee00', artist)
  expect(tried).toContain('your colour is made darker on light pages')
  const body = new URLSearchParams({ scheme: 'light', pairing: 'poster', accentFrom: 'own', accent: '#ffee00' })
  const kept = await app.request('/studio/artist/theme', { method: 'POST', headers: { ...FORM, ...artist }, body })
  expect(kept.status).toBe(303)
  await new Promise((done) => setTimeout(done, 100))
  expect(await text(`/${given.artistSlug}`)).toContain('data-scheme="light"')
  expect(
    (await app.request('/studio/artist/theme', { method: 'POST', headers: { ...FORM, ...stranger }, body })).status,
  ).toBe(404)
})

test('an embed is framed by anybody and names itself, other pages only by us', async () => {
  const embed = await get(`/embed/release/${given.releaseId}?size=huge&theme=dark`)
  const html = await embed.text()
  expect(embed.headers.get('content-security-policy')).toContain('frame-ancestors *')
  expect(embed.headers.get('x-frame-options')).toBeNull()
  expect(html).toContain('data-gift-token="embed"')
  expect(html).toContain('data-scheme="dark"')
  expect(html).toContain('/assets/embed.js')
  expect((await get(page)).headers.get('x-frame-options')).toBe('SAMEORIGIN')
  const one = json(await text(`/embed/track/${given.tracks[1]?.trackId}`), 'data-queue')
  expect(one.tracks).toHaveLength(1)
  expect((await get('/embed/release/00000000-0000-7000-8000-000000000000')).status).toBe(404)
})

test('oEmbed answers within the size that it is given', async () => {
  const ask = async (query: string) =>
    (await (await get(`/oembed?url=${encodeURIComponent(`https://ritornello.test${page}`)}${query}`)).json()) as Record<
      string,
      unknown
    >
  expect(await ask('')).toMatchObject({
    version: '1.0',
    type: 'rich',
    width: 400,
    height: 500,
    author_name: 'Émile & Friends',
  })
  expect(await ask('&maxwidth=300&maxheight=120')).toMatchObject({ width: 300, height: 120 })
  expect(await ask('&maxwidth=evil&maxheight=-1')).toMatchObject({ width: 400, height: 500 })
  expect((await get(`/oembed?url=${encodeURIComponent('https://elsewhere.example/a/b')}`)).status).toBe(404)
  expect((await get(`/oembed?url=x&format=yaml`)).status).toBe(501)
  expect(
    (await get(`/oembed?url=${encodeURIComponent(`http://ritornello.test${page}`)}&format=xml`)).headers.get(
      'content-type',
    ),
  ).toContain('text/xml')
})

test('icons for every place: from a sleeve, drawn, or the house’s own', async () => {
  for (const path of [
    '/favicon.ico',
    '/media/icon/house/192.png',
    `/media/icon/cover/${given.releaseId}/512.png`,
    `/media/cover/${given.releaseId}/640.png`,
  ]) {
    const answer = await get(path)
    expect([path, answer.status]).toEqual([path, 200])
    const again = await get(path, { 'if-none-match': answer.headers.get('etag') ?? '' })
    expect(again.status).toBe(304)
  }
  for (const path of [
    '/media/icon/house/33.png',
    `/media/cover/${given.releaseId}/9999.png`,
    `/media/icon/image/${'0'.repeat(64)}/32.png`,
  ])
    expect((await get(path)).status, path).toBe(404)
  const manifest = JSON.parse(await text(`/${given.artistSlug}/manifest.webmanifest`))
  expect(manifest).toMatchObject({ name: 'Émile & Friends', start_url: `/${given.artistSlug}` })
  for (const { src } of manifest.icons) expect((await get(src)).status).toBe(200)
})

test('robots are shown the way, and the sitemap holds what is public', async () => {
  expect(await text('/robots.txt')).toContain('Sitemap: http://ritornello.test/sitemap.xml')
  const index = await text('/sitemap.xml')
  expect(allOf(index, /<loc>([^<]*)<\/loc>/g)).toEqual(['http://ritornello.test/sitemap.xml?page=1'])
  const urls = allOf(await text('/sitemap.xml?page=1'), /<loc>([^<]*)<\/loc>/g)
  expect(urls).toContain(`http://ritornello.test${page}`)
  expect(urls).toContain(`http://ritornello.test${track}`)
  expect(new Set(urls).size).toBe(urls.length)
  for (const query of ['0', '-1', 'x', '2', '1e99'])
    expect((await get(`/sitemap.xml?page=${query}`)).status, query).toBe(404)
})

test('a home of several says who they are, counts those it does not name, and shows the sleeve of each, drawn or not', async () => {
  for (const artist of ['Ana', 'Bo', 'Cy', 'Di'])
    await givenRelease(platform, { artist, title: `By ${artist}`, tracks: ['One'], seconds: 1 })
  const title = async (lang: string) => (await text(`/?lang=${lang}`)).match(/<title>(.*?)<\/title>/)?.[1]
  await expect.poll(() => title('en')).toBe('Ana, Bo, Cy and 2 others')
  expect(await title('fr')).toBe('Ana, Bo, Cy et 2 autres')
  const roster = (await text('/')).match(/<ul class="roster">(.*?)<\/ul>/s)?.[1] ?? ''
  const pictures = allOf(roster, /<img src="([^"]+)"/g)
  expect(pictures).toHaveLength(5)
  for (const picture of pictures) expect([picture, (await get(picture)).status]).toEqual([picture, 200])
}, 120_000)
