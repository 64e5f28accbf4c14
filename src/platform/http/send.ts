import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { Context } from 'hono'
import { type ByteRange, FileMissing, type Storage } from '../storage/index.ts'
import { isOpen, pour, write } from './pour.ts'
import { askedRange, matches } from './range.rules.ts'

/** A piece of what is sent: bytes at hand, or a stored file. */
export type Piece = Buffer | { key: string; size: number }

export type Sending = {
  pieces: Piece[]
  type: string
  /** Names the content: the same tag, the same bytes. */
  etag: string
  cache: 'immutable' | 'private' | 'revalidate'
  /** Name under which a browser saves it; without one it is shown or played. */
  fileName?: string
}

const CACHE = {
  immutable: 'public, max-age=31536000, immutable',
  private: 'private, max-age=3600',
  revalidate: 'no-cache',
}

/**
 * Sends stored files, whole or in part: Range, If-Range, If-None-Match, HEAD, 206, 304 and 416 as in RFC 9110. Streamed, never whole in memory. Where a web
 * server stands in front (`accelPrefix`), a single file on our disk is handed to it.
 */
export async function send(
  c: Context,
  storage: Storage,
  what: Sending,
  accelPrefix: string | null = null,
): Promise<Response> {
  const headers: Record<string, string> = {
    'Accept-Ranges': 'bytes',
    'Cache-Control': CACHE[what.cache],
    'Content-Type': what.type,
    ETag: what.etag,
    ...(what.fileName ? { 'Content-Disposition': disposition(what.fileName) } : {}),
  }
  if (matches(c.req.header('if-none-match'), what.etag)) return c.body(null, 304, headers)

  const only = what.pieces.length === 1 ? what.pieces[0] : undefined
  if (accelPrefix && only && !Buffer.isBuffer(only) && storage.localPath(only.key))
    return c.body(null, 200, { ...headers, 'X-Accel-Redirect': accelPrefix + only.key })

  const size = what.pieces.reduce((sum, piece) => sum + sizeOf(piece), 0)
  const ifRange = c.req.header('if-range')
  const asked = askedRange(ifRange && ifRange !== what.etag ? undefined : c.req.header('range'), size)
  if (asked.kind === 'unsatisfiable') return c.body(null, 416, { ...headers, 'Content-Range': `bytes */${size}` })

  const range = asked.kind === 'part' ? asked.range : { start: 0, end: size - 1 }
  const status = asked.kind === 'part' ? 206 : 200
  headers['Content-Length'] = String(range.end - range.start + 1)
  if (status === 206) headers['Content-Range'] = `bytes ${range.start}-${range.end}/${size}`
  if (c.req.method === 'HEAD') return headAnswer(c, status, headers)

  const parts = partsOf(what.pieces, range)
  const first = await openFirst(storage, parts)
  if (first === 'missing') return c.notFound()
  const { outgoing } = (c.env ?? {}) as { outgoing?: ServerResponse }
  if (!outgoing)
    return c.body(Readable.toWeb(Readable.from(inOrder(storage, parts, first))) as ReadableStream, status, headers)
  // Written straight to the socket: the detour through web streams costs more than reading the file.
  for (const [name, value] of c.res.headers) outgoing.setHeader(name, value)
  outgoing.writeHead(status, headers)
  void writeAll(storage, parts, first, outgoing)
  return alreadySent()
}

/**
 * Tells Hono's Node adapter to leave the answer alone. Its own RESPONSE_ALREADY_SENT (2.1.8) is one of its light responses, which it sends without
 * looking at this header; one whose body was asked for is a real one.
 */
function alreadySent(): Response {
  const answer = new Response(null, { headers: { 'x-hono-already-sent': 'true' } })
  void answer.body
  return answer
}

/** A HEAD answer has a length and no body, which a Response cannot say by itself. */
function headAnswer(c: Context, status: 200 | 206, headers: Record<string, string>): Response {
  const { outgoing } = (c.env ?? {}) as { outgoing?: ServerResponse }
  if (!outgoing) return c.body(null, status, headers)
  outgoing.writeHead(status, headers)
  outgoing.end()
  return alreadySent()
}

/**
 * Makes sure that every file that is wanted exists: an archive leaves complete or not at all. A single file of a store elsewhere is opened
 * at once, which saves asking for it twice.
 */
async function openFirst(storage: Storage, parts: Part[]): Promise<Readable | null | 'missing'> {
  const [part] = parts
  try {
    if (part && parts.length === 1 && !Buffer.isBuffer(part.piece) && !storage.localPath(part.piece.key))
      return await storage.open(part.piece.key, part.range)
    const found = await Promise.all(parts.map(({ piece }) => Buffer.isBuffer(piece) || isThere(storage, piece.key)))
    return found.every(Boolean) ? null : 'missing'
  } catch (error) {
    if (error instanceof FileMissing) return 'missing'
    throw error
  }
}

async function isThere(storage: Storage, key: string): Promise<boolean> {
  const path = storage.localPath(key)
  return (path !== null && isOpen(path)) || (await storage.stat(key)) !== null
}

/** A file that ends too early, or somebody who leaves, breaks the connection off: an answer that looks whole and is not would be believed. */
async function writeAll(
  storage: Storage,
  parts: Part[],
  first: Readable | null,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    for (const { piece, range } of parts) {
      const path = Buffer.isBuffer(piece) ? null : storage.localPath(piece.key)
      if (path) await pour(path, range, outgoing)
      else for await (const chunk of inOrder(storage, [{ piece, range }], first)) await write(outgoing, chunk)
    }
    outgoing.end()
  } catch {
    outgoing.destroy()
  }
}

type Part = { piece: Piece; range: ByteRange }

function partsOf(pieces: Piece[], { start, end }: ByteRange): Part[] {
  const parts: Part[] = []
  let at = 0
  for (const piece of pieces) {
    const size = sizeOf(piece)
    const from = Math.max(start - at, 0)
    const to = Math.min(end - at, size - 1)
    if (from <= to) parts.push({ piece, range: { start: from, end: to } })
    at += size
  }
  return parts
}

async function* inOrder(storage: Storage, parts: Part[], first: Readable | null): AsyncGenerator<Buffer> {
  for (const { piece, range } of parts) {
    if (Buffer.isBuffer(piece)) yield piece.subarray(range.start, range.end + 1)
    else yield* (first ?? (await storage.open(piece.key, range))) as AsyncIterable<Buffer>
  }
}

const sizeOf = (piece: Piece) => (Buffer.isBuffer(piece) ? piece.length : piece.size)

/** RFC 6266: a plain name for old clients, the true one in UTF-8 for all others. */
function disposition(fileName: string): string {
  const plain = fileName
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '')
    .replace(/["\\%]/g, '_')
  return `attachment; filename="${plain || 'download'}"; filename*=UTF-8''${encodeURIComponent(fileName).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)}`
}
