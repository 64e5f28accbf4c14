import { sql } from 'kysely'
import { type Db, prepared } from '../../platform/database/index.ts'
import type { AudioProblem, Loudness, MasterFacts } from './engine/index.ts'
import type { MasterState, StreamFormat } from './tables.ts'

export type Sound = {
  masterId: string
  sha256: string
  fileName: string
  size: number
  durationMs: number
  facts: MasterFacts
  state: MasterState
  progress: number
  problem: AudioProblem | null
  loudness: Loudness | null
  /** Sizes in bytes. */
  streams: { format: StreamFormat; type: string; size: number }[]
}

/** One text for all of them: a page asks for a dozen at a time. */
const readSounds = prepared(
  () => sql<{ sounds: (Sound & { recordingId: string })[] | null }>`
    select json_agg(json_build_object('recordingId', m.recording_id, 'masterId', m.id, 'sha256', m.sha256, 'fileName', m.file_name,
      'size', m.size, 'durationMs', m.duration_ms, 'facts', m.facts, 'state', m.state, 'progress', m.progress,
      'problem', m.problem, 'loudness', m.loudness, 'streams', coalesce((
        select json_agg(json_build_object('format', s.format, 'type', s.type, 'size', s.size) order by s.format desc)
        from renditions s where s.master_id = m.id), '[]'))) as sounds
    from masters m where m.recording_id = any($1::uuid[])`,
)

/** The sound of recordings, by recording: those without a master yet are absent. */
export async function soundsOf(db: Db, recordingIds: string[]): Promise<Map<string, Sound>> {
  if (!recordingIds.length) return new Map()
  const [row] = await readSounds(db, recordingIds)
  return new Map((row?.sounds ?? []).map(({ recordingId, ...sound }) => [recordingId, sound]))
}

export const STREAM_EXTENSIONS: Record<StreamFormat, string> = { opus: 'webm', aac: 'm4a' }
/** Listeners hear everything at the same loudness, unless they switch it off (AES TD1008 recommends -16 LUFS for music of an album). */
const TARGET_LUFS = -16
const CEILING_DB = -1

/** Decibels that bring a sound to -16 LUFS without its peaks passing -1 dBTP. */
export function gainOf(loudness: Loudness | null): number {
  if (!loudness || loudness.integratedLufs <= -70) return 0
  const wanted = TARGET_LUFS - loudness.integratedLufs
  return Math.round(Math.min(wanted, Math.max(0, CEILING_DB - loudness.truePeakDb)) * 100) / 100
}

export type Playable = {
  durationMs: number
  sources: { src: string; type: string }[]
  waveform: string | null
  gainDb: number
}

/** What a player needs of a track: null while it is being prepared. `pass` opens what is not public. */
export function playable(trackId: string, sound: Sound | undefined, pass: string | null = null): Playable | null {
  if (sound?.state !== 'ready') return null
  const query = pass ? `?pass=${encodeURIComponent(pass)}` : ''
  const at = (kind: string, extension: string) =>
    `/media/${kind}/${trackId}/${sound.sha256.slice(0, 16)}.${extension}${query}`
  return {
    durationMs: sound.durationMs,
    sources: sound.streams.map(({ format, type }) => ({ src: at('stream', STREAM_EXTENSIONS[format]), type })),
    waveform: at('waveform', 'bin'),
    gainDb: gainOf(sound.loudness),
  }
}

/** The files of a track's streams, of one that is not public with a `pass`, with their exact sizes in bytes, what plays everywhere (AAC) first: for programs that fetch. */
export function enclosuresOf(
  trackId: string,
  sound: Sound | undefined,
  pass: string | null = null,
): { src: string; type: string; size: number }[] {
  const found = playable(trackId, sound, pass)
  if (!found || !sound) return []
  return sound.streams
    .map(({ format, size }, index) => ({ format, size, src: found.sources[index]?.src ?? '' }))
    .sort((a, b) => a.format.localeCompare(b.format))
    .map(({ format, size, src }) => ({ src, size, type: format === 'aac' ? 'audio/mp4' : 'audio/webm' }))
}
