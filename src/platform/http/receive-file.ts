import { open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { newToken } from '../ids.ts'
import { fail, ok, type Result } from '../result.ts'

export type Received = { path: string; name: string; size: number }

const CRLF = Buffer.from('\r\n')
const HEADER_END = Buffer.from('\r\n\r\n')
const MAX_HEADER = 16_384
/** What stays free on the disk: the database stops for everybody when it finds none. */
const SPARE_BYTES = 1_000_000_000
const LOOK_EVERY = 64_000_000

export type NotReceived = 'none' | 'too-large' | 'no-room'

/**
 * Writes the first file of a posted form (multipart/form-data, RFC 7578) to a file of its own in `dir`, as it arrives: memory does not
 * depend on its size. Other fields are passed over. The caller removes the file, or adopts it. `freeBytes` is asked before the first byte
 * and every 64 MB.
 */
export async function receiveFile(
  request: Request,
  dir: string,
  maxBytes: number,
  freeBytes: () => Promise<number> = () => freeIn(dir),
): Promise<Result<Received, NotReceived>> {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(request.headers.get('content-type') ?? '')
  if (!request.body || !boundary) return fail('none')
  const announced = Number(request.headers.get('content-length') ?? 0)
  if (announced > maxBytes + 100_000) return fail('too-large')
  if ((await freeBytes()) < SPARE_BYTES + announced) return fail('no-room')
  const delimiter = Buffer.from(`\r\n--${boundary[1] ?? boundary[2]}`)
  const take = taker(request.body)
  if (!(await take(delimiter, ignore))) return fail('none')
  for (;;) {
    const header: Buffer[] = []
    let length = 0
    const whole = await take(HEADER_END, (chunk) => {
      length += chunk.length
      if (length <= MAX_HEADER) header.push(Buffer.from(chunk))
    })
    if (!whole || length > MAX_HEADER) return fail('none')
    const name = fileNameIn(Buffer.concat(header).toString('utf8'))
    if (name) return keep(take, delimiter, { dir, name, maxBytes, freeBytes })
    if (!(await take(delimiter, ignore))) return fail('none')
  }
}

const STOP = Symbol('stop')
type Sink = (chunk: Buffer) => unknown
type Take = (until: Buffer, sink: Sink) => Promise<boolean>
const ignore: Sink = () => undefined

async function keep(
  take: Take,
  delimiter: Buffer,
  { dir, name, maxBytes, freeBytes }: { dir: string; name: string; maxBytes: number; freeBytes: () => Promise<number> },
): Promise<Result<Received, NotReceived>> {
  const path = join(dir, `form-${newToken(9)}`)
  const file = await open(path, 'wx', 0o600)
  let size = 0
  let looked = 0
  let full = false
  let kept = false
  try {
    const whole = await take(delimiter, async (chunk) => {
      size += chunk.length
      if (size - looked >= LOOK_EVERY) {
        looked = size
        full = (await freeBytes()) < SPARE_BYTES
      }
      if (full) return STOP
      if (size <= maxBytes) await file.write(chunk)
    })
    if (full) return fail('no-room')
    kept = whole && size <= maxBytes
    return kept ? ok({ path, name, size }) : fail(whole ? 'too-large' : 'none')
  } finally {
    await file.close()
    if (!kept) await rm(path, { force: true })
  }
}

async function freeIn(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir)
  return bavail * bsize
}

/** Hands on what comes before a mark, keeping back only what may be the beginning of that mark. A sink may say {@link STOP}. */
function taker(body: ReadableStream<Uint8Array>): Take {
  const source = body[Symbol.asyncIterator]()
  // The first boundary has no line end before it.
  let held = Buffer.from(CRLF)
  return async (until, sink) => {
    for (;;) {
      const at = held.indexOf(until)
      if (at >= 0) {
        await sink(held.subarray(0, at))
        held = held.subarray(at + until.length)
        return true
      }
      const safe = held.length - until.length + 1
      if (safe > 0) {
        if ((await sink(held.subarray(0, safe))) === STOP) return false
        held = held.subarray(safe)
      }
      const next = await source.next()
      if (next.done) return false
      held = Buffer.concat([held, next.value])
    }
  }
}

/** The name of a part that is a file; null for other parts and for a file field left empty. */
function fileNameIn(header: string): string | null {
  const disposition = /^content-disposition:.*$/im.exec(header)?.[0] ?? ''
  const name = /;\s*filename="((?:[^"\\]|\\.)*)"/i.exec(disposition)?.[1]
  return (
    name
      ?.replace(/\\(.)/g, '$1')
      .replace(/%22/g, '"')
      .replace(/%0[AD]/gi, ' ') || null
  )
}
