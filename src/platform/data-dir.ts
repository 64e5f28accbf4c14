import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Sentence } from './sentence.ts'

export type DataDir = ReturnType<typeof dataDirPaths>

/** Where everything lies inside DATA_DIR. `postgres-18` names the major version that wrote it. */
export const dataDirPaths = (dir: string) => ({
  dir,
  postgres: join(dir, 'postgres-18'),
  files: join(dir, 'files'),
  uploads: join(dir, 'uploads'),
  work: join(dir, 'work'),
  backups: join(dir, 'backups'),
  secretKey: join(dir, 'secret.key'),
  lock: join(dir, 'lock.json'),
})

/**
 * Makes DATA_DIR and what it needs. Others may pass through it (Postgres runs as another user when we are root), but
 * see nothing: every folder inside is closed.
 */
export function prepareDataDir(dir: string): DataDir {
  const paths = dataDirPaths(dir)
  try {
    if (!existsSync(dir)) mkdirSync(dir, { recursive: true, mode: 0o711 })
    for (const inner of [paths.files, paths.uploads, paths.work, paths.backups]) {
      mkdirSync(inner, { recursive: true, mode: 0o700 })
      chmodSync(inner, 0o700)
    }
  } catch (error) {
    throw new Sentence(`The folder for the data, ${dir}, cannot be written: ${diskReason(error)}.`, { cause: error })
  }
  return paths
}

/** The key that signs links and sessions: SECRET_KEY, or one made once and kept in DATA_DIR. */
export function secretKey(configured: string | null, paths: DataDir): string {
  if (configured) return configured
  try {
    if (!existsSync(paths.secretKey))
      writeFileSync(paths.secretKey, `${randomBytes(48).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
    return readFileSync(paths.secretKey, 'utf8').trim()
  } catch (error) {
    throw new Sentence(`The secret key, ${paths.secretKey}, cannot be read or written: ${diskReason(error)}.`, {
      cause: error,
    })
  }
}

/** The system's error code in words. */
export function diskReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOSPC') return 'the disk is full'
  if (code === 'EDQUOT') return 'the disk quota is used up'
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not write there'
  if (code === 'EROFS') return 'the disk is read-only'
  if (code === 'ENOTDIR' || code === 'EEXIST') return 'something that is not a folder is in its place'
  return error instanceof Error ? error.message : String(error)
}
