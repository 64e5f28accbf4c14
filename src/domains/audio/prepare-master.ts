import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { newToken } from '../../platform/ids.ts'
import type { JobContext } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { AudioProblem } from './engine/index.ts'
import { engine } from './run-engine.ts'
import type { StreamFormat } from './tables.ts'

type Deps = Pick<Platform, 'db' | 'storage' | 'paths' | 'now'>

/** How often a change of progress is written, at most. */
const PROGRESS_MS = 500
/** Problems of the file itself: trying again would find the same. */
const OF_THE_FILE = new Set<AudioProblem['code']>([
  'empty',
  'not-audio',
  'unsupported',
  'protected',
  'too-long',
  'truncated',
  'damaged',
])

/**
 * Makes what a player needs of a master: streams, loudness, waveform. A problem of the file is kept with the master at once, one of
 * the machine once the last attempt has failed, so that nothing is "processing" for ever.
 */
export async function prepareMaster(
  deps: Deps,
  { masterId }: { masterId: string },
  context: JobContext,
): Promise<void> {
  const { db, storage, paths } = deps
  const master = await db
    .selectFrom('masters')
    .select(['storageKey', 'sha256'])
    .where('id', '=', masterId)
    .executeTakeFirst()
  if (!master) return
  await db
    .updateTable('masters')
    .set({ state: 'preparing', progress: 0, problem: null })
    .where('id', '=', masterId)
    .execute()
  const folder = join(paths.work, `prepare-${newToken(9)}`)
  await mkdir(folder, { recursive: true })
  try {
    const made = await storage.withLocal(master.storageKey, (path) =>
      engine('prepareStream', { path, folder }, { signal: context.signal, onProgress: progressWriter(deps, masterId) }),
    )
    if (!made.ok) return await refuse(deps, masterId, made.error, context)
    const { opus, aac, loudness, waveform } = made.value
    const base = `streams/${master.sha256.slice(0, 2)}/${master.sha256}`
    const files = [
      { format: 'opus' as StreamFormat, ...opus, storageKey: `${base}.webm` },
      { format: 'aac' as StreamFormat, ...aac, storageKey: `${base}.m4a` },
    ]
    const rows: { masterId: string; format: StreamFormat; storageKey: string; type: string; size: number }[] = []
    for (const { path, format, type, storageKey } of files)
      rows.push({ masterId, format, type, storageKey, size: await storage.adopt(storageKey, path) })
    await db.transaction().execute(async (tx) => {
      await tx.deleteFrom('renditions').where('masterId', '=', masterId).execute()
      await tx.insertInto('renditions').values(rows).execute()
      await tx
        .updateTable('masters')
        .set({
          state: 'ready',
          progress: 1,
          loudness: JSON.stringify(loudness),
          waveform: Buffer.from(waveform),
          preparedAt: deps.now(),
        })
        .where('id', '=', masterId)
        .execute()
    })
  } catch (error) {
    if (context.lastAttempt) await fail(deps, masterId, { code: 'crashed', detail: String(error) })
    throw error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function refuse(deps: Deps, masterId: string, problem: AudioProblem, context: JobContext): Promise<void> {
  if (OF_THE_FILE.has(problem.code)) return fail(deps, masterId, problem)
  throw new Error(`${problem.code}: ${problem.detail}`, { cause: context.attempt })
}

async function fail({ db }: Deps, masterId: string, problem: AudioProblem): Promise<void> {
  await db
    .updateTable('masters')
    .set({ state: 'failed', problem: JSON.stringify(problem) })
    .where('id', '=', masterId)
    .execute()
}

function progressWriter({ db }: Deps, masterId: string): (progress: number) => void {
  let last = 0
  return (progress) => {
    if (Date.now() - last < PROGRESS_MS) return
    last = Date.now()
    void db
      .updateTable('masters')
      .set({ progress })
      .where('id', '=', masterId)
      .where('state', '=', 'preparing')
      .execute()
      .catch(() => undefined)
  }
}
