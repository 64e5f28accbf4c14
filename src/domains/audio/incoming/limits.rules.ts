/** Decimal, as people are told. A WAV cannot be larger (its sizes are 32 bits). */
export const MAX_FILE_BYTES = 4_294_967_296
export const MAX_FILES = 1000
export const MAX_BATCH_BYTES = 60_000_000_000
/** Kept free on the disk: a database that cannot write loses more than a file that is not taken. */
export const SPARE_BYTES = 1_000_000_000
/** What nobody touched for so long is thrown away. */
export const KEPT_DAYS = 7
const LONGEST_PATH = 1000

export type Refusal = 'path' | 'size-unknown' | 'file-too-large' | 'too-many-files' | 'batch-too-large' | 'no-room'

export type AskedUpload = { path: string; size: number; modifiedMs: number | null }
export type Room = { files: number; bytes: number; freeBytes: number; promisedBytes: number }

/** Whether one more file may come into a batch. `promisedBytes`: what other uploads still have to bring to this disk. */
export function refuseUpload({ path, size }: AskedUpload, room: Room): Refusal | null {
  if (path === '' || path.length > LONGEST_PATH) return 'path'
  if (!Number.isSafeInteger(size) || size < 0) return 'size-unknown'
  if (size > MAX_FILE_BYTES) return 'file-too-large'
  if (room.files >= MAX_FILES) return 'too-many-files'
  if (room.bytes + size > MAX_BATCH_BYTES) return 'batch-too-large'
  if (size + room.promisedBytes + SPARE_BYTES > room.freeBytes) return 'no-room'
  return null
}
