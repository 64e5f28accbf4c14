import sharp from 'sharp'
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
} from '../../testing/index.ts'
import { createPost } from './index.ts'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let release: GivenRelease
let writer: SignedIn
let editor: SignedIn
beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  release = await givenRelease(platform, { artist: 'Marie', title: 'Rain', tracks: ['Drops'] })
  writer = await signedIn(platform, { artistIds: [release.artistId] })
  editor = await signedIn(platform, { artistIds: [release.artistId], role: 'editor' })
})
afterAll(() => platform.close())

const get = async (path: string, who = writer) => {
  const answer = await app.request(path, { headers: who.headers })
  return { status: answer.status, html: await answer.text() }
}
const post = async (path: string, form: Record<string, string> = {}, who = writer) => {
  const answer = await app.request(path, {
    method: 'POST',
    headers: { ...FORM, ...who.headers },
    body: new URLSearchParams(form),
  })
  return { status: answer.status, to: answer.headers.get('location') ?? '', html: await answer.text() }
}
const seenIn = (html: string) => /name="seen" value="([^"]*)"/.exec(html)?.[1] ?? ''
const draft = async (title = 'A letter', body = '') =>
  (await createPost(platform.db, { artistId: release.artistId, title, body, language: 'en' })).id
const row = (id: string) => platform.db.selectFrom('posts').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

test('a post is begun with one press, written, and published', async () => {
  expect((await get('/studio/journal')).html).toContain('Your journal is empty')
  const begun = await post('/studio/journal')
  expect(begun.status).toBe(303)
  const page = await get(begun.to)
  expect(page.html).toContain('Untitled')
  const form = { seen: seenIn(page.html), title: 'The kitchen', body: 'It **rained**.', language: 'en', comments: 'on' }
  expect((await post(begun.to, form)).to).toBe(`${begun.to}?done=saved`)
  const id = begun.to.split('/').at(-1) as string
  expect(await row(id)).toMatchObject({ title: 'The kitchen', slug: 'the-kitchen', visibility: 'draft' })
  expect((await get(begun.to)).html).toContain('It <strong>rained</strong>.')

  expect((await post(`${begun.to}/access/publish`)).to).toContain('done=published')
  expect((await app.request(`/${release.artistSlug}/journal/the-kitchen`)).status).toBe(200)
  expect((await get('/studio/journal')).html).toContain('Public since')
})

test('what two people write at once is never lost: the second is told, and decides', async () => {
  const id = await draft()
  const path = `/studio/journal/${id}`
  const seen = seenIn((await get(path)).html)
  const fields = { language: 'en', comments: 'on', title: 'A letter' }
  await post(path, { ...fields, seen, body: 'Theirs, which was first' })
  const refused = await post(path, { ...fields, seen, body: 'Mine, which is longer' })
  expect(refused.status).toBe(422)
  expect(refused.html).toContain('Somebody saved this post while you were writing')
  expect(refused.html).toContain('Mine, which is longer')
  expect(refused.html).toContain('Theirs, which was first')
  expect((await row(id)).body).toBe('Theirs, which was first')
  await post(path, { ...fields, seen: seenIn(refused.html), body: 'Mine, which is longer' })
  expect((await row(id)).body).toBe('Mine, which is longer')
})

test('an address that readers may know leads on; one that nobody knew does not stay taken', async () => {
  const id = await draft('First name', 'words')
  const path = `/studio/journal/${id}`
  const rename = async (title: string) =>
    post(path, { seen: seenIn((await get(path)).html), title, body: 'words', language: 'en', comments: 'on' })
  await rename('Second name')
  expect((await createPost(platform.db, { artistId: release.artistId, title: 'First name' })).slug).toBe('first-name')
  await post(`${path}/access/publish`)
  await rename('Third name')
  const old = await app.request(`/${release.artistSlug}/journal/second-name`)
  expect([old.status, old.headers.get('location')]).toEqual([301, `/${release.artistSlug}/journal/third-name`])
})

test('music is put in the text without scripts, with all that was not saved yet', async () => {
  const id = await draft()
  const path = `/studio/journal/${id}`
  const track = release.tracks[0]?.trackId as string
  const form = { title: 'A letter', body: 'Not saved yet', language: 'en', comments: 'on' }
  const put = `track:${track}`
  await post(`${path}/put`, { ...form, seen: seenIn((await get(path)).html), put })
  expect((await row(id)).body).toBe(`Not saved yet\n\n[[track:${track}|Drops]]\n`)
  const other = await givenRelease(platform, { artist: 'Other', title: 'Else', tracks: ['Theirs'], prepare: false })
  const theirs = `track:${other.tracks[0]?.trackId}`
  const refused = await post(`${path}/put`, { ...form, seen: seenIn((await get(path)).html), put: theirs })
  expect(refused.status).toBe(422)
})

test('a picture asks what it shows, is kept in its widths, and opens the post when it should', async () => {
  const id = await draft('Picture', 'words')
  const path = `/studio/journal/${id}`
  const bytes = await sharp({ create: { width: 700, height: 400, channels: 3, background: '#a33' } })
    .png()
    .toBuffer()
  const send = async (alt: string, headers: Record<string, string> = {}) => {
    const body = new FormData()
    body.set('picture', new File([new Uint8Array(bytes)], 'x.png', { type: 'image/png' }))
    body.set('alt', alt)
    const { 'content-type': _, ...rest } = FORM
    return app.request(`${path}/pictures`, {
      method: 'POST',
      headers: { ...rest, ...writer.headers, ...headers },
      body,
    })
  }
  const silent = await send('  ')
  expect(silent.status).toBe(422)
  expect(await silent.text()).toContain('Say what the picture shows')
  expect((await send('A red field')).status).toBe(303)
  const picture = await platform.db
    .selectFrom('postPictures')
    .selectAll()
    .where('postId', '=', id)
    .executeTakeFirstOrThrow()
  expect((await row(id)).body).toBe(`words\n\n![A red field](picture:${picture.id})\n`)
  const { html } = await get(path)
  expect(html).toMatch(/<figure><picture><source type="image\/avif" srcset="[^"]*640\.avif 640w/)
  expect(html).toContain('width="700" height="400" alt="A red field"')

  const answer = await send('Again', { accept: 'application/json' })
  expect(await answer.json()).toMatchObject({ line: expect.stringMatching(/^!\[Again\]\(picture:[0-9a-f-]{36}\)$/) })
  await post(`${path}/cover`, { picture: picture.id })
  expect((await row(id)).coverImageId).toBe(picture.imageId)
  await post(`${path}/access/publish`)
  expect(await (await app.request(`/${release.artistSlug}/journal/picture`)).text()).toContain('class="sleeve banner"')
})

test('a moment is chosen in a zone, and a text without words or title goes nowhere', async () => {
  const id = await draft('Later', 'words')
  const access = `/studio/journal/${id}/access`
  expect((await post(`${access}/schedule`, { at: '2040-06-01T09:00', zone: 'Europe/Paris' })).to).toContain(
    'done=scheduled',
  )
  expect((await row(id)).publishAt?.toISOString()).toBe('2040-06-01T07:00:00.000Z')
  expect((await get(access)).html).toContain('time of Europe/Paris')
  expect((await post(`${access}/schedule`, { at: '2001-06-01T09:00', zone: 'Europe/Paris' })).html).toContain(
    'This moment is over',
  )
  expect((await post(`${access}/schedule`, { at: 'soon', zone: 'Europe/Paris' })).status).toBe(422)
  const empty = await post(`/studio/journal/${await draft('Empty')}/access/publish`)
  expect([empty.status, empty.html.includes('There is nothing to read yet')]).toEqual([422, true])
  const untitled = await post(`/studio/journal/${await draft('', 'words')}/access/publish`)
  expect([untitled.status, untitled.html.includes('Give it a title first')]).toEqual([422, true])
})

test('its secret link is shown, renewed, and never to strangers', async () => {
  const id = await draft('Secret', 'words')
  const access = `/studio/journal/${id}/access`
  await post(`${access}/unlist`)
  const first = (await row(id)).secretToken as string
  expect((await get(access)).html).toContain(`key=${first}`)
  await post(`${access}/link`)
  expect((await row(id)).secretToken).not.toBe(first)
})

test('who may write but not publish writes; strangers find nothing', async () => {
  const id = await draft('Editors', 'words')
  const path = `/studio/journal/${id}`
  expect((await get(path, editor)).status).toBe(200)
  expect((await get(`${path}/access`, editor)).html).toContain('whoever publishes here decides')
  for (const step of ['access/publish', 'access/unlist', 'access/withdraw', 'access/link', 'remove', 'restore'])
    expect((await post(`${path}/${step}`, {}, editor)).status, step).toBe(404)
  const stranger = await signedIn(platform)
  for (const page of [path, `${path}/access`, `${path}/preview`]) expect((await get(page, stranger)).status).toBe(404)
  for (const step of ['', '/put', '/drawn', '/cover', '/pictures'])
    expect((await post(path + step, {}, stranger)).status, step).toBe(404)
})

test('what is put aside can be put back', async () => {
  const id = await draft('Aside', 'words')
  const gone = await post(`/studio/journal/${id}/remove`)
  expect((await get(gone.to)).html).toContain('“Aside” is put aside.')
  expect((await get(`/studio/journal/${id}`)).status).toBe(404)
  await post(`/studio/journal/${id}/restore`)
  expect((await get(`/studio/journal/${id}`)).status).toBe(200)
})
