import { lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DataDir } from '../data-dir.ts'

const FORGOTTEN_MS = 24 * 3_600_000
const DRAFT = /^\.(draft-|ritornello-backup-.*\.draft$)/

/**
 * Takes away what a killed process was still writing: drafts of files and of backups, and whatever lies in the folder for passing work, all of them
 * a day old. Resolves with how many.
 */
export async function forgetDrafts(
  { files, backups, work }: Pick<DataDir, 'files' | 'backups' | 'work'>,
  now = new Date(),
): Promise<number> {
  const isOld = async (path: string) => {
    const found = await lstat(path).catch(() => null)
    return found !== null && now.getTime() - found.mtimeMs > FORGOTTEN_MS
  }
  let removed = 0
  const sweep = async (folder: string, which: (name: string) => boolean, deep: boolean): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      const path = join(folder, entry.name)
      if (which(entry.name) && (await isOld(path))) {
        await rm(path, { recursive: true, force: true })
        removed++
      } else if (deep && entry.isDirectory()) await sweep(path, which, deep)
    }
  }
  await sweep(files, (name) => DRAFT.test(name), true)
  await sweep(backups, (name) => DRAFT.test(name), false)
  await sweep(work, () => true, false)
  return removed
}
