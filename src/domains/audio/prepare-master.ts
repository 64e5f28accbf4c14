import type { JobContext } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { type AudioProblem, isOfTheFile } from './engine/index.ts'
import { makeStreams } from './make-streams.ts'

type Deps = Pick<Platform, 'db' | 'storage' | 'paths' | 'now'>

/** How often a change of progress is written, at most. */
const PROGRESS_MS = 500

/**
 * Makes what a player needs of a master: streams, loudness, waveform. A problem of the file is kept with the master at once, one of
 * the machine once the last attempt has failed, so that nothing is "processing" for ever.
 */
export async function prepareMaster(
  deps: Deps,
  { masterId }: { masterId: string },
  context: JobContext,
): Promise<void> {
  const { db } = deps
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
  try {
    const made = await makeStreams(deps, master, { signal: context.signal, onProgress: progressWriter(deps, masterId) })
    if (!made.ok) return await refuse(deps, masterId, made.error, context)
    const { streams, loudness, waveform } = made.value
    await db.transaction().execute(async (tx) => {
      await tx.deleteFrom('renditions').where('masterId', '=', masterId).execute()
      await tx
        .insertInto('renditions')
        .values(streams.map((stream) => ({ ...stream, masterId })))
        .execute()
      await tx
        .updateTable('masters')
        .set({
          state: 'ready',
          progress: 1,
          loudness: JSON.stringify(loudness),
          waveform,
          preparedAt: deps.now(),
        })
        .where('id', '=', masterId)
        .execute()
    })
  } catch (error) {
    if (context.lastAttempt) await fail(deps, masterId, { code: 'crashed', detail: String(error) })
    throw error
  }
}

async function refuse(deps: Deps, masterId: string, problem: AudioProblem, context: JobContext): Promise<void> {
  if (isOfTheFile(problem.code)) return fail(deps, masterId, problem)
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
