import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { diskReason } from '../data-dir.ts'
import { Sentence } from '../sentence.ts'
import { unwrap } from './envelope.ts'
import { JOBS, MANIFEST, type Manifest, parseManifest, SECRET_KEY, SUMS } from './manifest.ts'
import { readTar, type TarContent, TarProblem } from './tar.ts'
import { parseJobs, type WaitingJob } from './waiting-jobs.ts'

export type CheckedArchive = { manifest: Manifest; jobs: WaitingJob[]; secretKey: string | null }

/** Small enough to be kept while the archive is read through. */
const KEPT = [MANIFEST, SUMS, JOBS, SECRET_KEY]

/**
 * Reads an archive through, from its first byte to its last, and compares every entry with its SHA-256. Throws a {@link Sentence} when it is not a backup,
 * not whole, altered, or encrypted by another passphrase.
 */
export const checkArchive = (file: string, passphrase: string | null): Promise<CheckedArchive> =>
  readThrough(file, passphrase).catch((error) => {
    throw readingProblem(error, file)
  })

async function readThrough(file: string, passphrase: string | null): Promise<CheckedArchive> {
  const found = new Map<string, string>()
  const kept = new Map<string, Buffer>()
  for await (const { name, body } of entriesOf(file, passphrase)) {
    const hash = createHash('sha256')
    if (KEPT.includes(name)) {
      const content = await buffer(body)
      kept.set(name, content)
      hash.update(content)
    } else for await (const chunk of body) hash.update(chunk)
    found.set(name, hash.digest('hex'))
  }
  const text = (name: string) => kept.get(name)?.toString() ?? null
  const sums = text(SUMS)
  if (sums === null || !kept.has(MANIFEST)) {
    if (found.size && [...found.keys()].some((name) => name.startsWith('rows/')))
      throw new Sentence(`The backup ${file} is not whole: its end is missing. Nothing was changed.`)
    throw new Sentence(`${file} is not a backup of Ritornello. Nothing was changed.`)
  }
  const manifest = parseManifest(text(MANIFEST) ?? '')
  const listed = new Map(
    sums
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  )
  found.delete(SUMS)
  for (const [name, sum] of listed)
    if (found.get(name) !== sum)
      throw new Sentence(
        `The backup ${file} is damaged: ${name} ${found.has(name) ? 'was altered' : 'is missing'}. Nothing was changed.`,
      )
  const stranger = [...found.keys()].find((name) => !listed.has(name))
  if (stranger)
    throw new Sentence(`The backup ${file} was altered: ${stranger} does not belong to it. Nothing was changed.`)
  for (const part of manifest.tables.flatMap((table) => table.parts))
    if (!found.has(part)) throw new Sentence(`The backup ${file} is damaged: ${part} is missing. Nothing was changed.`)
  return {
    manifest,
    jobs: parseJobs(text(JOBS) ?? '[]'),
    secretKey: text(SECRET_KEY)?.trim() ?? null,
  }
}

/** The entries of an archive, whatever is around it. What goes wrong is said by {@link readingProblem}. */
export async function* entriesOf(file: string, passphrase: string | null): AsyncGenerator<TarContent, void> {
  const bytes = createReadStream(file, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>
  yield* readTar(await unwrap(bytes, passphrase))
}

/** A failure to read an archive as a sentence, when it is one of the archive. */
export function readingProblem(error: unknown, file: string): unknown {
  if (error instanceof Sentence) return error
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return new Sentence(`There is no file ${file}.`, { cause: error })
  if (code === 'EISDIR') return new Sentence(`${file} is a folder, not a backup.`, { cause: error })
  if (error instanceof TarProblem)
    return new Sentence(`${file} is not a whole backup of Ritornello: ${error.message}. Nothing was changed.`, {
      cause: error,
    })
  if (code && /^(Z_|ZSTD_|ERR__?ZSTD|ERR_ZLIB)/.test(code))
    return new Sentence(`The backup ${file} is damaged: it cannot be decompressed. Nothing was changed.`, {
      cause: error,
    })
  if (code && /^E[A-Z]+$/.test(code))
    return new Sentence(`${file} cannot be read: ${diskReason(error)}.`, { cause: error })
  return error
}
