import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DRAFT } from './save-backup.ts'

/** Why a backup in DATA_DIR/backups was made: the beginning of its name. */
export type BackupKind = 'scheduled' | 'before-migration' | 'before-restore' | 'before-upgrade'

export type KeptBackup = { path: string; kind: BackupKind; madeAt: Date; bytes: number }

const NAME =
  /^(scheduled|before-migration|before-restore|before-upgrade)-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)\.tar(\.gz)?(\.age)?$/
/** A draft this old belongs to a process that was killed. */
const FORGOTTEN_MS = 24 * 3_600_000

/** `scheduled-20261124-031700.tar`, in UTC. */
export function backupName(kind: BackupKind, at: Date, { compressed = false, encrypted = false } = {}): string {
  const stamp = at
    .toISOString()
    .replace(/[-:]|\..*/g, '')
    .replace('T', '-')
  return `${kind}-${stamp}.tar${compressed ? '.gz' : ''}${encrypted ? '.age' : ''}`
}

/** The backups that we made in this folder, newest first. Other files there are not ours to judge. */
export function keptBackups(folder: string): KeptBackup[] {
  const found: KeptBackup[] = []
  for (const name of readdirSync(folder)) {
    const parts = NAME.exec(name)
    if (!parts) continue
    const [, kind, year, month, day, hour, minute, second] = parts
    const madeAt = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
    const path = join(folder, name)
    found.push({ path, kind: kind as BackupKind, madeAt, bytes: statSync(path).size })
  }
  return found.sort((a, b) => b.madeAt.getTime() - a.madeAt.getTime())
}

/** Keeps the newest of one kind, and takes away drafts of processes that were killed. Returns what was removed. */
export function rotate(folder: string, kind: BackupKind, keep: number, now = new Date()): string[] {
  const old = keptBackups(folder)
    .filter((backup) => backup.kind === kind)
    .slice(keep)
    .map(({ path }) => path)
  const forgotten = readdirSync(folder)
    .filter((name) => DRAFT.test(name))
    .map((name) => join(folder, name))
    .filter((path) => now.getTime() - statSync(path).mtimeMs > FORGOTTEN_MS)
  for (const path of [...old, ...forgotten]) rmSync(path, { force: true })
  return [...old, ...forgotten]
}
