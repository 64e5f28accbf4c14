import { parseBuffer } from 'music-metadata'
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
import { createLabel } from '../identity/index.ts'
import { evictEncodings } from './evict.ts'
import { makePass, passWayOf, playable, soundsOf, studioWay, take } from './index.ts'
import { makeEncoding } from './make-encoding.ts'

let platform: TestPlatform
let given: GivenRelease
const app = () => testApp(platform)
const signal = new AbortController().signal

beforeAll(async () => {
  platform = await testPlatform()
  given = await givenRelease(platform, { artist: 'Ana', title: 'Vol. 2', tracks: ['One', 'Two: été'] })
})
afterAll(() => platform.close())

async function streamOf(index = 0, pass: string | null = null) {
  const { trackId, recordingId } = given.tracks[index] as { trackId: string; recordingId: string }
  const sound = (await soundsOf(platform.db, [recordingId])).get(recordingId)
  const found = playable(trackId, sound, pass)
  if (!found) throw new Error('not prepared')
  return found
}

async function encodeAll(format: 'flac' | 'mp3-v0') {
  for (const { trackId } of given.tracks)
    await makeEncoding(platform, { releaseId: given.releaseId, trackId, format }, { signal })
}

test('a prepared master streams in two formats, with its waveform and its loudness', async () => {
  const { sources, durationMs, waveform, gainDb } = await streamOf()
  expect(sources.map((source) => source.type)).toEqual(['audio/webm; codecs=opus', 'audio/mp4; codecs=mp4a.40.2'])
  expect(durationMs).toBe(2000)
  expect(Math.abs(gainDb)).toBeLessThan(20)
  const peaks = await app().request(waveform as string)
  expect((await peaks.arrayBuffer()).byteLength).toBe(800)
})

test('players ask for parts, as Safari does, and know when nothing has changed', async () => {
  const src = (await streamOf()).sources[0]?.src as string
  const whole = await app().request(src)
  const size = Number(whole.headers.get('content-length'))
  expect(whole.headers.get('cache-control')).toContain('immutable')
  expect((await whole.arrayBuffer()).byteLength).toBe(size)
  const probe = await app().request(src, { headers: { range: 'bytes=0-1' } })
  expect(probe.status).toBe(206)
  expect(probe.headers.get('content-range')).toBe(`bytes 0-1/${size}`)
  expect((await probe.arrayBuffer()).byteLength).toBe(2)
  expect((await app().request(src, { headers: { range: `bytes=${size}-` } })).status).toBe(416)
  expect((await app().request(src, { headers: { 'if-none-match': whole.headers.get('etag') as string } })).status).toBe(
    304,
  )
  const head = await app().request(src, { method: 'HEAD' })
  expect([head.status, head.headers.get('content-length')]).toEqual([200, String(size)])
  expect((await app().request(src.replace(/[0-9a-f]{16}/, '0'.repeat(16)))).status).toBe(404)
})

test('what is not given is reached only with a pass made for it, in its time, by a way still open', async () => {
  await platform.db.updateTable('releases').set({ visibility: 'unlisted' }).where('id', '=', given.releaseId).execute()
  const link = { id: given.releaseId, releaseId: given.releaseId, token: 'secret-token', revokedAt: null }
  await platform.db.insertInto('secretLinks').values(link).execute()
  await new Promise((resolve) => setTimeout(resolve, 2_100))
  const passFor = (item: string, way: string) => makePass(platform.signer, item, way, platform.now())
  const release = `release:${given.releaseId}`
  const editor = await signedIn(platform, { artistIds: [given.artistId], role: 'editor' })
  const studioPass = studioWay(editor.accountId)
  const status = async (pass: string | null) =>
    (await app().request((await streamOf(0, pass)).sources[0]?.src as string)).status
  expect(await status(null)).toBe(404)
  expect(await status(passFor('release:0190f0f0-0000-7000-8000-000000000000', studioPass))).toBe(404)
  const pass = passFor(release, passWayOf('secret-token'))
  expect(await status(pass)).toBe(200)
  expect(await status(`${pass}x`)).toBe(404)
  expect(await status(passFor(release, studioPass))).toBe(200)
  await platform.db.updateTable('secretLinks').set({ revokedAt: platform.now() }).execute()
  await new Promise((resolve) => setTimeout(resolve, 2_100))
  expect(await status(pass)).toBe(404)
  const studio = passFor(release, studioPass)
  platform.pass(13 * 3_600_000)
  expect(await status(studio)).toBe(404)
  platform.pass(-13 * 3_600_000)
  const stranger = await signedIn(platform)
  expect(await status(passFor(release, studioWay(stranger.accountId)))).toBe(404)
  expect(await status(passFor(release, 'studio'))).toBe(404)
  expect(await status(studio.replace(editor.accountId, stranger.accountId))).toBe(404)
  await platform.db.deleteFrom('memberships').where('accountId', '=', editor.accountId).execute()
  await new Promise((resolve) => setTimeout(resolve, 2_100))
  expect(await status(studio)).toBe(404)
  const { id: labelId } = await platform.db
    .transaction()
    .execute((tx) => createLabel(tx, { name: 'Fern', ownerId: stranger.accountId }))
  const mandate = { id: newId(), artistId: given.artistId, labelId, grantedBy: null, revokedAt: null, revokedBy: null }
  await platform.db
    .insertInto('mandates')
    .values({ ...mandate, permissions: ['music.edit'] })
    .execute()
  const manager = passFor(release, studioWay(stranger.accountId))
  expect(await status(manager)).toBe(200)
  await platform.db.updateTable('mandates').set({ revokedAt: platform.now() }).execute()
  await new Promise((resolve) => setTimeout(resolve, 2_100))
  expect(await status(manager)).toBe(404)
  await platform.db.updateTable('releases').set({ visibility: 'public' }).where('id', '=', given.releaseId).execute()
  await new Promise((resolve) => setTimeout(resolve, 2_100))
})

test('a release leaves complete or not at all, and every file says what it is', async () => {
  const wanted = { releaseId: given.releaseId, trackId: null, format: 'flac' as const }
  expect(await take(platform, wanted, { start: true })).toEqual({ state: 'making', done: 0, total: 2 })
  expect(await take(platform, wanted, { start: true })).toEqual({ state: 'making', done: 0, total: 2 })
  const { rows } = await platform.pool.query(
    `select count(*)::int as n from graphile_worker.jobs where task_identifier = 'audio.encode'`,
  )
  expect(rows[0].n).toBe(2)
  await encodeAll('flac')
  const answer = await app().request(`/media/release/${given.releaseId}/flac`, {
    headers: { 'user-agent': 'Mozilla/5.0 Firefox/140.0' },
  })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-disposition')).toContain("filename*=UTF-8''Ana%20-%20Vol.%202%20%28FLAC%29.zip")
  const zip = Buffer.from(await answer.arrayBuffer())
  expect(zip.length).toBe(Number(answer.headers.get('content-length')))
  expect(zip.includes(Buffer.from('Ana - Vol. 2/02 - Two - été.flac'))).toBe(true)

  const part = await app().request(`/media/release/${given.releaseId}/flac`, {
    headers: { range: `bytes=${zip.length - 40}-` },
  })
  expect(Buffer.from(await part.arrayBuffer()).equals(zip.subarray(zip.length - 40))).toBe(true)

  const track = await app().request(`/media/track/${given.tracks[1]?.trackId}/flac`)
  const { common, format } = await parseBuffer(Buffer.from(await track.arrayBuffer()), { mimeType: 'audio/flac' })
  expect(common).toMatchObject({
    title: 'Two: été',
    artist: 'Ana',
    album: 'Vol. 2',
    albumartist: 'Ana',
    track: { no: 2, of: 2 },
  })
  expect(common.comment?.[0]?.text).toMatch(
    new RegExp(`^http://ritornello.test/${given.artistSlug}/${given.releaseSlug}\\?via=c\\.[\\w-]{22}\\.tags$`),
  )
  expect(format.duration).toBeCloseTo(2, 3)
})

test('a copy carries its way home: whoever follows it from its text has come by a copy, to what it is a copy of', async () => {
  const answer = await app().request(`/media/release/${given.releaseId}/flac`)
  const zip = Buffer.from(await answer.arrayBuffer())
  expect(zip.includes(Buffer.from('Ana - Vol. 2/About this music.txt'))).toBe(true)
  const [home = ''] =
    zip.toString('latin1').match(/http:\/\/ritornello\.test\/\S+\?via=c\.[\w-]{22}\.\d{4}-\d{2}/) ?? []
  const { pathname, searchParams } = new URL(home)
  expect(pathname).toBe(`/${given.artistSlug}/${given.releaseSlug}`)
  const token = searchParams.get('via')
  const said = {
    key: newId(),
    kind: 'page',
    subject: `release:${given.releaseId}`,
    path: pathname,
    referrer: null,
    token,
  }
  const headers = { 'content-type': 'application/json', 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' }
  await app().request('/api/touches', { method: 'POST', headers, body: JSON.stringify(said) })
  const arrivals = () =>
    platform.db.selectFrom('arrivals').select(['token', 'givenAs']).where('token', '=', token).execute()
  await expect.poll(arrivals).toEqual([{ token, givenAs: `release:${given.releaseId}` }])
  const strange = { ...said, key: newId(), token: 'c.AAAAAAAAAAAAAAAAAAAAAA.2026-01' }
  await app().request('/api/touches', { method: 'POST', headers, body: JSON.stringify(strange) })
  expect(await platform.db.selectFrom('arrivals').select('token').execute()).toHaveLength(1)
})

test('a track that is not given as a download is not in the release’s archive either', async () => {
  const kept = given.tracks[1]?.trackId as string
  const saysOfItself = (givesDownload: boolean | null) =>
    platform.db.updateTable('tracks').set({ givesDownload }).where('id', '=', kept).execute()
  await saysOfItself(false)
  const archive = await app().request(`/media/release/${given.releaseId}/flac`)
  expect(archive.status).toBe(200)
  const zip = Buffer.from(await archive.arrayBuffer())
  expect(zip.includes(Buffer.from('01 - One.flac'))).toBe(true)
  expect(zip.includes(Buffer.from('02 - Two - été.flac'))).toBe(false)
  await saysOfItself(null)
})

test('a download by a person is a return, once a day; one by a machine is none', async () => {
  const path = `/media/track/${given.tracks[0]?.trackId}/flac`
  const returns = async () =>
    (
      await platform.db
        .selectFrom('returns')
        .select('id')
        .where('kind', '=', 'download')
        .where('subject', '=', `track:${given.tracks[0]?.trackId}`)
        .execute()
    ).length
  const person = {
    'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    cookie: 'visitor=somebody',
  }
  await app().request(path, { headers: { 'user-agent': 'Googlebot/2.1 (+http://www.google.com/bot.html)' } })
  await app().request(path, { method: 'HEAD', headers: person })
  await app().request(path, { headers: { ...person, range: 'bytes=500-' } })
  expect(await returns()).toBe(0)
  await app().request(path, { headers: person })
  await app().request(path, { headers: person })
  expect(await returns()).toBe(1)
})

test('a new title makes new files, and old ones make room when the disk’s budget asks for it', async () => {
  await platform.db
    .updateTable('recordings')
    .set({ title: 'One more' })
    .where('id', '=', given.tracks[0]?.recordingId as string)
    .execute()
  expect(
    (await take(platform, { releaseId: given.releaseId, trackId: null, format: 'flac' }, { start: false })).state,
  ).toBe('making')
  expect(await evictEncodings({ ...platform, config: { ...platform.config, cacheBudget: 1 } })).toBe(2)
  expect(await Array.fromAsync(platform.storage.list('encodings/'))).toEqual([])
})
