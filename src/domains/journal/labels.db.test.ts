import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import {
  FORM,
  type GivenRelease,
  givenRelease,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
  workOff,
} from '../../testing/index.ts'
import { giftOf } from '../exchange/index.ts'
import { createLabel } from '../identity/index.ts'
import { createPost, postById, publishPost } from './index.ts'

// What an artist's journal does a label's does (docs/decisions/0069): these are the places where the two could be mixed up.

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let given: GivenRelease
let labelId: string
let manager: SignedIn
let artist: SignedIn
beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  given = await givenRelease(platform, { artist: 'Ana', title: 'Tides', tracks: ['Ebb'] })
  const { id } = await platform.db
    .transaction()
    .execute((tx) => createLabel(tx, { name: 'Fern', language: 'fr', ownerId: null }))
  labelId = id
  manager = await signedIn(platform, { labelIds: [labelId] })
  artist = await signedIn(platform, { artistIds: [given.artistId] })
})
afterAll(() => platform.close())

const get = async (path: string, who?: SignedIn) => {
  const answer = await app.request(path, { headers: { accept: 'text/html', ...who?.headers } })
  return { status: answer.status, to: answer.headers.get('location') ?? '', html: await answer.text() }
}
const post = async (path: string, fields: Record<string, string> = {}, who?: SignedIn) => {
  const answer = await app.request(path, {
    method: 'POST',
    headers: { ...FORM, accept: 'text/html', ...who?.headers },
    body: new URLSearchParams(fields).toString(),
  })
  return { status: answer.status, to: answer.headers.get('location') ?? '', html: await answer.text() }
}
const seenIn = (html: string) => /name="seen" value="([^"]*)"/.exec(html)?.[1] ?? ''
const written = async (title: string, body = 'Words of the label.') => {
  const made = await createPost(platform.db, { labelId, title, body })
  await publishPost(platform, { postId: made.id, by: null })
  return made
}

test('a label writes at its desk, in its language, and is read on its page', async () => {
  expect((await get('/studio/journal?desk=fern', manager)).html).toContain('What happens at the label')
  const begun = await post('/studio/journal?desk=fern', {}, manager)
  expect(begun.status).toBe(303)
  const form = { title: 'Trois disques', body: 'Un par **mois**.', language: 'fr', comments: 'on' }
  await post(begun.to, { ...form, seen: seenIn((await get(begun.to, manager)).html) }, manager)
  const id = begun.to.split('/').at(-1) as string
  expect(await postById(platform.db, id, { now: platform.now(), preview: true })).toMatchObject({
    language: 'fr',
    writer: { id: labelId, sender: { labelId }, name: 'Fern', language: 'fr' },
  })
  expect((await get('/fern/journal/trois-disques')).status).toBe(404)
  expect((await post(`${begun.to}/access/publish`, {}, manager)).to).toContain('done=published')

  const page = await get('/fern/journal/trois-disques')
  expect(page.html).toContain('Un par <strong>mois</strong>.')
  expect(page.html).toContain('"@type":"Organization","name":"Fern"')
  for (const path of ['/fern', '/fern/journal', '/search?q=disques', '/sitemap.xml?posts=1'])
    expect((await get(path)).html, path).toContain('/fern/journal/trois-disques')
  expect((await get('/ana/journal')).html).not.toContain('trois-disques')
  expect((await get('/ana/journal/trois-disques')).status).toBe(404)
})

test('its gift stands in the label’s own books, and its Returns show it; the artist’s do not', async () => {
  const { id } = await written('A winter of music')
  const gift = await giftOf(platform.db, `post:${id}`)
  const row = await platform.db.selectFrom('gifts').select('artistId').where('id', '=', gift).executeTakeFirst()
  expect(row).toEqual({ artistId: labelId })
  const list = await get('/studio/returns?desk=fern', manager)
  expect(list.html).toContain('A winter of music')
  const report = await get(`/studio/returns/${gift}`, manager)
  expect(report.html).toContain('A winter of music')
  expect(report.status).toBe(200)
  expect((await get('/studio/returns?desk=ana', artist)).html).not.toContain('A winter of music')
  expect((await get(`/studio/returns/${gift}`, artist)).status).toBe(404)
})

test('only who manages the label may touch its posts; it touches nobody else’s', async () => {
  const own = await written('Ours')
  const { id: theirs } = await createPost(platform.db, { artistId: given.artistId, title: 'Hers', body: 'words' })
  for (const [id, who] of [
    [own.id, artist],
    [theirs, manager],
  ] as const) {
    const path = `/studio/journal/${id}`
    expect((await get(path, who)).status).toBe(404)
    for (const step of ['access/publish', 'access/withdraw', 'remove', 'put'])
      expect((await post(`${path}/${step}`, {}, who)).status, step).toBe(404)
  }
  expect((await get('/studio/journal?desk=ana', artist)).html).not.toContain('Ours')
  expect((await get('/studio/journal?desk=fern', manager)).html).not.toContain('Hers')
})

test('one title, two journals: each has its address, and an old one of the label’s leads on in the label’s alone', async () => {
  const mine = await createPost(platform.db, { artistId: given.artistId, title: 'Same', body: 'words' })
  const its = await written('Same')
  expect([mine.slug, its.slug]).toEqual(['same', 'same'])
  const path = `/studio/journal/${its.id}`
  const form = { title: 'Another', body: 'words', language: 'en', comments: 'on' }
  await post(path, { ...form, seen: seenIn((await get(path, manager)).html) }, manager)
  expect(await get('/fern/journal/same')).toMatchObject({ status: 301, to: '/fern/journal/another' })
  expect((await get('/ana/journal/same')).status).toBe(404)
})

test('a comment is asked about in the label’s name, waits in the label’s inbox, and is answered there', async () => {
  const { id, slug } = await written('Come and listen')
  const fields = { name: 'Lou', text: 'When is the first?', mail: 'lou@fans.example' }
  expect((await post(`/fern/journal/${slug}/comments`, fields)).status).toBe(303)
  platform.mails.length = 0
  await workOff(platform, ['journal.ask-author', 'journal.commented'])
  const mail = platform.mails.at(-1)
  expect(mail?.subject).toContain('Fern')
  const link = new URL(mail?.text.match(/http\S+\/journal\/comments\/\S+/)?.[0] ?? '').pathname
  await post(link)
  await workOff(platform, ['journal.commented'])
  const returns = await platform.db
    .selectFrom('returns')
    .select(['artistId', 'kind'])
    .where('subject', '=', `post:${id}`)
    .where('kind', '=', 'comment')
    .execute()
  expect(returns).toEqual([{ artistId: labelId, kind: 'comment' }])
  const conversation = await platform.db.selectFrom('conversations').selectAll().executeTakeFirstOrThrow()
  expect(conversation).toMatchObject({ labelId, artistId: null })
  expect((await get('/studio/inbox?desk=fern', manager)).html).toContain('When is the first?')
  expect((await get('/studio/inbox?desk=ana', artist)).html).not.toContain('When is the first?')
  const waiting = await get('/studio/journal/comments?desk=fern', manager)
  const comment = /id="comment-([0-9a-f-]{36})"/.exec(waiting.html)?.[1]
  await post(`/studio/journal/comments/${comment}/answer`, { text: 'In a week.' }, manager)
  const read = await get(`/fern/journal/${slug}`)
  expect(read.html).toContain('When is the first?')
  expect(read.html).toMatch(/<b>Fern<\/b>[\s\S]*In a week\./)
})

test('a label puts the music of those who let it speak, and of nobody else', async () => {
  const { id } = await createPost(platform.db, { labelId, title: 'Music', body: 'Listen:' })
  const path = `/studio/journal/${id}`
  const put = async () =>
    post(
      `${path}/put`,
      {
        title: 'Music',
        body: 'Listen:',
        language: 'en',
        comments: 'on',
        seen: seenIn((await get(path, manager)).html),
        put: `track:${given.tracks[0]?.trackId}`,
      },
      manager,
    )
  expect((await put()).status).toBe(422)
  await platform.db
    .insertInto('mandates')
    .values({
      id: newId(),
      artistId: given.artistId,
      labelId,
      permissions: ['announce.send'],
      grantedBy: null,
      revokedAt: null,
      revokedBy: null,
    })
    .execute()
  expect((await put()).status).toBe(303)
  const read = await postById(platform.db, id, { now: platform.now(), preview: true })
  expect(read?.body).toContain('[[track:')
})
