import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { givenRelease, type TestPlatform, testPlatform } from '../../testing/index.ts'
import { giftOf } from '../exchange/index.ts'
import { createArtist } from '../identity/index.ts'
import { loadParts, nextPost, type Post, postById, postHtml, postPage, publicPosts } from './index.ts'
import { insertPost } from './post.store.ts'
import { publishDuePosts, publishPost, renewPostLink, schedulePost, unlistPost, withdrawPost } from './publish-post.ts'

let platform: TestPlatform
let artist: { id: string; slug: string }
beforeAll(async () => {
  platform = await testPlatform()
  artist = await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Léa' }))
})
afterAll(() => platform.close())

const write = (title: string, body = 'Some words.') =>
  platform.db.transaction().execute((tx) => insertPost(tx, { artistId: artist.id, title, body }))
const at = (slug: string, token?: string) =>
  postPage(platform.db, { slug: artist.slug, postSlug: slug, now: platform.now(), token: token ?? null })
const jobs = async (name: string) =>
  (
    await platform.pool.query(
      `select j.payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
       where t.identifier = $1`,
      [name],
    )
  ).rows.map(({ payload }) => payload)

test('a post is given once, however often it is published, and others are told once', async () => {
  const { id, slug } = await write('A new song')
  expect(await at(slug)).toBeNull()
  expect((await publishPost(platform, { postId: id, by: null })).ok).toBe(true)
  const gift = await giftOf(platform.db, `post:${id}`)
  expect(gift).not.toBeNull()
  const first = (await at(slug)) as Post
  expect(first).toMatchObject({ title: 'A new song', visibility: 'public', path: `/${artist.slug}/journal/a-new-song` })

  await withdrawPost(platform, { postId: id, by: null })
  expect(await at(slug)).toBeNull()
  platform.pass(3_600_000)
  await publishPost(platform, { postId: id, by: null })
  expect(((await at(slug)) as Post).publishedAt).toEqual(first.publishedAt)
  const { rows } = await platform.pool.query('select kind from gifts where subject = $1', [`post:${id}`])
  expect(rows).toEqual([{ kind: 'post' }])
  expect((await jobs('journal.published')).filter((payload) => payload.postId === id)).toHaveLength(1)
})

test('a scheduled post opens at its minute, whether or not its job has run, and is dated at that minute', async () => {
  const { id, slug } = await write('Tomorrow')
  const when = new Date(Math.ceil(platform.now().getTime() / 60_000) * 60_000 + 3_600_000)
  const past = await schedulePost(platform, { postId: id, at: new Date(0), zone: 'Europe/Paris', by: null })
  expect(past).toMatchObject({ ok: false, error: 'past' })
  await schedulePost(platform, { postId: id, at: when, zone: 'Europe/Paris', by: null })
  expect(await nextPost(platform.db, platform.now())).toEqual(when)
  expect(await at(slug)).toBeNull()

  platform.pass(2 * 3_600_000)
  expect(((await at(slug)) as Post).publishedAt).toEqual(when)
  expect((await publicPosts(platform.db, artist.id, { limit: 1, now: platform.now() }))[0]?.id).toBe(id)
  expect(await giftOf(platform.db, `post:${id}`)).toBeNull()
  expect(await publishDuePosts(platform)).toBe(1)
  expect(await publishDuePosts(platform)).toBe(0)
  expect(await giftOf(platform.db, `post:${id}`)).not.toBeNull()
  expect(((await at(slug)) as Post).publishedAt).toEqual(when)
})

test('what is unlisted opens with its key alone, and a new key closes the old one', async () => {
  const { id, slug } = await write('For the few')
  await unlistPost(platform, { postId: id, by: null })
  const key = async () =>
    (await platform.db.selectFrom('posts').select('secretToken').where('id', '=', id).executeTakeFirstOrThrow())
      .secretToken as string
  const first = await key()
  expect(await at(slug)).toBeNull()
  expect(await at(slug, 'guessed')).toBeNull()
  expect(await at(slug, first)).toMatchObject({ visibility: 'unlisted' })
  expect(JSON.stringify(await at(slug, first))).not.toContain(first)
  await renewPostLink(platform, { postId: id, by: null })
  expect(await at(slug, first)).toBeNull()
  expect(await at(slug, await key())).toMatchObject({ visibility: 'unlisted' })
})

test('two posts of one title have two addresses, and a journal’s own pages are nobody’s', async () => {
  const one = await write('Twice')
  const two = await write('Twice')
  expect([one.slug, two.slug]).toEqual(['twice', 'twice-2'])
  expect((await write('Feed')).slug).toBe('feed-2')
})

test('nothing to read cannot be published', async () => {
  const { id } = await write('Empty', '  \n ')
  expect(await publishPost(platform, { postId: id, by: null })).toEqual({ ok: false, error: 'empty' })
  expect(await postById(platform.db, newId(), { now: platform.now() })).toBeNull()
})

test('pages of posts follow one another without a hole, newest first', async () => {
  const other = await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Other' }))
  const ids: string[] = []
  for (let n = 0; n < 5; n++) {
    const { id } = await platform.db
      .transaction()
      .execute((tx) => insertPost(tx, { artistId: other.id, title: `Post ${n}`, body: 'x' }))
    await publishPost(platform, { postId: id, by: null })
    ids.unshift(id)
  }
  const found: string[] = []
  let before: { publishedAt: Date; id: string } | null = null
  for (;;) {
    const page: (Post & { publishedAt: Date })[] = await publicPosts(platform.db, other.id, {
      limit: 2,
      before,
      now: platform.now(),
    })
    if (!page.length) break
    found.push(...page.map((post) => post.id))
    before = page.at(-1) ?? null
  }
  expect(found).toEqual(ids)
})

test('a track in the text leads to its page while it is public, in whole addresses for a feed', async () => {
  const release = await givenRelease(platform, { artist: 'Léa', title: 'Rain', tracks: ['Drops'] })
  const track = release.tracks[0]?.trackId as string
  const body = `Listen:\n\n[[track:${track}|Drops]]\n\n[[release:${release.releaseId}]]\n\nhttps://youtu.be/dQw4w9WgXcQ`
  const { id } = await write('Listen', body)
  await publishPost(platform, { postId: id, by: null })
  const post = (await postById(platform.db, id, { now: platform.now() })) as Post
  const html = async () =>
    postHtml(post, { parts: await loadParts(platform.db, [post], platform.now()), base: 'https://a.example' })
  expect(await html()).toContain(
    `<a href="https://a.example/${release.artistSlug}/${release.releaseSlug}/drops">Drops</a> – Léa`,
  )
  expect(await html()).toContain('<a href="https://youtu.be/dQw4w9WgXcQ" rel="noopener">youtu.be/dQw4w9WgXcQ</a>')
  await platform.db.updateTable('releases').set({ visibility: 'draft' }).where('id', '=', release.releaseId).execute()
  expect(await html()).not.toContain('Drops</a>')
})
