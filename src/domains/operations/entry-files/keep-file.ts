import { open, rm } from 'node:fs/promises'
import type { Db, Tx } from '../../../platform/database/index.ts'
import { isId, newId } from '../../../platform/ids.ts'
import { dropImage } from '../../../platform/images/index.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { defaultLimits, engine, isOfTheFile, keepMaster, type MasterFacts } from '../../audio/index.ts'
import { keepFilm } from '../../journal/index.ts'
import { type FileKind, type FileProblem, MOST_OF, MOST_UNANSWERED, problemOf, startsAsFilm } from './files.rules.ts'
import type { ReceivedFile } from './receive-entry.ts'

type Deps = Pick<Platform, 'db' | 'storage' | 'paths' | 'now'>

/** Reading fifteen minutes takes some seconds; a file that takes longer is looked at by the worker. */
const LOOK_MS = 60_000
const PURPOSE = 'contest-file'

export const limitsOf = (kind: FileKind) => ({ ...defaultLimits, maxDurationMs: MOST_OF[kind].minutes * 60_000 })

/**
 * Keeps a sound or a film that somebody sent in, as it came. A sound is read to its end first, so that a damaged one is known while its sender is there; of a film the
 * first bytes are looked at, the rest by the worker. The file at `path` is gone afterwards.
 */
export async function keepEntryFile(
  deps: Deps,
  { path, name, size }: ReceivedFile,
  { operationId, kind }: { operationId: string; kind: FileKind },
): Promise<Result<string, FileProblem>> {
  try {
    if (size === 0) return fail('empty')
    const looked = await look(path, kind)
    if (!looked.ok) return looked
    const kept = kind === 'sound' ? await keepMaster(deps, path, { move: true }) : await keepFilm(deps, path)
    const id = newId()
    await deps.db
      .insertInto('entryFiles')
      .values({
        ...{ id, operationId, kind, ...kept, fileName: fileNameOf(name) },
        facts: looked.value && JSON.stringify(looked.value),
        durationMs: looked.value?.durationMs ?? null,
        ...{ problem: null, waveform: null, width: null, height: null, posterImageId: null, captions: null },
        cameAt: deps.now(),
      })
      .execute()
    return ok(id)
  } finally {
    await rm(path, { force: true })
  }
}

async function look(path: string, kind: FileKind): Promise<Result<MasterFacts | null, FileProblem>> {
  if (kind === 'film') return startsAsFilm(await headOf(path)) ? ok(null) : fail('no-film')
  const probed = await engine('probe', { path, limits: limitsOf(kind) }, { timeoutMs: LOOK_MS })
  if (probed.ok) return ok(probed.value)
  return isOfTheFile(probed.error.code) ? fail(problemOf(probed.error.code, kind)) : ok(null)
}

async function headOf(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

const fileNameOf = (name: string): string =>
  (name.split(/[/\\]/).at(-1) ?? '').replaceAll('\0', '').trim().slice(0, 200) || 'file'

/** Whether a contest has room for one more file that nobody answers for yet. */
export async function hasRoomFor(
  db: Db,
  { operationId, kind }: { operationId: string; kind: FileKind },
): Promise<boolean> {
  const { bytes } = await db
    .selectFrom('entryFiles')
    .select((eb) => eb.fn.sum<string | null>('size').as('bytes'))
    .where('operationId', '=', operationId)
    .where('state', '=', 'kept')
    .executeTakeFirstOrThrow()
  return Number(bytes) + MOST_OF[kind].megabytes * 1_000_000 <= MOST_UNANSWERED
}

/** A file that came with a form which had an error elsewhere: the token that leads back to it, and what it was called. */
export type KeptFile = { id: string; token: string; name: string }

/**
 * Files that came with a form of one operation, kept for a day so that they need not be sent again. What no finished form has used by then goes (tidy-sent-in.ts). A
 * file that was looked at as one contest asks for it is none for another.
 */
export function keptFiles({ db, signer }: Pick<Platform, 'db' | 'signer'>, operationId: string) {
  async function find(fileId: string | null): Promise<KeptFile | null> {
    if (!fileId) return null
    const row = await db
      .selectFrom('entryFiles')
      .select('fileName')
      .where('id', '=', fileId)
      .where('operationId', '=', operationId)
      .where((eb) => eb.not(eb.exists(eb.selectFrom('contestEntries').select('id').where('fileId', '=', fileId))))
      .executeTakeFirst()
    return row ? { id: fileId, token: `${fileId}.${signer.sign(PURPOSE, fileId)}`, name: row.fileName } : null
  }
  return {
    find,
    async read(token: string): Promise<string | null> {
      const [id = '', signature = ''] = token.split('.')
      return isId(id) && signer.verify(PURPOSE, id, signature) ? ((await find(id))?.id ?? null) : null
    },
  }
}

/** Has a file made to play: from now on somebody answers for it. */
export async function makePlayable(tx: Tx, fileId: string): Promise<void> {
  const waits = await tx
    .updateTable('entryFiles')
    .set({ state: 'waiting', progress: 0, problem: null })
    .where('id', '=', fileId)
    .where('state', 'in', ['kept', 'failed'])
    .returning('id')
    .executeTakeFirst()
  if (waits) await addJob(tx, 'operations.prepare-file', { fileId }, { key: jobKey(fileId), attempts: 3 })
}

export const jobKey = (fileId: string): string => `entry-file:${fileId}`

/** Lets go of a file that no entry has any more. What is stored goes with all that no row names (`platform.tidy-files`). Not within a transaction. */
export async function forgetEntryFile({ db, storage }: Pick<Platform, 'db' | 'storage'>, id: string): Promise<void> {
  const gone = await unused(db).where('id', '=', id).returning('posterImageId').executeTakeFirst()
  if (gone?.posterImageId) await dropImage({ db, storage }, gone.posterImageId)
}

/** Forgets what came with forms that nobody finished within a day. */
export async function tidyEntryFiles({ db, storage }: Pick<Platform, 'db' | 'storage'>, before: Date): Promise<void> {
  const gone = await unused(db).where('cameAt', '<', before).returning('posterImageId').execute()
  for (const { posterImageId } of gone) if (posterImageId) await dropImage({ db, storage }, posterImageId)
}

const unused = (db: Db) =>
  db
    .deleteFrom('entryFiles')
    .where((eb) =>
      eb.not(
        eb.exists(eb.selectFrom('contestEntries').select('id').whereRef('contestEntries.fileId', '=', 'entryFiles.id')),
      ),
    )
