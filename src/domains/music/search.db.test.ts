import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestPlatform, testPlatform } from '../../testing/index.ts'
import { anArtist, aRelease } from './fixtures.ts'
import { countVisit, musicSubjects, publishRelease, releaseById, search, unlistRelease } from './index.ts'
import { revokeLink, secretLinks } from './secret-links.store.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
  const bjork = await anArtist(platform, 'Björk Trio')
  const beatles = await anArtist(platform, 'The Kitchen Table')
  const out = await aRelease(platform, bjork, 'Été à la mer', ['Vagues', 'Soirée d’août', '100% pur'])
  await publishRelease(platform, { releaseId: out.id, by: null })
  const second = await aRelease(platform, beatles, 'Summer Rain', ['Umbrella Song', 'Vague'])
  await publishRelease(platform, { releaseId: second.id, by: null })
  await aRelease(platform, beatles, 'Secret Summer', ['Umbrella Unheard'])
})
afterAll(() => platform.close())

const found = async (text: string) =>
  (await search(platform.db, text, platform.now())).map((hit) => `${hit.kind}: ${hit.title}`)

describe('searching', () => {
  test('forgives accents, case, and a wrong letter', async () => {
    expect(await found('bjork')).toEqual(['artist: Björk Trio'])
    expect(await found('ETE A LA MER')).toContain('release: Été à la mer')
    expect(await found('kichen')).toContain('artist: The Kitchen Table')
    expect(await found('umbrela')).toContain('track: Umbrella Song')
    expect((await found('sumer rain'))[0]).toBe('release: Summer Rain')
  })
  test('puts the exact name first, and shows whose it is', async () => {
    expect((await found('vague')).slice(0, 2)).toEqual(['track: Vague', 'track: Vagues'])
    const [hit] = await search(platform.db, 'soirée d’août', platform.now())
    expect(hit).toMatchObject({ kind: 'track', release: 'Été à la mer', artists: [{ name: 'Björk Trio' }] })
    expect(hit?.path).toMatch(/\/ete-a-la-mer\/soiree-d/)
  })
  test('finds the beginnings of words, and takes signs as they are', async () => {
    expect(await found('um')).toContain('track: Umbrella Song')
    expect(await found('100%')).toEqual(['track: 100% pur'])
    expect(await found('%')).toEqual([])
    expect(await found(' \\ ')).toEqual([])
    expect(await found('')).toEqual([])
  })
  test('shows nothing that is not public', async () => {
    expect((await found('secret')).join()).not.toContain('Secret Summer')
    expect((await found('unheard')).join()).not.toContain('Unheard')
  })
  test('walks the index, not the table', async () => {
    await platform.db.transaction().execute(async (tx) => {
      await sql`set local enable_seqscan = off`.execute(tx)
      const { rows } = await sql<{ 'QUERY PLAN': string }>`
        explain select id from recordings where searchable('umbrela') <% searchable(title)`.execute(tx)
      expect(JSON.stringify(rows)).toContain('recordings_search')
    })
  })
})

test('a secret link counts its visits until it is revoked', async () => {
  const artist = await anArtist(platform)
  const release = await aRelease(platform, artist, 'For ears only')
  const made = await unlistRelease(platform, { releaseId: release.id, by: null })
  const token = made.ok ? made.value.token : ''
  await Promise.all([countVisit(platform.db, token), countVisit(platform.db, token), countVisit(platform.db, 'guess')])
  const [link] = await secretLinks(platform.db, release.id)
  expect(link?.visits).toBe(2)
  expect(await revokeLink(platform.db, release.id, link?.id as string, platform.now())).toBe(true)
  expect(await revokeLink(platform.db, release.id, link?.id as string, platform.now())).toBe(false)
  await countVisit(platform.db, token)
  expect((await secretLinks(platform.db, release.id))[0]).toMatchObject({ visits: 2, revokedAt: expect.any(Date) })
  expect(await releaseById(platform.db, release.id, { now: platform.now(), token })).toBeNull()
})

test('the exchange learns what a release and a track are', async () => {
  const artist = await anArtist(platform)
  const { id, slug, tracks } = await aRelease(platform, artist, 'Known', ['Song'])
  const track = tracks[0]?.trackId as string
  expect((await musicSubjects.release(platform.db, [id])).get(id)).toEqual({
    artistId: artist.id,
    title: 'Known',
    path: `/${artist.slug}/${slug}`,
    givenAs: `release:${id}`,
    publicAt: null,
  })
  expect((await musicSubjects.track(platform.db, [track])).get(track)).toMatchObject({
    title: 'Song',
    path: `/${artist.slug}/${slug}/song`,
    givenAs: `release:${id}`,
  })
})
