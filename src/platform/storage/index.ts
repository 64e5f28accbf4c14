import type { Config } from '../config.ts'
import type { DataDir } from '../data-dir.ts'
import { diskStorage } from './disk.ts'
import { s3Storage } from './s3.ts'
import type { Storage } from './storage.ts'

export { forgetDrafts } from './drafts.ts'
export { type ByteRange, FileMissing, type Storage, type StoredFile } from './storage.ts'

/** The files' home that the configuration names. */
export const openStorage = (config: Pick<Config, 's3'>, paths: Pick<DataDir, 'files' | 'work'>): Storage =>
  config.s3 ? s3Storage(config.s3, paths.work) : diskStorage(paths.files)
