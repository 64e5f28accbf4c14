import { createWriteStream } from 'node:fs'
import { rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { newToken } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { boundaryOf, isBrokenConnection, MultipartCut, type Part, readMultipart } from '../../audio/index.ts'
import type { Posted } from '../../identity/index.ts'
import { type FileKind, type FileProblem, MOST_OF, mostOfForm } from './files.rules.ts'

/** A file of ours with what came: whoever receives it removes it, or takes it over. */
export type ReceivedFile = { path: string; name: string; size: number }
export type ReceivedEntry = {
  form: Posted
  file: ReceivedFile | null
  /** The captions that came with it, as they were sent. */
  captions: string | null
  problem: FileProblem | null
}

/** All texts of a form together with their names, and captions, in bytes. */
const MOST_TEXT = 100_000
const MOST_CAPTIONS = 2_000_000
const MOST_PARTS = 50
/** What a text costs however short it is. */
const PART_BYTES = 64
/** Kept free on the disk: a database that cannot write loses more than an entry that is not taken. */
const SPARE_BYTES = 1_000_000_000
const LOOK_EVERY = 64_000_000

export type Receiving = {
  kind: FileKind
  /** False where the contest has no room left for a file: the texts are read all the same. */
  mayKeep?: boolean
  /** Free bytes of the disk, asked before the first byte of the file and every 64 MB. */
  freeBytes?: () => Promise<number>
}

/**
 * Reads the form of an entry that is a file, writing the file (`file`) to the disk as it comes: memory does not depend on its size. What is wrong with the file is
 * told beside the texts, so that nothing that was typed is lost. No form is read past {@link mostOfForm}, whether or not it announced its length.
 */
export async function receiveEntry(
  request: Request,
  { paths }: Pick<Platform, 'paths'>,
  { kind, mayKeep = true, freeBytes = () => freeIn(paths.work) }: Receiving,
): Promise<ReceivedEntry> {
  const texts = new Map<string, string[]>()
  const received: ReceivedEntry = { form: posted(texts), file: null, captions: null, problem: null }
  const boundary = boundaryOf(request.headers.get('content-type') ?? undefined)
  if (!boundary || !request.body) return received
  const most = MOST_OF[kind].megabytes * 1_000_000
  const announced = Number(request.headers.get('content-length') ?? most)
  let left = MOST_TEXT
  let parts = 0
  try {
    for await (const part of readMultipart(upTo(request.body, mostOfForm(kind)), boundary)) {
      if (++parts > MOST_PARTS) throw new Refused('too-large')
      if (part.fileName === null) {
        left -= Buffer.byteLength(part.name) + PART_BYTES
        if (left < 0) throw new Refused('too-large')
        const text = await textOf(part, left)
        left -= text.length
        const value = text.toString('utf8').replaceAll('\r\n', '\n').trim()
        const others = texts.get(part.name)
        if (others) others.push(value)
        else texts.set(part.name, [value])
      } else if (part.name === 'captions' && part.fileName)
        received.captions = (await textOf(part, MOST_CAPTIONS)).toString('utf8')
      else if (part.name === 'file' && part.fileName && !received.file)
        if (mayKeep && (await freeBytes()) > announced + SPARE_BYTES)
          await keep(received, part, { path: join(paths.work, `entry-${newToken(9)}`), most, freeBytes })
        else received.problem = 'no-room'
    }
  } catch (error) {
    const problem = problemFrom(error)
    received.problem ??= problem
    if (!problem) {
      await drop(received)
      throw error
    }
  }
  if (received.problem) await drop(received)
  return received
}

class Refused extends Error {
  readonly problem: FileProblem
  constructor(problem: FileProblem) {
    super(problem)
    this.problem = problem
  }
}

function problemFrom(error: unknown): FileProblem | null {
  if (error instanceof Refused) return error.problem
  if (error instanceof MultipartCut || isBrokenConnection(error)) return 'cut'
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'no-room' : null
}

async function drop(received: ReceivedEntry): Promise<void> {
  if (received.file) await rm(received.file.path, { force: true })
  received.file = null
}

async function* upTo(body: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const piece of body) {
    size += piece.length
    if (size > most) throw new Refused('too-large')
    yield piece
  }
}

async function keep(
  received: ReceivedEntry,
  part: Part,
  { path, most, freeBytes }: { path: string; most: number; freeBytes: () => Promise<number> },
): Promise<void> {
  let size = 0
  let looked = 0
  const measured = async function* () {
    for await (const piece of part.body) {
      size += piece.length
      if (size - looked >= LOOK_EVERY) {
        looked = size
        if ((await freeBytes()) < SPARE_BYTES) throw new Refused('no-room')
      }
      // A little too much is read to its end, so that what was typed after it arrives.
      if (size <= most) yield piece
    }
  }
  try {
    await pipeline(Readable.from(measured(), { objectMode: false }), createWriteStream(path, { mode: 0o600 }))
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
  received.file = { path, name: part.fileName ?? '', size }
  if (size > most) received.problem = 'too-large'
}

async function textOf({ body }: Part, most: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of body) {
    size += piece.length
    if (size > most) throw new Refused('too-large')
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

async function freeIn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

const posted = (texts: Map<string, string[]>): Posted => ({
  texts: (name) => texts.get(name) ?? [],
  text: (name) => texts.get(name)?.[0] ?? '',
  file: () => null,
  has: (name) => texts.has(name),
})
