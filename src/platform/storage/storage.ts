import type { Readable } from 'node:stream'

/** First and last byte, both included, as in RFC 9110. */
export type ByteRange = { start: number; end: number }
export type StoredFile = { key: string; size: number; modifiedAt: Date }

/**
 * Where files live: a folder (disk.ts) or an S3-compatible store (s3.ts). A key is a path of safe segments separated by `/`, for example
 * `masters/ab/abcd…`. A file is there whole or not at all.
 */
export type Storage = {
  /** Writes a file from bytes or a stream; what was there is replaced in one step. Resolves with its size in bytes. */
  put(key: string, content: Buffer | Readable): Promise<number>
  /** Takes over a local file, which is gone afterwards. Resolves with its size in bytes. */
  adopt(key: string, path: string): Promise<number>
  /** Opens a file, or a part of it. Throws {@link FileMissing} when it is not there. */
  open(key: string, range?: ByteRange): Promise<Readable>
  stat(key: string): Promise<StoredFile | null>
  /** As `stat`, for a file that a row is about to name: it is left alone for a day. Null: it must be stored. */
  claim(key: string): Promise<StoredFile | null>
  /** Removes a file; one that is not there is no error. */
  remove(key: string): Promise<void>
  list(prefix: string): AsyncIterable<StoredFile>
  /** Lends a local path to work on: the file itself on a disk, a passing copy otherwise. The path is only to be read. */
  withLocal<T>(key: string, work: (path: string) => Promise<T>): Promise<T>
  /** The file's place on this machine's disk, or null when it lies elsewhere. */
  localPath(key: string): string | null
}

export class FileMissing extends Error {
  override name = 'FileMissing'
}

const KEY = /^[a-z0-9][a-zA-Z0-9._-]*(\/[a-zA-Z0-9][a-zA-Z0-9._-]*)*$/

/** Keys are made by us, never by a visitor; this holds the line all the same. */
export function checkKey(key: string): string {
  if (!KEY.test(key) || key.includes('..')) throw new Error(`Not a storage key: ${key}`)
  return key
}
