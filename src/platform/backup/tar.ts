/**
 * Tar archives in the POSIX.1-2001 format (ustar headers, pax records for what they cannot hold), as any `tar` reads and writes them.
 * Both ways stream: an entry is never held whole.
 */

export type TarEntry = { name: string; size: number; modifiedAt?: Date; mode?: number }
export type TarContent = TarEntry & { body: AsyncIterable<Buffer> }

const BLOCK = 512
const USTAR_NAME = 100
const USTAR_SIZE = 0o77777777777

export class TarProblem extends Error {
  override name = 'TarProblem'
}

/** One entry: header, content, padding. Throws when the content has not the size that was told. */
export async function* tarEntry(
  entry: TarEntry,
  body: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<Buffer, void> {
  const records: string[] = []
  if (Buffer.byteLength(entry.name) > USTAR_NAME || !isAscii(entry.name)) records.push(paxRecord('path', entry.name))
  if (entry.size > USTAR_SIZE) records.push(paxRecord('size', String(entry.size)))
  if (records.length) {
    const pax = Buffer.from(records.join(''))
    yield header({ ...entry, name: 'pax', size: pax.length }, 'x')
    yield padded(pax)
  }
  yield header(entry, '0')
  let written = 0
  for await (const chunk of body) {
    written += chunk.length
    if (written > entry.size) break
    yield chunk
  }
  if (written !== entry.size)
    throw new TarProblem(`${entry.name} should have ${entry.size} bytes and has ${written} or more`)
  const rest = written % BLOCK
  if (rest) yield Buffer.alloc(BLOCK - rest)
}

/** What ends an archive. */
export const tarEnd = (): Buffer => Buffer.alloc(2 * BLOCK)

/**
 * The files of an archive, in order. The body of one is read, in whole or in part, before the next is asked for; folders and links are passed over.
 * Throws a {@link TarProblem} when it is no archive or ends early.
 */
export async function* readTar(source: AsyncIterable<Buffer>): AsyncGenerator<TarContent, void> {
  const reader = byteReader(source)
  let pax: Record<string, string> = {}
  let longName: string | null = null
  for (;;) {
    const block = await reader.take(BLOCK)
    if (block.every((byte) => byte === 0)) return
    const { name, size: plainSize, type, modifiedAt } = parseHeader(block)
    const size = pax['size'] ? Number(pax['size']) : plainSize
    const padding = (BLOCK - (size % BLOCK)) % BLOCK
    if (type === 'x' || type === 'g' || type === 'L') {
      if (size > 1024 * 1024) throw new TarProblem('a header is too long')
      const text = (await reader.take(size + padding)).subarray(0, size).toString()
      if (type === 'x') pax = parsePax(text)
      else if (type === 'L') longName = text.replace(/\0+$/, '')
      continue
    }
    const content = reader.content(size)
    const isFile = type === '0' || type === '\0' || type === '7'
    const at = (pax['path'] ?? longName ?? name).replace(/^\.\//, '')
    if (isFile) yield { name: at, size, modifiedAt, body: content.read() }
    await content.skip()
    await reader.take(padding)
    pax = {}
    longName = null
  }
}

function header(entry: TarEntry, type: '0' | 'x'): Buffer {
  const block = Buffer.alloc(BLOCK)
  const octal = (value: number, at: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1')
  block.write(isAscii(entry.name) ? entry.name.slice(0, USTAR_NAME) : 'see-pax-path', 0, 'latin1')
  octal(entry.mode ?? 0o600, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(Math.min(entry.size, USTAR_SIZE), 124, 12)
  octal(Math.max(0, Math.floor((entry.modifiedAt ?? new Date()).getTime() / 1000)), 136, 12)
  block.write('        ', 148, 'latin1')
  block.write(type, 156, 'latin1')
  block.write('ustar\x0000', 257, 'latin1')
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return block
}

function parseHeader(block: Buffer): { name: string; size: number; type: string; modifiedAt: Date } {
  const stored = readNumber(block.subarray(148, 156))
  let sum = 8 * 0x20
  for (const [i, byte] of block.entries()) if (i < 148 || i >= 156) sum += byte
  if (sum !== stored) throw new TarProblem('a header is not one of a tar archive')
  const text = (from: number, to: number) => block.toString('utf8', from, to).replace(/\0.*$/s, '')
  const prefix = text(257, 262) === 'ustar' ? text(345, 500) : ''
  const name = text(0, 100)
  return {
    name: prefix ? `${prefix}/${name}` : name,
    size: readNumber(block.subarray(124, 136)),
    type: String.fromCharCode(block[156] ?? 0),
    modifiedAt: new Date(readNumber(block.subarray(136, 148)) * 1000),
  }
}

/** Octal text, or GNU tar's binary for numbers past eight gigabytes. */
function readNumber(field: Buffer): number {
  if ((field[0] ?? 0) & 0x80) return Number(BigInt(`0x${field.subarray(1).toString('hex')}`))
  const text = field.toString('latin1').replace(/[\0 ]+/g, '')
  const value = text === '' ? 0 : Number.parseInt(text, 8)
  if (!Number.isSafeInteger(value)) throw new TarProblem('a header is not one of a tar archive')
  return value
}

/** `LENGTH KEY=VALUE\n`, where LENGTH counts itself. */
function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`)
  let length = rest + String(rest).length
  if (rest + String(length).length !== length) length = rest + String(length).length
  return `${length} ${key}=${value}\n`
}

function parsePax(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at)
    const length = Number(bytes.toString('latin1', at, space))
    if (space < 0 || !(length > 0)) throw new TarProblem('a header is not one of a tar archive')
    const [, key, value] = /^([^=]+)=(.*)\n$/s.exec(bytes.toString('utf8', space + 1, at + length)) ?? []
    if (key) found[key] = value ?? ''
    at += length
  }
  return found
}

function padded(content: Buffer): Buffer {
  const rest = content.length % BLOCK
  return rest ? Buffer.concat([content, Buffer.alloc(BLOCK - rest)]) : content
}

const isAscii = (text: string) => /^[\x20-\x7e]*$/.test(text)

/** Reads a stream of chunks by counts of bytes. */
function byteReader(source: AsyncIterable<Buffer>) {
  const chunks = source[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  const more = async (): Promise<void> => {
    const next = await chunks.next()
    if (next.done) throw new TarProblem('it ends too early')
    held = held.length ? Buffer.concat([held, next.value]) : next.value
  }
  return {
    async take(count: number): Promise<Buffer> {
      while (held.length < count) await more()
      const taken = held.subarray(0, count)
      held = held.subarray(count)
      return taken
    },
    content(size: number) {
      let left = size
      const next = async (): Promise<Buffer> => {
        if (!held.length) await more()
        const part = held.subarray(0, left)
        held = held.subarray(part.length)
        left -= part.length
        return part
      }
      return {
        async *read(): AsyncGenerator<Buffer, void> {
          while (left > 0) yield await next()
        },
        async skip(): Promise<void> {
          while (left > 0) await next()
        },
      }
    },
  }
}
