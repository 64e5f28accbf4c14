import { readdirSync, readFileSync } from 'node:fs'
import { Metadata } from '@tus/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FORM, type SignedIn, signedIn, type TestPlatform, testApp, testPlatform } from '../../testing/index.ts'
import { createArtist } from '../identity/index.ts'
import { createPost, journalJobs, publishPost } from './index.ts'
import { unlistPost } from './publish-post.ts'
import { filmsFolder } from './video-uploads.ts'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let artist: { id: string; slug: string }
let writer: SignedIn
beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  artist = await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Marie' }))
  writer = await signedIn(platform, { artistIds: [artist.id] })
})
afterAll(() => platform.close())

const draft = async (title: string) =>
  createPost(platform.db, { artistId: artist.id, title, body: 'Look:', language: 'en' })
const { 'content-type': _, ...HEADERS } = FORM
async function upload(
  path: string,
  field: string,
  file: Buffer | string,
  name: string,
  more: Record<string, string> = {},
) {
  const body = new FormData()
  for (const [key, value] of Object.entries(more)) body.set(key, value)
  body.set(field, new File([typeof file === 'string' ? file : new Uint8Array(file)], name))
  const request = new Request(`http://ritornello.test${path}`, {
    method: 'POST',
    headers: { ...HEADERS, ...writer.headers },
    body,
  })
  return (await app.request(request)).headers.get('location')
}
const read = async (path: string, headers: Record<string, string> = {}) => app.request(path, { headers })
const context = () => ({
  attempt: 1,
  lastAttempt: true,
  worker: 'test',
  signal: new AbortController().signal,
  log: platform.log,
})
const prepare = (videoId: string) => journalJobs(platform)['journal.prepare-video']({ videoId }, context())
const videoOf = (postId: string) =>
  platform.db.selectFrom('postVideos').selectAll().where('postId', '=', postId).executeTakeFirstOrThrow()

/** A second of coloured bars with a tone, 320 × 180: H.264 and AAC, as the engine's own tests make it. */
const film = () => readFileSync(new URL('../../testing/film.mp4', import.meta.url))

test('a film is sent, made ready, captioned, and plays for everyone once its post is out', async () => {
  const post = await draft('Film')
  const studio = `/studio/journal/${post.id}`
  expect(await upload(`${studio}/videos`, 'video', film(), 'Our_kitchen.mp4')).toBe(`${studio}?done=video#videos`)
  const { id, originalStorageKey } = await videoOf(post.id)
  const row = await platform.db.selectFrom('posts').select('body').where('id', '=', post.id).executeTakeFirstOrThrow()
  expect(row.body).toBe(`Look:\n\n[[video:${id}|Our kitchen]]\n`)
  expect(await (await read(studio, writer.headers)).text()).toContain('waits for its turn')
  await prepare(id)
  expect(await videoOf(post.id)).toMatchObject({ state: 'ready', width: 320, height: 180, progress: 1 })
  expect(await platform.storage.stat(originalStorageKey)).not.toBeNull()

  const srt = '1\n00:00:00,100 --> 00:00:00,900\nA kettle sings\n'
  expect(await upload(`${studio}/videos/${id}/captions`, 'captions', srt, 'k.srt', { language: 'en' })).toContain(
    'done=captions',
  )
  expect(
    await upload(`${studio}/videos/${id}/captions`, 'captions', 'no captions', 'k.vtt', { language: 'fr' }),
  ).toContain('wrong=captions')

  const files = ['film.mp4', 'film.webm', 'en.vtt'].map((name) => `/media/video/${id}/${name}`)
  for (const file of files) {
    expect((await read(file)).status, file).toBe(404)
    expect((await read(file, writer.headers)).status, file).toBe(200)
  }
  await publishPost(platform, { postId: post.id, by: null })
  const page = await (await read(`/${artist.slug}/journal/film`)).text()
  expect(page).toMatch(/<video controls preload="none" playsinline width="320" height="180" poster="\/media\/image\//)
  expect(page).toContain(`<track kind="captions" src="/media/video/${id}/en.vtt" srclang="en" label="English" default>`)
  expect(page).toContain(`src="/media/video/${id}/film.webm" type="video/webm; codecs=&quot;vp9, opus&quot;"`)
  const part = await read(files[0] as string, { range: 'bytes=4-7' })
  expect([part.status, await part.text(), part.headers.get('content-type')]).toEqual([206, 'ftyp', 'video/mp4'])
  expect(await (await read(files[2] as string)).text()).toContain('A kettle sings')
  expect((await read(`/media/video/${id}/fr.vtt`)).status).toBe(404)
})

test('what is unlisted opens its film with its key alone', async () => {
  const post = await draft('Unlisted film')
  await upload(`/studio/journal/${post.id}/videos`, 'video', film(), 'a.mp4')
  const { id } = await videoOf(post.id)
  await prepare(id)
  await unlistPost(platform, { postId: post.id, by: null })
  const { secretToken } = await platform.db
    .selectFrom('posts')
    .select('secretToken')
    .where('id', '=', post.id)
    .executeTakeFirstOrThrow()
  const page = await (await read(`/${artist.slug}/journal/unlisted-film?key=${secretToken}`)).text()
  const src = /<source src="([^"]*film\.mp4[^"]*)"/.exec(page)?.[1] ?? ''
  expect((await read(src)).status).toBe(200)
  expect((await read(src.split('?')[0] as string)).status).toBe(404)
})

test('what is no film is kept, and says why it is not shown', async () => {
  const post = await draft('No film')
  const studio = `/studio/journal/${post.id}`
  await upload(`${studio}/videos`, 'video', 'just words', 'words.mp4')
  const { id } = await videoOf(post.id)
  await prepare(id)
  expect(await videoOf(post.id)).toMatchObject({ state: 'failed', problem: 'unsupported' })
  expect(await (await read(studio, writer.headers)).text()).toContain('This is no film that can be read here')
  await publishPost(platform, { postId: post.id, by: null })
  expect(await (await read(`/${artist.slug}/journal/no-film`)).text()).not.toContain('<video')
  expect(await upload(`${studio}/videos`, 'video', '', '')).toContain('wrong=video-none')
})

test('a film is taken off and put back where it stood; what is too long ago goes, with what no row names', async () => {
  const post = await draft('Taken off')
  const studio = `/studio/journal/${post.id}`
  await upload(`${studio}/videos`, 'video', film(), 'b.mp4')
  const { id } = await videoOf(post.id)
  await prepare(id)
  const bodyOf = async () =>
    (await platform.db.selectFrom('posts').select('body').where('id', '=', post.id).executeTakeFirstOrThrow()).body
  const setBody = (body: string) => platform.db.updateTable('posts').set({ body }).where('id', '=', post.id).execute()
  const press = async (what: string) =>
    (
      await app.request(`${studio}/videos/${id}/${what}`, { method: 'POST', headers: { ...FORM, ...writer.headers } })
    ).headers.get('location')
  const text = `First.\n\n[[video:${id}|b]]\n\nLast.\n`
  await setBody(text)

  const off = await press('remove')
  expect(await bodyOf()).toBe('First.\n\nLast.\n')
  expect((await read(`/media/video/${id}/film.mp4`, writer.headers)).status).toBe(404)
  expect(await (await read((off ?? '').split('#')[0] as string, writer.headers)).text()).toContain(`${id}/restore`)
  await press('restore')
  expect(await bodyOf()).toBe(text)
  expect((await read(`/media/video/${id}/film.mp4`, writer.headers)).status).toBe(200)

  await press('remove')
  await setBody('Written since.')
  await press('restore')
  expect(await bodyOf()).toBe(`Written since.\n\n[[video:${id}|b]]\n`)

  await press('remove')
  const tidy = journalJobs(platform)['journal.tidy']
  await tidy()
  const gone = platform.db.selectFrom('postVideos').select('id').where('id', '=', id)
  expect(await gone.execute()).toHaveLength(1)
  await platform.db
    .updateTable('postVideos')
    .set({ removedAt: new Date(platform.now().getTime() - 15 * 86_400_000) })
    .where('id', '=', id)
    .execute()
  await tidy()
  expect(await gone.execute()).toEqual([])
})

test('what failed can be tried anew, and only that', async () => {
  const post = await draft('Again')
  const studio = `/studio/journal/${post.id}`
  await upload(`${studio}/videos`, 'video', film(), 'c.mp4')
  const { id } = await videoOf(post.id)
  await platform.db
    .updateTable('postVideos')
    .set({ state: 'failed', problem: 'crashed' })
    .where('id', '=', id)
    .execute()
  expect(await (await read(studio, writer.headers)).text()).toContain('The machine could not make it ready')
  const again = () =>
    app.request(`${studio}/videos/${id}/retry`, { method: 'POST', headers: { ...FORM, ...writer.headers } })
  expect((await again()).headers.get('location')).toContain('done=video-again')
  expect(await videoOf(post.id)).toMatchObject({ state: 'waiting', problem: null })
  await prepare(id)
  expect(await videoOf(post.id)).toMatchObject({ state: 'ready' })
  expect((await again()).headers.get('location')).not.toContain('video-again')
})

test('a film that broke off goes on where it stopped, and is a film once', async () => {
  const post = await draft('In parts')
  const studio = `/studio/journal/${post.id}`
  const bytes = new Uint8Array(film())
  const half = Math.floor(bytes.length / 2)
  const TUS = { 'tus-resumable': '1.0.0' }
  const ask = async (method: string, path: string, more: Record<string, string> = {}, body?: Uint8Array<ArrayBuffer>) =>
    app.request(path, { method, headers: { ...HEADERS, ...writer.headers, ...more }, ...(body && { body }) })
  const announce = (size: number) =>
    ask('POST', `${studio}/videos/uploads`, {
      ...TUS,
      'upload-length': String(size),
      'upload-metadata': Metadata.stringify({ name: 'In_parts.mp4', modified: '1' }),
    })
  const send = (url: string, from: number, to: number) =>
    ask(
      'PATCH',
      url,
      { ...TUS, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(from) },
      bytes.slice(from, to),
    )
  expect((await announce(5_000_000_000)).status).toBe(413)
  const made = await announce(bytes.length)
  expect(made.status).toBe(201)
  const url = made.headers.get('location') ?? ''
  await send(url, 0, half)
  expect((await ask('POST', `${url}/done`)).status).toBe(409)
  expect(await (await read(studio, writer.headers)).text()).toMatch(/(?:49|50)% of In_parts\.mp4 has come/)
  const head = await ask('HEAD', url, TUS)
  expect(head.headers.get('upload-offset')).toBe(String(half))
  expect((await read(url, writer.headers)).status).toBe(404)
  await send(url, half, bytes.length)

  const done = await Promise.all([ask('POST', `${url}/done`), ask('POST', `${url}/done`)])
  expect(done.filter(({ status }) => status === 201)).toHaveLength(1)
  const films = await platform.db.selectFrom('postVideos').selectAll().where('postId', '=', post.id).execute()
  expect(films.map(({ title, originalSize }) => ({ title, originalSize }))).toEqual([
    { title: 'In parts', originalSize: bytes.length },
  ])
  await prepare(films[0]?.id ?? '')
  expect(await videoOf(post.id)).toMatchObject({ state: 'ready' })
  expect(readdirSync(filmsFolder(platform.paths))).toEqual([])

  // Another is begun, and nobody comes back to it.
  const left = (await announce(bytes.length)).headers.get('location') ?? ''
  await send(left, 0, half)
  await platform.db
    .updateTable('videoUploads')
    .set({ touchedAt: new Date(platform.now().getTime() - 8 * 86_400_000) })
    .execute()
  await journalJobs(platform)['journal.tidy']()
  expect(readdirSync(filmsFolder(platform.paths))).toEqual([])
  expect((await ask('HEAD', left, TUS)).status).toBe(404)
  const stranger = await signedIn(platform, {})
  expect((await app.request(url, { method: 'HEAD', headers: { ...stranger.headers, ...TUS } })).status).toBe(404)
})
