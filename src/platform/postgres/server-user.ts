import { execFileSync, spawnSync } from 'node:child_process'
import { accessSync, chownSync, constants, cpSync, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Sentence } from '../sentence.ts'

export type ServerUser = { uid: number; gid: number }

const NAMES = ['ritornello', 'postgres', 'nobody']

/**
 * Postgres refuses to run as root. Started by root, we run it as an unprivileged user: the one who owns the cluster
 * already, else `ritornello`, made when the system lets us, else `postgres` or `nobody`. Null: as ourselves.
 */
export function serverUser(cluster: string): ServerUser | null {
  if (process.getuid?.() !== 0) return null
  if (existsSync(cluster)) {
    const { uid, gid } = statSync(cluster)
    if (uid !== 0) return { uid, gid }
  }
  if (!lookUp('ritornello')) {
    spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'ritornello'])
  }
  for (const name of NAMES) {
    const found = lookUp(name)
    if (found) return found
  }
  throw new Sentence(
    'Postgres does not run as root, and no other user was found for it. Start Ritornello as an ordinary user.',
  )
}

function lookUp(name: string): ServerUser | null {
  const id = (flag: string) =>
    Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }).toString())
  try {
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    return null
  }
}

/** Throws a {@link Sentence} when that user cannot pass through every folder that leads to the data. */
export function requireReachable(dir: string, user: ServerUser): void {
  const blocked = firstClosedFolder(dir, user)
  if (blocked)
    throw new Sentence(
      `Postgres does not run as root, and the user it runs as cannot reach ${dir}, because ${blocked} is closed to others. ` +
        'Choose another place, for example DATA_DIR=/var/lib/ritornello, or start Ritornello as an ordinary user.',
    )
}

/** The binaries where that user can read them: where they are, or a copy beside the data. */
export function reachableBinaries(native: string, dataDir: string, user: ServerUser): string {
  if (!firstClosedFolder(native, user)) return native
  const copy = join(dataDir, 'postgres-binaries')
  const marker = join(copy, 'bin', 'postgres')
  if (!existsSync(marker) || statSync(marker).size !== statSync(join(native, 'bin', 'postgres')).size) {
    const draft = `${copy}.new`
    for (const old of [draft, copy]) rmSync(old, { recursive: true, force: true })
    cpSync(native, draft, { recursive: true, verbatimSymlinks: true })
    renameSync(draft, copy)
  }
  accessSync(marker, constants.X_OK)
  return copy
}

export const giveTo = (path: string, user: ServerUser | null) => {
  if (user) chownSync(path, user.uid, user.gid)
}

function firstClosedFolder(path: string, user: ServerUser): string | null {
  for (let at = path; ; at = dirname(at)) {
    if (existsSync(at)) {
      const { mode, uid, gid } = statSync(at)
      const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
      if (!(mode & bit)) return at
    }
    if (at === dirname(at)) return null
  }
}
