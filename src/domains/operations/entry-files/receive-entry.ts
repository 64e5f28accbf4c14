import { createWriteStream } from 'node:fs'
import { rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { newToken } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { boundaryOf, MultipartCut, type Part, readMultipart } from '../../audio/index.ts'
import type { Posted } from '../../identity/index.ts'
import { type FileKind, type FileProblem, MOST_OF } from './files.rules.ts'

/** A file of ours with what came: whoever receives it removes it, or takes it over. */
export type ReceivedFile = { path: string; name: string; size: number }
export type ReceivedEntry = {
  form: Posted
  file: ReceivedFile | null
  /** The captions that came with it, as they were sent. */
  captions: string | null
  problem: FileProblem | null
}

/** All texts of a form together, and captions, in bytes. */
const MOST_TEXT = 100_000
const MOST_CAPTIONS = 2_000_000
const SLACK = 5_000_000
/** Kept free on the disk: a database that cannot write loses more than an entry that is not taken. */
const SPARE_BYTES = 1_000_000_000

/**
 * Reads the form of an entry that is a file, writing the file (`file`) to the disk as it comes: memory does not depend on its size. What is wrong with the file is
 * told beside the texts, so that nothing that was typed is lost.
 */
export async function receiveEntry(
  request: Request,
  { paths }: Pick<Platform, 'paths'>,
  kind: FileKind,
): Promise<ReceivedEntry> {
  const texts = new Map<string, string[]>()
  const received: ReceivedEntry = { form: posted(texts), file: null, captions: null, problem: null }
  const boundary = boundaryOf(request.headers.get('content-type') ?? undefined)
  if (!boundary || !request.body) return received
  const most = MOST_OF[kind].megabytes * 1_000_000
  const { bavail, bsize } = await statfs(paths.work)
  const hasRoom = bavail * bsize > Number(request.headers.get('content-length') ?? most) + SPARE_BYTES
  let left = MOST_TEXT
  try {
    for await (const part of readMultipart(request.body, boundary)) {
      if (part.fileName === null) {
        const text = await textOf(part, left)
        left -= text.length
        texts.set(part.name, [...(texts.get(part.name) ?? []), text.replaceAll('\r\n', '\n').trim()])
      } else if (part.name === 'captions' && part.fileName) received.captions = await textOf(part, MOST_CAPTIONS)
      else if (part.name === 'file' && part.fileName && !received.file)
        if (hasRoom) await keep(received, part, { paths, most })
        else received.problem = 'no-room'
    }
  } catch (error) {
    if (!(error instanceof MultipartCut || error instanceof TooMuch)) throw error
    received.problem ??= error instanceof TooMuch ? 'too-large' : 'cut'
  }
  if (received.problem && received.file) {
    await rm(received.file.path, { force: true })
    received.file = null
  }
  return received
}

class TooMuch extends Error {}

async function keep(
  received: ReceivedEntry,
  part: Part,
  { paths, most }: Pick<Platform, 'paths'> & { most: number },
): Promise<void> {
  const path = join(paths.work, `entry-${newToken(9)}`)
  let size = 0
  const measured = async function* () {
    for await (const piece of part.body) {
      size += piece.length
      // A little too much is read to its end, so that what was typed after it arrives.
      if (size > most + SLACK) throw new TooMuch()
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

async function textOf({ body }: Part, most: number): Promise<string> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of body) {
    size += piece.length
    if (size > most) throw new TooMuch()
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

const posted = (texts: Map<string, string[]>): Posted => ({
  texts: (name) => texts.get(name) ?? [],
  text: (name) => texts.get(name)?.[0] ?? '',
  file: () => null,
  has: (name) => texts.has(name),
})
