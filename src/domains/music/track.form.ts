import { GIVING, type Giving, givesFrom, givingOf } from './given.rules.ts'
import { parseIsrc } from './identifiers.rules.ts'
import { isLanguageCode } from './languages.rules.ts'
import {
  type ArtistLine,
  type CreditEntry,
  readArtists,
  readCredits,
  writeArtists,
  writeCredits,
} from './lists.rules.ts'
import type { PublicTrack } from './public.types.ts'
import { line, type Wrongs } from './release.form.ts'
import { roleName } from './roles.rules.ts'

export const TRACK_FIELDS = [
  'title',
  'version',
  'artists',
  'credits',
  'lyrics',
  'language',
  'explicit',
  'isrc',
  'bpm',
  'key',
  'gives',
] as const
export type TrackField = (typeof TRACK_FIELDS)[number]
export type TrackFields = Record<TrackField, string>

export type TrackEdit = {
  title: string
  version: string | null
  artists: ArtistLine[]
  credits: CreditEntry[]
  lyrics: string
  language: string | null
  isExplicit: boolean
  isrc: string | null
  bpm: number | null
  musicalKey: string | null
  givesStream: boolean | null
  givesDownload: boolean | null
}

/** A track with what it says for itself about giving: `release` where it goes by its release. */
export type EditedTrack = PublicTrack & { own: { stream: boolean | null; download: boolean | null } }

export const trackFields = (track: EditedTrack, lang: 'en' | 'fr'): TrackFields => ({
  title: track.title,
  version: track.version ?? '',
  artists: writeArtists(track.artists),
  credits: writeCredits(track.credits, ({ role, detail }) => roleName(role, lang, detail)),
  lyrics: track.lyrics ?? '',
  language: track.language ?? '',
  explicit: track.isExplicit ? 'on' : '',
  isrc: track.isrc ?? '',
  bpm: track.bpm === null ? '' : String(track.bpm),
  key: track.musicalKey ?? '',
  gives: track.own.stream === null && track.own.download === null ? 'release' : givingOf(track.gives),
})

export function readTrackForm(
  fields: TrackFields,
): { ok: true; value: TrackEdit } | { ok: false; wrong: Wrongs<TrackField> } {
  const wrong: Wrongs<TrackField> = {}
  const title = line(fields.title)
  if (!title) wrong.title = { code: 'error_title' }
  const artists = readArtists(fields.artists)
  if (!artists.some((artist) => !artist.isFeatured)) wrong.artists = { code: 'error_artists' }
  const credits = readCredits(fields.credits)
  if ('wrongLine' in credits) wrong.credits = { code: 'error_credits', values: { line: credits.wrongLine } }
  if (fields.language && !isLanguageCode(fields.language)) wrong.language = { code: 'error_choice' }
  const isrc = fields.isrc.trim() ? parseIsrc(fields.isrc) : null
  if (isrc && !isrc.ok) wrong.isrc = { code: 'error_isrc' }
  const bpm = fields.bpm.trim() ? Number(fields.bpm.replace(',', '.')) : null
  if (bpm !== null && !(bpm >= 10 && bpm < 1000)) wrong.bpm = { code: 'error_bpm' }
  const giving = fields.gives === 'release' ? null : GIVING.find((known) => known === fields.gives)
  if (giving === undefined) wrong.gives = { code: 'error_choice' }
  if (Object.keys(wrong).length > 0 || 'wrongLine' in credits) return { ok: false, wrong }
  const gives = giving ? givesFrom(giving as Giving) : null
  return {
    ok: true,
    value: {
      title,
      version: line(fields.version, 120) || null,
      artists,
      credits: credits.credits,
      lyrics: fields.lyrics.normalize('NFC').replace(/\r\n?/g, '\n').trim().slice(0, 50_000),
      language: fields.language || null,
      isExplicit: fields.explicit === 'on',
      isrc: isrc?.ok ? isrc.value : null,
      bpm: bpm === null ? null : Math.round(bpm * 100) / 100,
      musicalKey: line(fields.key, 20) || null,
      givesStream: gives?.stream ?? null,
      givesDownload: gives?.download ?? null,
    },
  }
}
