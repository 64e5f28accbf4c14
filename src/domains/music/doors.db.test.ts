import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestPlatform, testPlatform } from '../../testing/index.ts'
import { anArtist, aRelease, plan, plannedTrack } from './fixtures.ts'
import {
  artistReleases,
  createRelease,
  importPlan,
  latestReleases,
  type PublicRelease,
  publishDue,
  publishRelease,
  releaseForTags,
  releasePage,
  scheduleRelease,
  trackPage,
  unlistRelease,
  withdrawRelease,
} from './index.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

const look = (artist: { slug: string }, releaseSlug: string, more = {}) =>
  releasePage(platform.db, { artistSlug: artist.slug, releaseSlug, now: platform.now(), ...more })
const giftsOf = (id: string) =>
  platform.db.selectFrom('gifts').selectAll().where('subject', '=', `release:${id}`).execute()

describe('a folder that was understood', () => {
  test('becomes a draft with its tracks in order, their artists, credits and identifiers', async () => {
    const artist = await anArtist(platform, 'Ada')
    const understood = plan(
      'Été & Hiver',
      [
        plannedTrack('Second', 7, {
          disc: 2,
          artists: {
            value: [{ name: 'Ada' }, { name: 'Guest', featured: true, musicbrainz: 'mb-guest' }],
            from: 'tag',
          },
          composers: { value: ['Ada L.'], from: 'tag' },
          credits: [
            { role: 'composer', name: 'ada l.' },
            { role: 'performer', name: 'Bo', detail: 'harp' },
          ],
          isrc: { value: 'FRZ039800212', from: 'tag' },
          version: { value: 'Live', from: 'tag' },
        }),
        plannedTrack('First', 3, { lyrics: { value: 'La la', from: 'file' } }),
      ],
      {
        albumArtists: [{ name: 'Ada' }],
        release: {
          title: { value: 'Été & Hiver', from: 'tag' },
          kind: { value: 'ep', from: 'tag' },
          date: { value: '2024-05', from: 'tag' },
          licence: { value: 'cc-by-sa-4.0', from: 'tag' },
          label: { value: 'Nowhere Records', from: 'tag' },
          discs: [{ number: 1 }, { number: 2, title: 'Live' }],
          musicbrainz: { release: 'mb-release' },
        },
      },
    )
    const made = await platform.db
      .transaction()
      .execute((tx) => importPlan(tx, { artistId: artist.id, plan: understood, coverImageId: null }))
    expect(made.tracks.map(({ path }) => path)).toEqual(['/drop/3.flac', '/drop/7.flac'])
    expect(await look(artist, 'ete-hiver')).toBeNull()
    const seen = (await look(artist, 'ete-hiver', { preview: true })) as PublicRelease
    expect(seen).toMatchObject({
      visibility: 'draft',
      kind: 'ep',
      date: '2024-05',
      licence: 'cc-by-sa-4.0',
      label: { name: 'Nowhere Records', slug: null },
      artists: [{ name: 'Ada', slug: artist.slug }],
      discTitles: { 2: 'Live' },
    })
    expect(seen.tracks.map(({ disc, position, title, slug }) => [disc, position, title, slug])).toEqual([
      [1, 1, 'First', 'first'],
      [2, 1, 'Second', 'second-live'],
    ])
    expect(seen.tracks[1]?.credits).toEqual([
      { role: 'composer', name: 'Ada L.', detail: null },
      { role: 'performer', name: 'Bo', detail: 'harp' },
    ])

    const tags = await releaseForTags(platform.db, made.releaseId, { base: 'http://x.test', now: platform.now() })
    expect(tags).toMatchObject({
      url: `http://x.test/${artist.slug}/ete-hiver`,
      discs: 2,
      label: 'Nowhere Records',
    })
    expect(tags?.licence.url).toBe('https://creativecommons.org/licenses/by-sa/4.0/')
    expect(tags?.tracks[0]).toMatchObject({ title: 'First', lyrics: 'La la', number: 1, total: 1, disc: 1 })
    expect(tags?.tracks[1]).toMatchObject({
      title: 'Second (Live)',
      artistLine: 'Ada feat. Guest',
      composers: ['Ada L.'],
      isrc: 'FRZ039800212',
      musicbrainz: { artists: [] },
    })
  })

  test('by somebody only guessed goes under the name of the artist who drops it', async () => {
    const artist = await anArtist(platform, 'Real Name')
    const guessed = plan(
      'Demos',
      [plannedTrack('Song', 1, { artists: { value: [{ name: 'Downloads' }], from: 'guess' } })],
      {
        artist: { name: 'Downloads', confidence: 'low', from: 'guess' },
        albumArtists: [{ name: 'Downloads' }],
      },
    )
    await platform.db
      .transaction()
      .execute((tx) => importPlan(tx, { artistId: artist.id, plan: guessed, coverImageId: null }))
    const seen = (await look(artist, 'demos', { preview: true })) as PublicRelease
    expect(seen.artists[0]?.name).toBe('Real Name')
    expect(seen.tracks[0]?.artists[0]?.name).toBe('Real Name')
  })
})

describe('addresses', () => {
  test('two releases of one title made at the same instant get two of them', async () => {
    const artist = await anArtist(platform)
    const made = await Promise.all(
      Array.from({ length: 6 }, () => createRelease(platform.db, { artistId: artist.id, title: 'Same' })),
    )
    expect(made.map(({ slug }) => slug).sort()).toEqual(['same', 'same-2', 'same-3', 'same-4', 'same-5', 'same-6'])
  })
})

describe('visibility', () => {
  test('publishing is a gift, once, whatever happens later', async () => {
    const artist = await anArtist(platform)
    const release = await aRelease(platform, artist)
    const first = await publishRelease(platform, { releaseId: release.id, by: null })
    expect(first.ok).toBe(true)
    expect(await look(artist, release.slug)).toMatchObject({ visibility: 'public', title: 'First Songs' })
    await withdrawRelease(platform, { releaseId: release.id, by: null })
    expect(await look(artist, release.slug)).toBeNull()
    platform.pass(60_000)
    const again = await publishRelease(platform, { releaseId: release.id, by: null })
    expect(again).toEqual(first)
    expect(await giftsOf(release.id)).toHaveLength(1)
  })

  test('a release without a track is not published', async () => {
    const artist = await anArtist(platform)
    const empty = await createRelease(platform.db, { artistId: artist.id, title: 'Nothing yet' })
    expect(await publishRelease(platform, { releaseId: empty.id, by: null })).toEqual({ ok: false, error: 'no-tracks' })
  })

  test('a scheduled one is public from its minute on, is dated at that minute however late the job, and is given once', async () => {
    const artist = await anArtist(platform)
    const release = await aRelease(platform, artist)
    const at = new Date(platform.now().getTime() + 3_600_000)
    const minute = new Date(Math.floor(at.getTime() / 60_000) * 60_000)
    const past = await scheduleRelease(platform, { releaseId: release.id, at: new Date(0), zone: 'UTC', by: null })
    expect(past).toEqual({ ok: false, error: 'past' })
    const done = await scheduleRelease(platform, { releaseId: release.id, at, zone: 'Europe/Paris', by: null })
    expect(done).toEqual({ ok: true, value: { publishAt: minute } })
    expect(await look(artist, release.slug)).toBeNull()
    expect(await publishDue(platform)).toBe(0)

    platform.pass(3_600_000)
    expect(await look(artist, release.slug)).toMatchObject({ visibility: 'public' })
    expect((await latestReleases(platform.db, platform.now())).map(({ id }) => id)).toContain(release.id)
    platform.pass(600_000)
    const both = await Promise.all([publishDue(platform), publishDue(platform)])
    expect(both.sort()).toEqual([0, 1])
    expect(await giftsOf(release.id)).toMatchObject([{ at: minute, kind: 'release' }])
    expect(await look(artist, release.slug)).toMatchObject({ publishedAt: minute })
  })

  test('an unlisted one opens with its link and nothing else', async () => {
    const artist = await anArtist(platform)
    const release = await aRelease(platform, artist)
    const link = await unlistRelease(platform, { releaseId: release.id, by: null })
    if (!link.ok) throw new Error(link.error)
    expect(await look(artist, release.slug)).toBeNull()
    expect(await look(artist, release.slug, { token: 'guess' })).toBeNull()
    expect(await look(artist, release.slug, { token: link.value.token })).toMatchObject({ visibility: 'unlisted' })
    expect(await artistReleases(platform.db, artist.id, platform.now())).toEqual([])
    expect(await giftsOf(release.id)).toEqual([])
  })
})

test('a track has its page, with its neighbours and its words', async () => {
  const artist = await anArtist(platform)
  const release = await aRelease(platform, artist, 'Words', ['A', 'B', 'C'], { lyrics: 'Here they are' })
  await publishRelease(platform, { releaseId: release.id, by: null })
  const asked = { artistSlug: artist.slug, releaseSlug: 'words', now: platform.now() }
  const page = await trackPage(platform.db, { ...asked, trackSlug: 'b' })
  expect(page).toMatchObject({
    track: { title: 'B', lyrics: 'Here they are' },
    previous: { title: 'A' },
    next: { title: 'C' },
  })
  expect(await trackPage(platform.db, { ...asked, trackSlug: 'z' })).toBeNull()
})
