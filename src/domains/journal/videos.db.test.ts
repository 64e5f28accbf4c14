import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FORM, type SignedIn, signedIn, type TestPlatform, testApp, testPlatform } from '../../testing/index.ts'
import { createArtist } from '../identity/index.ts'
import { createPost, journalJobs, publishPost } from './index.ts'
import { unlistPost } from './publish-post.ts'

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
