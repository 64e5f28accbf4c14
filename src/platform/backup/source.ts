import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { type DataDir, dataDirPaths } from '../data-dir.ts'
import { ROOT } from '../root.ts'
import { hashOf } from '../signing.ts'
import { openStorage } from '../storage/index.ts'
import type { Inventory } from './inventory.ts'
import type { ArchiveSource } from './write-archive.ts'

/** What a backup of this installation reads from. */
export async function backupSource(
  config: Config,
  databaseUrl: string,
  inventory: Inventory,
  { rowsOnly = false } = {},
): Promise<ArchiveSource> {
  const paths = dataDirPaths(config.dataDir)
  const kept = keptKey(paths)
  return {
    databaseUrl,
    inventory,
    storage: rowsOnly ? null : await openStorage(config, paths),
    secretKey: config.secretKey || rowsOnly ? null : kept,
    keyFingerprint: fingerprint(config.secretKey ?? kept ?? ''),
    program: (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version,
  }
}

const keptKey = (paths: DataDir) => (existsSync(paths.secretKey) ? readFileSync(paths.secretKey, 'utf8').trim() : null)

/** Recognises a key without telling it. */
export const fingerprint = (key: string): string => hashOf(`which key is this?\0${key}`).slice(0, 16)
