import type { Tx } from '../../platform/database/index.ts'
import { newId, newToken } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { hashOf } from '../../platform/signing.ts'
import { createRelease } from './create-release.ts'
import type { ImportPlan, PlannedTrack } from './import/index.ts'
import { insertTrack, type NewTrack } from './track.store.ts'

type Db = Pick<Platform, 'db'>

/** An artist with an address, and nobody behind it. */
export async function anArtist({ db }: Db, name = 'Demo'): Promise<{ id: string; slug: string; name: string }> {
  const id = newId()
  const slug = `${name.toLowerCase().replace(/[^a-z]+/g, '-')}-${id.slice(-6)}`
  await db.insertInto('artists').values({ id, slug, name, sortName: name, portraitImageId: null }).execute()
  await db.insertInto('slugs').values({ slug, artistId: id, labelId: null }).execute()
  return { id, slug, name }
}

/** A draft with tracks of these titles. */
export async function aRelease(
  { db }: Db,
  artist: { id: string; name: string },
  title = 'First Songs',
  titles = ['One', 'Two', 'Three'],
  each: Partial<NewTrack> = {},
): Promise<{ id: string; slug: string; tracks: { trackId: string; recordingId: string }[] }> {
  return db.transaction().execute(async (tx: Tx) => {
    const release = await createRelease(tx, { artistId: artist.id, title })
    const tracks = []
    for (const [i, name] of titles.entries())
      tracks.push(
        await insertTrack(tx, {
          artistId: artist.id,
          releaseId: release.id,
          disc: 1,
          position: i + 1,
          title: name,
          artists: [{ name: artist.name }],
          ...each,
        }),
      )
    return { ...release, tracks }
  })
}

export const plannedTrack = (title: string, number: number, more: Partial<PlannedTrack> = {}): PlannedTrack => ({
  path: `/drop/${number}.flac`,
  file: `${number}.flac`,
  bytes: 1000,
  durationMs: 180_000,
  disc: 1,
  number,
  numberFrom: 'tag',
  title: { value: title, from: 'tag' },
  artists: { value: [{ name: 'Demo' }], from: 'tag' },
  credits: [],
  ...more,
})

export const plan = (title: string, tracks: PlannedTrack[], more: Partial<ImportPlan> = {}): ImportPlan => ({
  artist: { name: 'Demo', confidence: 'high', from: 'tag' },
  albumArtists: [{ name: 'Demo' }],
  various: false,
  release: { title: { value: title, from: 'tag' }, kind: { value: 'album', from: 'guess' }, discs: [] },
  cover: null,
  tracks,
  bonus: [],
  ignored: [],
  problems: [],
  ...more,
})

/** Somebody signed in who works for an artist: the cookie that says so. */
export async function signIn({ db }: Db, artistId: string, role: 'artist' | 'editor' = 'artist') {
  const accountId = newId()
  const token = newToken()
  const email = `${accountId}@demo.example`
  await db.insertInto('accounts').values({ id: accountId, email, disabledAt: null }).execute()
  await db.insertInto('memberships').values({ id: newId(), accountId, artistId, labelId: null, role }).execute()
  await db
    .insertInto('sessions')
    .values({ id: newId(), tokenHash: hashOf(token), accountId, expiresAt: new Date(Date.now() + 86_400_000) })
    .execute()
  return { accountId, cookie: `session=${token}` }
}
