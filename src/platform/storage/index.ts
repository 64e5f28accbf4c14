import type { Config } from '../config.ts'
import type { DataDir } from '../data-dir.ts'
import { diskStorage } from './disk.ts'
import type { Storage } from './storage.ts'

export { forgetDrafts } from './drafts.ts'
export { markedStorage } from './marked.ts'
export { type ByteRange, FileMissing, type Storage, type StoredFile } from './storage.ts'

/** The files' home that the configuration names. */
export async function openStorage(
  config: Pick<Config, 's3'>,
  paths: Pick<DataDir, 'files' | 'work'>,
): Promise<Storage> {
  if (!config.s3) return diskStorage(paths.files)
  // A large library, read only where it serves.
  const { s3Storage } = await import('./s3.ts')
  return s3Storage(config.s3, paths.work)
}
