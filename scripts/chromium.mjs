/**
 * `node scripts/chromium.mjs [--find]`: prints the path of a Chromium that runs, for the journeys.
 *
 * Looked for in CHROMIUM_PATH, on the PATH, in Playwright's cache; with none there, Debian's package is installed (as root),
 * else Playwright's own download. `--find` installs nothing.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const NAMES = [
  // Without windows, and a fifth faster than the whole browser made to hide its own.
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge-stable',
]
const MAC = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
)
/** Without recommendations Chromium comes with no font at all, and every text would be empty boxes. */
const FONTS = ['fonts-liberation', 'fonts-dejavu-core']
/** Older releases of Debian have the second alone. */
const PACKAGES = ['chromium-headless-shell', 'chromium']

/** Whether it starts at all: a stub that wants snap, or one that lacks libraries, does not. */
function runs(path) {
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000 })
  return status === 0 && /\d+\.\d+/.test(stdout)
}

function playwright() {
  return createRequire(import.meta.url)('@playwright/test')
}

/**
 * The path of a Chromium that runs, or null.
 * @throws Error with a sentence when CHROMIUM_PATH names one that does not
 */
export function findChromium() {
  const named = process.env.CHROMIUM_PATH
  if (named) {
    if (runs(named)) return named
    throw new Error(`CHROMIUM_PATH is ${named}, which does not start.`)
  }
  const folders = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder && !folder.includes('node_modules'))
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  return (
    [...onPath, ...MAC, playwright().chromium.executablePath()].find((path) => existsSync(path) && runs(path)) ?? null
  )
}

function isDebian() {
  if (!existsSync('/etc/os-release')) return false
  return /^ID="?debian"?$/m.test(readFileSync('/etc/os-release', 'utf8'))
}

/** Runs a command, and shows what it printed if it did not go well. */
function run(command, args, env = {}) {
  console.error(`No Chromium yet: ${command} ${args.join(' ')}`)
  const { status, stdout, stderr } = spawnSync(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    env: { ...process.env, ...env },
    timeout: 600_000,
  })
  if (status !== 0) console.error(`${stdout ?? ''}${stderr ?? ''}`)
}

/**
 * Finds Chromium, or installs it.
 * @returns {string} its path
 * @throws Error with a sentence that says what to do
 */
export function ensureChromium() {
  const found = findChromium()
  if (found) return found
  const root = process.getuid?.() === 0
  if (root && isDebian()) {
    const quiet = { DEBIAN_FRONTEND: 'noninteractive' }
    const patient = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3', '-q']
    run('apt-get', [...patient, 'update'], quiet)
    for (const browser of PACKAGES) {
      run('apt-get', [...patient, 'install', '-y', '--no-install-recommends', browser, ...FONTS], quiet)
      const installed = findChromium()
      if (installed) return installed
    }
  }
  const cli = join(dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json')), 'cli.js')
  run(process.execPath, [cli, 'install', '--no-shell', ...(root ? ['--with-deps'] : []), 'chromium'])
  const downloaded = findChromium()
  if (downloaded) return downloaded
  throw new Error(
    'The journeys need Chromium, and none was found or could be installed: install Debian’s package "chromium", or any Chrome, and name it in CHROMIUM_PATH.',
  )
}

/** The version that a Chromium calls itself by. */
export function chromiumVersion(path) {
  return execFileSync(path, ['--version'], { encoding: 'utf8' }).trim()
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    const path = process.argv.includes('--find') ? findChromium() : ensureChromium()
    if (path) console.log(path)
    else process.exitCode = 1
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
