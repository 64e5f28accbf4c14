import type { FileHandle } from 'node:fs/promises'
import type { parseFromTokenizer } from 'music-metadata'
import { type Patch, patch } from './rf64.ts'
import { tooManyPieces } from './tag-pieces.rules.ts'

type Tokenizer = Parameters<typeof parseFromTokenizer>[0]
type Token<T> = { len: number; get(bytes: Uint8Array, offset: number): T }
type ReadOptions = { length?: number; position?: number; mayBeLess?: boolean }

/** Nothing in honest tags is larger; a length announced beyond it would be allocated at once. */
const MAX_READ_BYTES = 32_000_000
const LARGE_BYTES = 500_000
/** Reading headers and jumping over the sound takes milliseconds; a file built to send the reader round takes for ever. */
const MAX_MS = 5_000

/** What the tag reader threw because the file ended, as its own tokenizers do. */
class EndOfFile extends Error {
  override name = 'EndOfStreamError'
}

/** Gives the tag reader a file by small pieces, patched, within limits of size and time. The handle stays the caller's. */
export function boundedFile(file: FileHandle, size: number, patches: Patch[] = []): Tokenizer {
  const deadline = Date.now() + MAX_MS
  let position = 0
  let exceeded: Error | null = null

  // Once over a limit, over for good: the tag reader would otherwise go on and search the whole file for sound.
  function check(length: number): void {
    if (length > MAX_READ_BYTES) exceeded ??= new Error(`tags announce ${length} bytes in one piece`)
    if (Date.now() > deadline) exceeded ??= new Error('the tags take too long to read')
    if (exceeded) throw exceeded
  }

  async function read(target: Uint8Array, from: number, { length = target.length, mayBeLess }: ReadOptions) {
    check(length)
    let done = 0
    while (done < length) {
      const { bytesRead } = await file.read(target, done, length - done, from + done)
      if (bytesRead === 0) break
      done += bytesRead
    }
    patch(target, from, done, patches)
    if (done < length && !mayBeLess) throw new EndOfFile('End-Of-Stream')
    return done
  }

  async function token<T>(wanted: Token<T>, from: number): Promise<T> {
    check(wanted.len)
    if (from + wanted.len > size) throw new EndOfFile('End-Of-Stream')
    const bytes = new Uint8Array(wanted.len)
    await read(bytes, from, {})
    if (wanted.len > LARGE_BYTES && tooManyPieces(bytes, await before(from))) check(Number.POSITIVE_INFINITY)
    return wanted.get(bytes, 0)
  }

  async function before(from: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(10)
    if (from >= bytes.length) await read(bytes, from - bytes.length, {})
    return bytes
  }

  const tokenizer = {
    fileInfo: { size } as { size: number; path?: string },
    get position() {
      return position
    },
    setPosition(to: number) {
      position = to
    },
    peekBuffer: (target: Uint8Array, options: ReadOptions = {}) => read(target, options.position ?? position, options),
    async readBuffer(target: Uint8Array, options: ReadOptions = {}) {
      const from = options.position ?? position
      const done = await read(target, from, options)
      position = from + done
      return done
    },
    peekToken: <T>(wanted: Token<T>, from?: number | null) => token(wanted, from ?? position),
    async readToken<T>(wanted: Token<T>, from: number = position) {
      const value = await token(wanted, from)
      position = from + wanted.len
      return value
    },
    peekNumber: (wanted: Token<number>) => token(wanted, position),
    readNumber: (wanted: Token<number>): Promise<number> => tokenizer.readToken(wanted),
    async ignore(length: number) {
      if (length < 0) throw new RangeError('ignore length must be positive')
      const skipped = Math.min(length, Math.max(0, size - position))
      position += skipped
      return skipped
    },
    supportsRandomAccess: () => true,
    close: () => Promise.resolve(),
    abort: () => Promise.resolve(),
  }
  return tokenizer
}
