import { resolve } from 'node:path'
import { INVENTORY } from '../inventory.ts'
import { backupSource, STDOUT, saveBackup } from '../platform/backup/index.ts'
import type { Config } from '../platform/config.ts'
import { abortedBySignals, readArguments } from './arguments.ts'
import { onDatabase } from './on-database.ts'
import { size } from './sizes.ts'

const USAGE = `Usage: ./ritornello backup FILE [--rows] [--json]
Saves everything, rows and files, in one archive, also while the server runs. FILE ends in .tar, .tar.gz or .tar.zst; "-" is standard output.
  --rows   only the database, without the files
  --json   prints {"file","bytes","tables","rows","files","missing"} alone
With BACKUP_PASSPHRASE set, the archive is encrypted; "age -d" opens it as well.`

/** `./ritornello backup FILE`. */
export async function backup(config: Config, args: string[]): Promise<number> {
  const read = readArguments(args, USAGE, { flags: ['rows', 'json'], positionals: 1 })
  if (!read) return 0
  const [name = STDOUT] = read.values
  const file = name === STDOUT ? STDOUT : resolve(name)
  const { signal, off } = abortedBySignals()
  try {
    return await onDatabase(config, async (url) => {
      const source = await backupSource(config, url, INVENTORY, { rowsOnly: read.flags.rows })
      const { bytes, manifest } = await saveBackup(source, file, { passphrase: config.backupPassphrase, signal })
      const rows = manifest.tables.reduce((total, table) => total + table.rows, 0)
      const { count, missing } = manifest.files
      const say = file === STDOUT ? console.error : console.log
      if (read.flags.json)
        say(JSON.stringify({ file, bytes, tables: manifest.tables.length, rows, files: count, missing }))
      else {
        say(`Saved ${rows} rows of ${manifest.tables.length} tables and ${count} files in ${file} (${size(bytes)}).`)
        if (!config.backupPassphrase)
          say(
            'It is not encrypted: whoever reads it knows what this place knows. Keep it safe, or set BACKUP_PASSPHRASE.',
          )
      }
      if (missing.length)
        console.error(
          `${missing.length} files that rows need were not found, and so are not in it, for example ${missing[0]}. See ./ritornello doctor.`,
        )
      return 0
    })
  } finally {
    off()
  }
}
