import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import { gainOf, type Loudness } from '../../audio/index.ts'
import type { Cover } from '../../music/index.ts'
import { type FileKind, type FileProblem, type FileState, STREAM_FILES, type StreamKind } from './files.rules.ts'

/** A sound or a film that was sent in. Lengths are milliseconds, sizes bytes. */
export type EntryFile = {
  id: string
  kind: FileKind
  fileName: string
  size: number
  state: FileState
  progress: number
  problem: FileProblem | null
  durationMs: number | null
  loudness: Loudness | null
  width: number | null
  height: number | null
  hasCaptions: boolean
  poster: Cover | null
  streams: { format: StreamKind; type: string }[] | null
}

/** The file of that id as JSON, in SQL; null where there is none. */
export const fileOf = (id: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  select json_build_object('id', f.id, 'kind', f.kind, 'fileName', f.file_name, 'size', f.size, 'state', f.state, 'progress', f.progress,
    'problem', f.problem, 'durationMs', f.duration_ms, 'loudness', f.loudness, 'width', f.width, 'height', f.height,
    'hasCaptions', f.captions is not null,
    'poster', (select json_build_object('id', p.id, 'sha256', p.sha256, 'width', p.width, 'height', p.height, 'widths', p.widths,
      'palette', p.palette) from images p where p.id = f.poster_image_id),
    'streams', (select json_agg(json_build_object('format', s.format, 'type', s.type) order by s.format desc) from entry_streams s
      where s.file_id = f.id))
  from entry_files f where f.id = ${id})`

/** Where a part of it lies. `key`: what opens it to its author before it is shown. */
const fileUrl = (id: string, name: string, key: string | null): string =>
  `/media/entry/${id}/${name}${key ? `?key=${encodeURIComponent(key)}` : ''}`

export type PlayableFile = {
  durationMs: number
  sources: { src: string; type: string }[]
  waveform: string | null
  gainDb: number
  captions: string | null
}

/** What a player needs of it; null while it is being made, and when it cannot be. */
export function playableFile(file: EntryFile | null, key: string | null = null): PlayableFile | null {
  if (file?.state !== 'ready' || !file.streams?.length) return null
  const { id, kind, durationMs, loudness, hasCaptions } = file
  return {
    durationMs: durationMs ?? 0,
    sources: file.streams.map(({ format, type }) => ({ src: fileUrl(id, STREAM_FILES[format], key), type })),
    waveform: kind === 'sound' ? fileUrl(id, 'waveform.bin', key) : null,
    gainDb: gainOf(loudness),
    captions: hasCaptions ? fileUrl(id, 'captions.vtt', key) : null,
  }
}

/** Whose a file is, and who may have it: everybody once its entry is shown. */
export async function fileAccess(db: Db, id: string) {
  return db
    .selectFrom('entryFiles')
    .innerJoin('contestEntries', 'contestEntries.fileId', 'entryFiles.id')
    .innerJoin('operations', 'operations.id', 'contestEntries.operationId')
    .select(['operations.artistId', 'contestEntries.state', 'contestEntries.confirmedAt', 'captions', 'waveform'])
    .where('entryFiles.id', '=', id)
    .where('entryFiles.state', '=', 'ready')
    .where('operations.state', '!=', 'draft')
    .where('operations.hiddenAt', 'is', null)
    .executeTakeFirst()
}

export const streamOf = (db: Db, fileId: string, format: StreamKind) =>
  db
    .selectFrom('entryStreams')
    .select(['storageKey', 'size', 'type'])
    .where('fileId', '=', fileId)
    .where('format', '=', format)
    .executeTakeFirst()
