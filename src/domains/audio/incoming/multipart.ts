export type Part = {
  name: string
  /** Null for a plain field. Holds the folders when a whole folder was chosen. */
  fileName: string | null
  /** The bytes as they come. What is not read is skipped when the next part is asked for. */
  body: AsyncIterable<Buffer>
}

/** The body ended before its last boundary: the sender stopped, or the form is damaged. */
export class MultipartCut extends Error {
  override name = 'MultipartCut'
}

/** Whether a body could not be read because its sender is gone. */
export const isBrokenConnection = (error: unknown): boolean =>
  ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'].includes((error as NodeJS.ErrnoException).code ?? '')

const MAX_HEAD_BYTES = 16_384
const LINE = Buffer.from('\r\n')

/** The boundary that a `Content-Type` names, or null when it is no form with files. */
export function boundaryOf(contentType: string | undefined): string | null {
  const [, quoted, bare] =
    /^multipart\/form-data\b.*?;\s*boundary=(?:"([^"]{1,70})"|([^;\s]{1,70}))/i.exec(contentType ?? '') ?? []
  return quoted ?? bare ?? null
}

/** Reads a form with files (RFC 7578) part after part, holding one piece of it at a time, whatever the files weigh. */
export async function* readMultipart(source: AsyncIterable<Uint8Array>, boundary: string): AsyncGenerator<Part> {
  const input = source[Symbol.asyncIterator]()
  const delimiter = Buffer.from(`\r\n--${boundary}`)
  // The first boundary has no line end before it.
  let held: Buffer = LINE
  let open = true

  async function more(): Promise<void> {
    const { done, value } = await input.next()
    if (done) throw new MultipartCut('The form ended in the middle')
    held = held.length > 0 ? Buffer.concat([held, value]) : Buffer.from(value)
  }
  async function* untilBoundary(): AsyncGenerator<Buffer> {
    while (open) {
      const at = held.indexOf(delimiter)
      const safe = at >= 0 ? at : Math.max(0, held.length - delimiter.length + 1)
      const piece = held.subarray(0, safe)
      held = held.subarray(at >= 0 ? at + delimiter.length : safe)
      if (at >= 0) open = false
      if (piece.length > 0) yield piece
      if (at < 0) await more()
    }
  }
  const skip = async () => {
    for await (const _ of untilBoundary());
  }
  async function head(): Promise<string> {
    for (;;) {
      const end = held.indexOf('\r\n\r\n')
      if (end >= 0) {
        const text = held.toString('utf8', 0, end)
        held = held.subarray(end + 4)
        return text
      }
      if (held.length > MAX_HEAD_BYTES) throw new MultipartCut('The head of a part is too long')
      await more()
    }
  }

  await skip()
  for (;;) {
    while (held.length < 2) await more()
    if (held.subarray(0, 2).toString() === '--') return
    const text = await head()
    open = true
    yield { name: parameter(text, 'name') ?? '', fileName: parameter(text, 'filename'), body: untilBoundary() }
    await skip()
  }
}

/** Browsers write `"`, CR and LF of a name as %22, %0D and %0A (the HTML standard's form encoding). */
function parameter(head: string, name: string): string | null {
  const [, found] = new RegExp(`^content-disposition:.*?;\\s*${name}="((?:[^"\\\\]|\\\\.)*)"`, 'im').exec(head) ?? []
  return found === undefined
    ? null
    : found
        .replace(/%22/g, '"')
        .replace(/%0[DA]/gi, ' ')
        .replace(/\\(["\\])/g, '$1')
}
