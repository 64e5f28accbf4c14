import { sql } from 'kysely'
import { addJob, type JobContext } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { isOfTheFile, makeStreams } from '../../audio/index.ts'
import { makeFilm } from '../../journal/index.ts'
import { type FileProblem, problemOf, type StreamKind } from './files.rules.ts'
import { limitsOf } from './keep-file.ts'

type Deps = Pick<Platform, 'db' | 'storage' | 'paths'>
type Stream = { format: StreamKind; storageKey: string; size: number; type: string }

const PROGRESS_MS = 1_000
/** A telephone films in 3840 × 2160. */
const MAX_PIXELS = 4096 * 4096

/**
 * Makes what plays of a sound or a film that somebody answers for. A problem of the file is kept with it at once and its sender is told; one of the machine once the
 * last attempt has failed.
 */
export async function prepareEntryFile(deps: Deps, { fileId }: { fileId: string }, context: JobContext): Promise<void> {
  const { db } = deps
  const file = await db
    .selectFrom('entryFiles')
    .select(['kind', 'storageKey', 'sha256', 'state'])
    .where('id', '=', fileId)
    .executeTakeFirst()
  if (!file || file.state === 'ready') return
  await db
    .updateTable('entryFiles')
    .set({ state: 'preparing', progress: 0, problem: null })
    .where('id', '=', fileId)
    .execute()
  let told = 0
  const onProgress = (progress: number) => {
    if (Date.now() - told < PROGRESS_MS) return
    told = Date.now()
    void db
      .updateTable('entryFiles')
      .set({ progress })
      .where('id', '=', fileId)
      .where('state', '=', 'preparing')
      .execute()
      .catch(() => undefined)
  }
  try {
    const made = await make(deps, file, { signal: context.signal, onProgress })
    if (!made.ok) {
      if (!isOfTheFile(made.error.code)) throw new Error(`${made.error.code}: ${made.error.detail}`)
      return await refuse(deps, fileId, problemOf(made.error.code, file.kind))
    }
    const { streams, ...known } = made.value
    await db.transaction().execute(async (tx) => {
      const there = await tx
        .updateTable('entryFiles')
        .set({ ...known, state: 'ready', progress: 1 })
        .where('id', '=', fileId)
        .returning('id')
        .executeTakeFirst()
      if (!there) return
      await tx.deleteFrom('entryStreams').where('fileId', '=', fileId).execute()
      await tx
        .insertInto('entryStreams')
        .values(streams.map((stream) => ({ ...stream, fileId })))
        .execute()
    })
  } catch (error) {
    if (context.lastAttempt) await refuse(deps, fileId, 'machine')
    throw error
  }
}

type Options = { signal: AbortSignal; onProgress: (progress: number) => void }

async function make(
  deps: Deps,
  { kind, storageKey, sha256 }: { kind: 'sound' | 'film'; storageKey: string; sha256: string },
  options: Options,
) {
  const limits = { ...limitsOf(kind), maxPixels: MAX_PIXELS }
  if (kind === 'sound') {
    const made = await makeStreams(deps, { storageKey, sha256 }, { ...options, limits })
    if (!made.ok) return made
    const { facts, loudness, waveform, streams } = made.value
    const known = { facts: JSON.stringify(facts), loudness: JSON.stringify(loudness), waveform }
    return { ok: true as const, value: { ...known, durationMs: facts.durationMs, streams: streams as Stream[] } }
  }
  const made = await makeFilm(deps, storageKey, { ...options, limits })
  if (!made.ok) return made
  const { mp4, webm, ...known } = made.value
  const streams: Stream[] = [
    { format: 'webm', ...webm },
    { format: 'mp4', ...mp4 },
  ]
  return { ok: true as const, value: { ...known, streams } }
}

/** Says why it does not play, to the page and by a mail to whoever sent it in. */
const refuse = ({ db }: Deps, fileId: string, problem: FileProblem): Promise<void> =>
  db.transaction().execute(async (tx) => {
    await tx.updateTable('entryFiles').set({ state: 'failed', problem }).where('id', '=', fileId).execute()
    await addJob(tx, 'operations.say-unplayable', { fileId })
  })

/** A worker killed during the last attempt says nothing any more: what waits for a job that will not run again has failed, so that somebody can try again. */
export async function settleEntryFiles({ db }: Pick<Platform, 'db'>): Promise<void> {
  await sql`
    update entry_files f set state = 'failed', problem = 'machine'
    where state in ('waiting', 'preparing') and not exists (
      select 1 from graphile_worker.jobs j
      where j.key = 'entry-file:' || f.id and (j.attempts < j.max_attempts or j.locked_at is not null)
    )`.execute(db)
}
