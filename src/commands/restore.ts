import { createWriteStream, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { INVENTORY } from '../inventory.ts'
import {
  checkArchive,
  fingerprint,
  markRestore,
  type Restored,
  restoreArchive,
  STDOUT as STDIN,
  saveRowsBefore,
  unfinishedRestore,
} from '../platform/backup/index.ts'
import type { Config } from '../platform/config.ts'
import { type DataDir, diskReason, prepareDataDir } from '../platform/data-dir.ts'
import { readMigrations } from '../platform/database/index.ts'
import { newToken } from '../platform/ids.ts'
import { Sentence } from '../platform/sentence.ts'
import { openStorage, type Storage } from '../platform/storage/index.ts'
import { abortedBySignals, readArguments } from './arguments.ts'
import { prepareJobs } from './migrate.ts'
import { onDatabase } from './on-database.ts'

const USAGE = `Usage: ./ritornello restore FILE [--yes] [--json]
Brings a backup back, into an empty DATA_DIR (or DATABASE_URL and S3_*). Every byte of FILE is checked before anything is touched; "-" is standard input.
  --yes    replaces the rows that are here; they are saved first in DATA_DIR/backups
  --json   prints {"tables","rows","files","jobs","missing","saved"} alone
An encrypted backup needs its BACKUP_PASSPHRASE.`

/** `./ritornello restore FILE`. */
export async function restore(config: Config, args: string[]): Promise<number> {
  const read = readArguments(args, USAGE, { flags: ['yes', 'json'], positionals: 1 })
  if (!read) return 0
  const paths = prepareDataDir(config.dataDir)
  const { signal, off } = abortedBySignals()
  const spool = join(paths.work, `restore-${newToken(6)}`)
  try {
    const [name = STDIN] = read.values
    const file = name === STDIN ? await readInput(spool, signal) : resolve(name)
    const checked = await checkArchive(file, config.backupPassphrase)
    const { manifest } = checked
    const unfinished = unfinishedRestore(config.dataDir)
    const storage = manifest.scope === 'all' ? await openStorage(config, paths) : null
    let saved: string | null = null
    let finished: () => void = () => undefined
    const result = await onDatabase(
      config,
      async (url) => {
        await prepareJobs(url)
        const restored = await restoreArchive(
          file,
          config.backupPassphrase,
          checked,
          {
            databaseUrl: url,
            storage,
            inventory: INVENTORY,
            migrations: readMigrations(),
            replaceRows: read.flags.yes,
            async beforeFirstChange(filled) {
              if (filled) saved = await saveRowsBefore('before-restore', config, url, INVENTORY)
              else if (storage && unfinished?.id !== manifest.id) await requireNoFiles(storage)
              finished = markRestore(config.dataDir, { file, id: manifest.id })
            },
          },
          signal,
        )
        keepKey(config, paths, checked.secretKey)
        finished()
        return restored
      },
      { exclusive: true },
    )
    tell(config, paths, { result, checked, saved, json: read.flags.json })
    return 0
  } catch (error) {
    throw asSentence(error)
  } finally {
    off()
    rmSync(spool, { force: true })
  }
}

function tell(
  config: Config,
  paths: DataDir,
  {
    result,
    checked: { manifest },
    saved,
    json,
  }: { result: Restored; checked: Awaited<ReturnType<typeof checkArchive>>; saved: string | null; json: boolean },
): void {
  const { missing } = manifest.files
  if (json) console.log(JSON.stringify({ ...result, missing, saved }))
  else {
    console.log(
      `Restored ${result.rows} rows of ${result.tables} tables and ${result.files} files from the backup of ${manifest.madeAt}.`,
    )
    if (saved) console.log(`The rows that were here before are saved in ${saved}.`)
    console.log('Sessions are not in a backup: everybody signs in again.')
  }
  if (missing.length)
    console.error(`${missing.length} files were missing already when the backup was made, for example ${missing[0]}.`)
  const key = config.secretKey ?? (existsSync(paths.secretKey) ? readFileSync(paths.secretKey, 'utf8').trim() : '')
  if (fingerprint(key) !== manifest.keyFingerprint && manifest.scope === 'all')
    console.error('The secret key is another than then: signed links that were handed out before no longer open.')
}

/** Takes the key of then, so that links that were handed out stay good. SECRET_KEY, when set, goes before. */
function keepKey(config: Config, paths: DataDir, key: string | null): void {
  if (key === null || config.secretKey) return
  writeFileSync(paths.secretKey, `${key}\n`, { mode: 0o600 })
}

async function requireNoFiles(storage: Storage): Promise<void> {
  for await (const { key } of storage.list(''))
    throw new Sentence(
      `This place is not empty: its storage holds files, for example ${key}. Restore into an empty DATA_DIR or bucket.`,
    )
}

/** A pipe can be read only once, and we read twice: first to check, then to bring back. */
async function readInput(spool: string, signal: AbortSignal): Promise<string> {
  await pipeline(process.stdin, createWriteStream(spool, { mode: 0o600 }), { signal })
  return spool
}

function asSentence(error: unknown): unknown {
  const { name, code, message } = error as NodeJS.ErrnoException
  if (name === 'AbortError')
    return new Sentence('Stopped. The rows are as they were; run the same restore again to finish it.', {
      cause: error,
    })
  if (code && /^E[A-Z]+$/.test(code))
    return new Sentence(`The restore broke off: ${diskReason(error)}. Mend that, then run it again.`, { cause: error })
  if (code === '53100')
    return new Sentence(`The restore broke off: the database's disk is full (${message}).`, { cause: error })
  return error
}
