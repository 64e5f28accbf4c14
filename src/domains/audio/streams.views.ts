import { sql } from 'kysely'
import { type Db, PREPARED } from '../../platform/database/index.ts'
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
  streams: { format: StreamFormat; type: string }[]
}

/** The sound of recordings, by recording: those without a master yet are absent. */
export async function soundsOf(db: Db, recordingIds: string[]): Promise<Map<string, Sound>> {
  if (!recordingIds.length) return new Map()
  const rows = await db
    .selectFrom('masters as m')
    .leftJoin('renditions as s', 's.masterId', 'm.id')
    .select([
      'm.id',
      'm.recordingId',
      'm.sha256',
      'm.fileName',
      'm.size',
      'm.durationMs',
      'm.facts',
      'm.state',
      'm.progress',
      'm.problem',
      'm.loudness',
      's.format',
      's.type',
    ])
    .where(sql<boolean>`m.recording_id = any(${recordingIds}::uuid[])`)
    .orderBy('s.format', 'desc')
    .modifyEnd(sql.raw(PREPARED))
    .execute()
  const sounds = new Map<string, Sound>()
  for (const { recordingId, id, format, type, ...rest } of rows) {
    const sound: Sound = sounds.get(recordingId) ?? { ...rest, masterId: id, streams: [] }
    if (format && type) sound.streams.push({ format, type })
    sounds.set(recordingId, sound)
  }
  return sounds
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
