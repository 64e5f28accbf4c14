import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import { type CreditInput, type NameInput, setArtists, setCredits } from './names.store.ts'
import type { Place } from './order.rules.ts'
import { giveTrackSlug } from './slugs.store.ts'
import type { MusicBrainzIds } from './tables.ts'

export type NewTrack = {
  artistId: string
  releaseId: string
  disc: number
  position: number
  title: string
  version?: string | null
  artists: readonly NameInput[]
  credits?: readonly CreditInput[]
  isrc?: string | null
  language?: string | null
  lyrics?: string
  bpm?: number | null
  musicalKey?: string | null
  musicbrainz?: MusicBrainzIds
}

/** Adds a recording and the track that plays it. */
export async function insertTrack(tx: Tx, track: NewTrack): Promise<{ trackId: string; recordingId: string }> {
  const recordingId = newId()
  const trackId = newId()
  await tx
    .insertInto('recordings')
    .values({
      id: recordingId,
      artistId: track.artistId,
      title: track.title,
      version: track.version ?? null,
      isrc: track.isrc ?? null,
      language: track.language ?? null,
      lyrics: track.lyrics ?? '',
      bpm: track.bpm == null ? null : String(track.bpm),
      musicalKey: track.musicalKey ?? null,
      musicbrainz: JSON.stringify(track.musicbrainz ?? {}),
    })
    .execute()
  const title = [track.title, track.version].filter(Boolean).join(' ')
  const slug = await giveTrackSlug(tx, { releaseId: track.releaseId, title })
  await tx
    .insertInto('tracks')
    .values({
      id: trackId,
      releaseId: track.releaseId,
      recordingId,
      disc: track.disc,
      position: track.position,
      slug,
      givesStream: null,
      givesDownload: null,
    })
    .execute()
  await setArtists(tx, { recordingId }, track.artists)
  await setCredits(tx, { recordingId }, track.credits ?? [], newId)
  return { trackId, recordingId }
}

export const placesOf = (tx: Tx, releaseId: string): Promise<Place[]> =>
  tx
    .selectFrom('tracks')
    .select(['id', 'disc', 'position'])
    .where('releaseId', '=', releaseId)
    .orderBy('disc')
    .orderBy('position')
    .execute()

/** Writes an order. Its uniqueness is looked at when all have their new place. */
export async function setPlaces(tx: Tx, places: readonly Place[]): Promise<void> {
  await sql`set constraints all deferred`.execute(tx)
  await sql`update tracks t set disc = p.disc, position = p.position
    from json_to_recordset(${JSON.stringify(places)}::json) as p(id uuid, disc int, position int) where t.id = p.id`.execute(
    tx,
  )
  await sql`set constraints all immediate`.execute(tx)
}
