import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { dataDirPaths } from '../data-dir.ts'
import type { Platform } from '../platform.ts'
import { Sentence } from '../sentence.ts'
import type { Inventory } from './inventory.ts'
import { backupName, keptBackups, rotate } from './rotation.ts'
import { type SavedBackup, saveBackup } from './save-backup.ts'
import { backupSource } from './source.ts'

const HOUR_MS = 3_600_000
/** The clock calls every hour, and a call may come a little early. */
const EARLY_MS = 5 * 60_000

/**
 * One call of the clock, every hour: makes a backup in DATA_DIR/backups when the last is BACKUP_EVERY_HOURS old, and keeps BACKUP_KEEP of them.
 * Resolves with null when there was nothing to do.
 */
export async function backupWhenDue(
  { config, paths, pool, log, now }: Pick<Platform, 'config' | 'paths' | 'pool' | 'log' | 'now'>,
  inventory: Inventory,
  signal?: AbortSignal,
): Promise<SavedBackup | null> {
  if (!config.backup) return null
  const [last] = keptBackups(paths.backups).filter(({ kind }) => kind === 'scheduled')
  if (last && now().getTime() - last.madeAt.getTime() < config.backup.everyHours * HOUR_MS - EARLY_MS) return null
  if (last) await requireRoom(paths.backups, last.bytes)
  const url = pool.options.connectionString
  if (!url) throw new Error('the pool does not know its address')
  const passphrase = config.backupPassphrase
  const file = join(paths.backups, backupName('scheduled', now(), { encrypted: passphrase !== null }))
  const saved = await saveBackup(await backupSource(config, url, inventory), file, { passphrase, signal })
  const removed = rotate(paths.backups, 'scheduled', config.backup.keep, now())
  log.info({ file, bytes: saved.bytes, missing: saved.manifest.files.missing, removed }, 'backup made')
  return saved
}

const KEPT_ROWS = 5

/** The rows alone, before something that changes them all. Returns where they are. */
export async function saveRowsBefore(
  what: 'before-migration' | 'before-restore' | 'before-upgrade',
  config: Config,
  url: string,
  inventory: Inventory,
): Promise<string> {
  const { backups } = dataDirPaths(config.dataDir)
  const passphrase = config.backupPassphrase
  const name = backupName(what, new Date(), { compressed: true, encrypted: passphrase !== null })
  const file = join(backups, name)
  await saveBackup(await backupSource(config, url, inventory, { rowsOnly: true }), file, { passphrase })
  rotate(backups, what, KEPT_ROWS)
  return file
}

async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize > bytes * 1.1) return
  throw new Sentence(
    `There is not enough room in ${folder} for another backup of ${Math.ceil(bytes / 1e6)} MB. Free some, or keep fewer with BACKUP_KEEP.`,
  )
}
