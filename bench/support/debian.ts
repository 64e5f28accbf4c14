import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Sentence } from '../../src/platform/sentence.ts'

const PLACES = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin']

/** What is fetched once and kept between runs. */
const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/ritornello-bench')

/**
 * The path of a program that a bench compares with, installed from Debian when we may.
 * @throws Sentence when it is absent and we may not
 */
export function debianProgram(name: string, packageName: string = name): string {
  const found = findProgram(name)
  if (found) return found
  if (process.getuid?.() === 0 && findProgram('apt-get')) {
    console.log(`Installing ${packageName} …`)
    apt(['update'])
    apt(['install', '--no-install-recommends', packageName])
    const installed = findProgram(name)
    if (installed) return installed
  }
  throw new Sentence(
    `This bench compares with ${name}, which is not here. On Debian: sudo apt-get install ${packageName}`,
  )
}

/**
 * The files of a Debian package: where it is installed, else unpacked in the cache without installing anything.
 * @throws Sentence when it cannot be had
 */
export function debianFiles(packageName: string, under: string): string {
  const installed = join('/', under)
  if (existsSync(installed)) return installed
  const folder = join(CACHE, packageName)
  const unpacked = join(folder, under)
  if (existsSync(unpacked)) return unpacked
  if (!findProgram('apt-get') || !findProgram('dpkg'))
    throw new Sentence(`This bench plays the recordings of Debian's package ${packageName}, which needs apt-get.`)
  console.log(`Fetching ${packageName} …`)
  mkdirSync(folder, { recursive: true })
  const fetch = () => spawnSync('apt-get', ['download', packageName], { cwd: folder, stdio: 'ignore' }).status === 0
  if (!fetch() && process.getuid?.() === 0) {
    apt(['update'])
    fetch()
  }
  const archive = readdirSync(folder).find((file) => file.endsWith('.deb'))
  if (!archive) throw new Sentence(`Debian's package ${packageName} could not be fetched: is there a network?`)
  execFileSync('dpkg', ['-x', archive, '.'], { cwd: folder })
  return unpacked
}

function findProgram(name: string): string | null {
  return PLACES.map((place) => join(place, name)).find((path) => existsSync(path)) ?? null
}

function apt(args: string[]): void {
  execFileSync('apt-get', ['-q', '-y', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}
