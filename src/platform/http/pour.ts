import { close, open, read } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import type { ByteRange } from '../storage/index.ts'

/**
 * Bytes read and written at once: the size, from 64 kB to 1 MB, that sent most. Buffers are used again, because fresh memory for each read
 * costs more than the read: twice the bytes per second of processor time of a plain stream (`npm run bench -- audio`).
 */
const CHUNK = 256 * 1024
/** Buffers kept for the next answer: 16 MiB. More are made when more is sent at once, and given back. */
const KEPT_BUFFERS = 64
/** How long a file stays open after its last reader: a player comes back for the next range. */
const IDLE_MS = 5_000

const openFile = promisify(open)
const buffers: Buffer[] = []

/** Raised when the other side has gone, or the file has become shorter than it was. */
export class BrokenOff extends Error {}

/** Writes a range of a local file to an answer, at the pace of whoever takes it. Two buffers: one is read while the other is written. */
export async function pour(path: string, { start, end }: ByteRange, outgoing: ServerResponse): Promise<void> {
  const { fd, release } = await hold(path)
  const pair = [buffers.pop() ?? Buffer.allocUnsafeSlow(CHUNK), null as Buffer | null]
  let written: Promise<void> | null = null
  try {
    for (let at = start, turn = 0; at <= end; turn ^= 1) {
      pair[turn] ??= buffers.pop() ?? Buffer.allocUnsafeSlow(CHUNK)
      const buffer = pair[turn] as Buffer
      const got = await readAt(fd, buffer, Math.min(CHUNK, end - at + 1), at)
      await written
      if (got === 0) throw new BrokenOff(`${path} ends before ${end}`)
      written = write(outgoing, got === CHUNK ? buffer : buffer.subarray(0, got))
      // Awaited below, after the next read: until then a failure is nobody's.
      written.catch(() => undefined)
      at += got
    }
    await written
    // Not after a failure: a write that was given up may still hold them.
    for (const buffer of pair) if (buffer && buffers.length < KEPT_BUFFERS) buffers.push(buffer)
  } finally {
    release()
  }
}

const readAt = (fd: number, buffer: Buffer, length: number, at: number) =>
  new Promise<number>((resolve, reject) =>
    read(fd, buffer, 0, length, at, (error, got) => (error ? reject(error) : resolve(got))),
  )

/** Resolves when the bytes are the system's, so that their buffer is free. */
export function write(outgoing: ServerResponse, bytes: Buffer): Promise<void> {
  if (outgoing.destroyed) return Promise.reject(new BrokenOff('The other side has gone'))
  return new Promise((resolve, reject) => {
    const gone = () => reject(new BrokenOff('The other side has gone'))
    outgoing.once('close', gone)
    outgoing.write(bytes, (error) => {
      outgoing.off('close', gone)
      if (error) reject(error)
      else resolve()
    })
  })
}

type Held = { fd: Promise<number>; readers: number; idle: NodeJS.Timeout | null }
const held = new Map<string, Held>()

/** Whether somebody reads this file now, or did a moment ago: then it is there. */
export const isOpen = (path: string): boolean => held.has(path)

/** An open file, shared by all who read it now and for a moment after. Stored files never change under their name. */
async function hold(path: string): Promise<{ fd: number; release(): void }> {
  const file: Held = held.get(path) ?? { fd: openFile(path, 'r'), readers: 0, idle: null }
  held.set(path, file)
  file.readers++
  if (file.idle) clearTimeout(file.idle)
  const forget = () => {
    held.delete(path)
    void file.fd.then((fd) => close(fd)).catch(() => undefined)
  }
  const release = () => {
    if (--file.readers === 0) file.idle = setTimeout(forget, IDLE_MS).unref()
  }
  try {
    return { fd: await file.fd, release }
  } catch (error) {
    held.delete(path)
    throw error
  }
}
