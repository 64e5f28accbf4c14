import { createWriteStream, existsSync, rmSync, statSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { diskReason } from '../data-dir.ts'
import { newToken } from '../ids.ts'
import { Sentence } from '../sentence.ts'
import { wrap } from './envelope.ts'
import type { Manifest } from './manifest.ts'
import { TarProblem } from './tar.ts'
import { type ArchiveSource, writeArchive } from './write-archive.ts'

export type SavedBackup = { file: string; bytes: number; manifest: Manifest }

export const STDOUT = '-'
/** How an unfinished backup is named beside its place. */
export const DRAFT = /^\.ritornello-backup-.*\.draft$/

/**
 * Saves a backup as `file` (`-`: standard output). It is written beside its place and renamed when it is whole and on the disk; whatever happens before, nothing is left.
 * Throws a {@link Sentence}.
 */
export async function saveBackup(
  source: ArchiveSource,
  file: string,
  { passphrase = null, signal }: { passphrase?: string | null; signal?: AbortSignal | undefined } = {},
): Promise<SavedBackup> {
  let manifest: Manifest | null = null
  let bytes = 0
  const archive = wrap(
    writeArchive(
      source,
      (made) => {
        manifest = made
      },
      signal,
    ),
    file,
    passphrase,
  )
  const counted = new Transform({
    transform(chunk: Buffer, _, next) {
      bytes += chunk.length
      next(null, chunk)
    },
  })
  if (file !== STDOUT && !existsSync(dirname(file)))
    throw new Sentence(`There is no folder ${dirname(file)} to save the backup in.`)
  if (file !== STDOUT && existsSync(file) && statSync(file).isDirectory())
    throw new Sentence(`${file} is a folder. Name a file in it, for example ${join(file, 'ritornello.tar')}.`)
  const draft = file === STDOUT ? null : join(dirname(file), `.ritornello-backup-${newToken(6)}.draft`)
  const forget = () => {
    if (draft) rmSync(draft, { force: true })
  }
  process.on('exit', forget)
  try {
    if (draft) {
      await pipeline(archive, counted, createWriteStream(draft, { mode: 0o600, flags: 'wx' }), signal ? { signal } : {})
      await flush(draft)
      await rename(draft, file)
      await flush(dirname(file))
    } else await pipeline(archive, counted, process.stdout, { end: false, ...(signal ? { signal } : {}) })
  } catch (error) {
    forget()
    throw asSentence(error, file)
  } finally {
    process.off('exit', forget)
  }
  if (!manifest) throw new Error('the archive ended without its manifest')
  return { file, bytes, manifest }
}

function asSentence(error: unknown, file: string): unknown {
  if (error instanceof Sentence) return error
  const { name, code } = error as NodeJS.ErrnoException
  if (name === 'AbortError') return new Sentence('Stopped. No backup was made.', { cause: error })
  if (error instanceof TarProblem)
    return new Sentence(`A file changed while it was read: ${error.message}. No backup was made; try again.`, {
      cause: error,
    })
  if (code === 'EPIPE') return new Sentence('Nobody reads the backup any more. None was made.', { cause: error })
  if (code && /^E[A-Z]+$/.test(code))
    return new Sentence(
      `The backup ${basename(file)} could not be made: ${diskReason(error)}. Nothing is left of it.`,
      {
        cause: error,
      },
    )
  return error
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
