import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { engine, keepMaster, prepareMaster, setMaster } from '../domains/audio/index.ts'
import { openDemoPeople } from '../domains/identity/index.ts'
import { addTrack, createRelease, publishAt, setCredits, setGives } from '../domains/music/index.ts'
import { newId } from '../platform/ids.ts'
import { storeImage } from '../platform/images/index.ts'
import type { Platform } from '../platform/platform.ts'
import { paletteOf } from '../ui/colour/palette.ts'
import { playMonth } from './activity.ts'
import { layOutAnnouncements } from './announcements.ts'
import { type DemoRelease, type DemoTrack, demoArtists, demoLabel, demoReleases } from './catalogue.ts'
import { paintCover, type Sleeve } from './covers.ts'
import { layOutInbox } from './inbox.ts'
import { layOutJournals } from './journals.ts'
import { compose, writeWav } from './music/index.ts'

export const DEMO_MAIL = 'demo@ritornello.invalid'
const DAY_MS = 24 * 3_600_000

/**
 * Lays out the demonstration in an empty place: a label, three artists, five releases that our own code composes and plays, a month of plausible
 * visits, fans who were written to, journals, and what was answered. `say` tells how far it is. Done once; a second call does nothing.
 */
export async function layOutDemo(platform: Platform, say: (line: string) => void): Promise<void> {
  const { db } = platform
  if (await db.selectFrom('artists').select('id').limit(1).executeTakeFirst()) return
  const portraits = new Map<string, string>()
  for (const { slug, portrait } of demoArtists) portraits.set(slug, await keepPicture(platform, portrait))
  const artists = await openDemoPeople(platform, {
    email: DEMO_MAIL,
    place: 'Ritornello · démonstration / demo',
    label: { name: demoLabel.name, description: `${demoLabel.about.fr}\n\n${demoLabel.about.en}` },
    artists: demoArtists.map(({ portrait: _, ...artist }) => ({
      ...artist,
      portraitImageId: portraits.get(artist.slug) ?? null,
    })),
  })
  const folder = await mkdtemp(join(platform.paths.work, 'demo-'))
  try {
    let done = 0
    const total = demoReleases.reduce((sum, release) => sum + release.tracks.length, 0)
    for (const release of demoReleases) {
      say(`${release.title}: ${release.tracks.length} (${done} of ${total} pieces played so far) …`)
      await layOutRelease(platform, release, artists, folder)
      done += release.tracks.length
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  say('A month of visits …')
  await playMonth(platform)
  await layOutAnnouncements(platform, DEMO_MAIL)
  await layOutJournals(platform, DEMO_MAIL)
  await layOutInbox(platform, DEMO_MAIL)
}

type Artists = { labelId: string; byslug: Map<string, { id: string; name: string }> }

async function layOutRelease(
  platform: Platform,
  release: DemoRelease,
  artists: Artists,
  folder: string,
): Promise<void> {
  const { db } = platform
  const named = (slug: string) => artists.byslug.get(slug) as { id: string; name: string }
  const owner = named(release.artist)
  // In the morning: what is out just before midnight has a first day of nothing.
  const at = new Date(platform.now().getTime() - release.publishedDaysAgo * DAY_MS)
  at.setUTCHours(7, 0, 0, 0)
  const coverImageId = await keepPicture(platform, release.sleeve)
  const { id: releaseId } = await createRelease(db, {
    artistId: owner.id,
    title: release.title,
    kind: release.kind,
    labelId: artists.labelId,
    releaseDate: at.toISOString().slice(0, 10),
    description: release.description,
    language: release.language,
    licence: release.licence,
    catalogueNumber: release.catalogueNumber,
    genres: release.genres,
    coverImageId,
  })
  const credits = (of: DemoRelease['credits']) =>
    of.map(({ role, artist, detail }) => ({ role, name: named(artist).name, detail: detail ?? null }))
  await db.transaction().execute(async (tx) => {
    await setCredits(tx, { releaseId }, credits(release.credits), newId)
  })
  await setGives(platform, { releaseId, gives: release.gives, by: null, mayPublish: true })
  for (const [index, track] of release.tracks.entries())
    await layOutTrack(platform, { track, index, releaseId, owner, named, credits, folder })
  await db.transaction().execute((tx) => publishAt(tx, { releaseId, at }))
}

type Place = {
  track: DemoTrack
  index: number
  releaseId: string
  owner: { id: string; name: string }
  named: (slug: string) => { id: string; name: string }
  credits: (of: DemoRelease['credits']) => { role: string; name: string; detail: string | null }[]
  folder: string
}

async function layOutTrack(
  platform: Platform,
  { track, index, releaseId, owner, named, credits, folder }: Place,
): Promise<void> {
  const path = join(folder, `${track.seed}.wav`)
  await writeWav(path, compose(track), 16)
  const probed = await engine('probe', { path })
  if (!probed.ok) throw new Error(`The demo's own sound was refused: ${probed.error.detail}`)
  const kept = await keepMaster(platform, path, { move: true })
  const masterId = await platform.db.transaction().execute(async (tx) => {
    const artistNames = (track.artists ?? []).map((slug) => ({ name: named(slug).name }))
    const { recordingId } = await addTrack(tx, {
      artistId: owner.id,
      releaseId,
      disc: 1,
      position: index + 1,
      title: track.title,
      version: track.version ?? null,
      artists: artistNames.length ? artistNames : [{ name: owner.name }],
      credits: credits(track.credits ?? []),
      language: track.language ?? null,
      lyrics: track.lyrics ?? '',
    })
    return setMaster(tx, {
      ...kept,
      recordingId,
      artistId: owner.id,
      fileName: `${track.title}.wav`,
      facts: probed.value,
    })
  })
  const context = {
    attempt: 1,
    lastAttempt: true,
    worker: 'here',
    signal: new AbortController().signal,
    log: platform.log,
  }
  await prepareMaster(platform, { masterId }, context)
}

async function keepPicture(platform: Platform, sleeve: Sleeve): Promise<string> {
  const painted = await paintCover(sleeve)
  const stored = await storeImage(platform, painted.bytes, paletteOf)
  if (!stored.ok) throw new Error(`The demo's own picture was refused: ${stored.error.code}`)
  return stored.value.id
}
