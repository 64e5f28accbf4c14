// Runs before `npm start` and `npm test` under any Node >= 20: installs when package-lock.json asks for it, builds when a
// source is newer than the build. Plain JavaScript with nothing but Node, since nothing may be installed yet.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const modules = join(root, 'node_modules')
const stamp = join(modules, '.ritornello-installed')
/** What was installed, for prepare.sh to compare without reading JavaScript. */
const installedLock = join(modules, '.ritornello-lock.json')
const node = join(modules, '.bin', 'node')
const wantsDev = process.argv.includes('--dev')

if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(`Ritornello needs Node 20 or newer to start; this is ${process.version}.`)
  process.exit(1)
}

install()
build()

function install() {
  const lock = readFileSync(join(root, 'package-lock.json'))
  const hash = createHash('sha256').update(lock).digest('hex')
  const production = process.env.NODE_ENV === 'production' && !wantsDev
  const have = existsSync(stamp) ? readFileSync(stamp, 'utf8') : ''
  if (existsSync(node) && (have === `${hash} all` || (production && have === `${hash} production`))) {
    keepLock()
    return
  }
  console.error('Installing what Ritornello needs (once, a minute or so) …')
  const npm = process.env.npm_execpath
  const args = [
    'ci',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    production ? '--omit=dev' : '--include=dev',
    '--include=optional',
  ]
  const env = { ...process.env, NODE_ENV: production ? 'production' : 'development' }
  for (const name of Object.keys(env))
    if (
      /^npm_(config_(?!registry|cache|userconfig|globalconfig|https?_proxy|noproxy|cafile)|package_|lifecycle_)/i.test(
        name,
      )
    )
      delete env[name]
  const result = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2], env })
    : spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2], env })
  if (result.status !== 0 || !existsSync(node)) {
    console.error(
      'The installation did not succeed: the reason is above. Check the network and the disk, then try again.',
    )
    process.exit(1)
  }
  writeFileSync(stamp, `${hash} ${production ? 'production' : 'all'}`)
  keepLock()
}

function keepLock() {
  if (existsSync(installedLock)) return
  try {
    copyFileSync(join(root, 'package-lock.json'), installedLock)
  } catch {
    // Installed by somebody else: prepare.sh comes here each time, and no more.
  }
}

function build() {
  const built = join(root, 'dist', 'built.json')
  const newest = Math.max(
    newestIn(join(root, 'src')),
    statSync(join(root, 'scripts', 'build.mjs')).mtimeMs,
    statSync(join(root, 'package-lock.json')).mtimeMs,
  )
  if (existsSync(built) && statSync(built).mtimeMs > newest) return
  mkdirSync(join(root, 'dist'), { recursive: true })
  const path = `${join(modules, '.bin')}${delimiter}${process.env.PATH}`
  try {
    execFileSync(node, [join(root, 'scripts', 'build.mjs')], {
      cwd: root,
      stdio: ['ignore', 2, 2],
      env: { ...process.env, PATH: path },
    })
  } catch {
    console.error('The program could not be built: the reason is above.')
    process.exit(1)
  }
}

function newestIn(dir) {
  let newest = statSync(dir).mtimeMs
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name)
    newest = Math.max(newest, entry.isDirectory() ? newestIn(path) : statSync(path).mtimeMs)
  }
  return newest
}
