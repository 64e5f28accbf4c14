import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { keptBackups, unfinishedRestore } from '../platform/backup/index.ts'
import type { Config } from '../platform/config.ts'
import { type DataDir, dataDirPaths } from '../platform/data-dir.ts'
import { newToken } from '../platform/ids.ts'
import { isLocked } from '../platform/lock.ts'
import { olderCluster } from '../platform/postgres/majors.ts'
import { requireReachable, serverUser } from '../platform/postgres/server-user.ts'
import { ROOT } from '../platform/root.ts'
import { openStorage } from '../platform/storage/index.ts'
import { size } from './sizes.ts'

export type Finding = {
  what: string
  state: 'good' | 'warning' | 'bad'
  says: string
  /** What to do about it. */
  mend?: string
}

const LITTLE = 1e9
const VERY_LITTLE = 100e6
const HOUR_MS = 3_600_000

/** What can be seen without the database. */
export async function installationFindings(config: Config): Promise<Finding[]> {
  const paths = dataDirPaths(config.dataDir)
  const found: Finding[] = [node(), build(), ...address(config), ...dataDir(config, paths), ...key(config, paths)]
  if (existsSync(paths.dir)) found.push(await room(paths), running(paths))
  found.push(await storage(config, paths))
  if (config.smtpUrl) found.push(await mail(config.smtpUrl))
  else
    found.push({
      what: 'mail',
      state: 'warning',
      says: 'no SMTP_URL is set, so that sign-in links are printed on the console',
      mend: 'Set SMTP_URL and MAIL_FROM to send mail.',
    })
  if (config.smtpUrl && !config.mailFrom)
    found.push({
      what: 'mail',
      state: 'bad',
      says: 'MAIL_FROM is not set',
      mend: 'Set MAIL_FROM, for example to music@example.org.',
    })
  found.push(...backups(config, paths))
  return found
}

function node(): Finding {
  const pinned = packageVersion('node')
  const good = process.versions.node.split('.')[0] === pinned.split('.')[0]
  return {
    what: 'Node',
    state: good ? 'good' : 'bad',
    says: good ? process.version : `${process.version}, while this version of Ritornello runs under ${pinned}`,
    ...(good ? {} : { mend: 'Start it by npm start or ./ritornello, which find the right one.' }),
  }
}

const packageVersion = (name: string) =>
  (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { dependencies: Record<string, string> })
    .dependencies[name] ?? ''

function build(): Finding {
  const missing = ['dist/server/main.js', 'dist/manifest.json'].find((file) => !existsSync(join(ROOT, file)))
  return missing
    ? { what: 'program', state: 'bad', says: `${missing} is not there`, mend: 'Run npm start, which builds it.' }
    : { what: 'program', state: 'good', says: `built, in ${ROOT}` }
}

function address({ baseUrl, trustedProxies }: Config): Finding[] {
  const { protocol, hostname, pathname } = new URL(baseUrl)
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  if (pathname !== '/')
    return [
      {
        what: 'address',
        state: 'bad',
        says: `BASE_URL is ${baseUrl}, with a path; Ritornello serves a whole host`,
        mend: 'Give it a host of its own, for example https://music.example.org.',
      },
    ]
  if (local)
    return [
      {
        what: 'address',
        state: 'warning',
        says: `BASE_URL is ${baseUrl}: links in mails and feeds lead to this machine only`,
        mend: 'Set BASE_URL to the public address when others are to visit.',
      },
    ]
  if (protocol === 'http:')
    return [
      {
        what: 'address',
        state: 'bad',
        says: `${baseUrl} is not https: browsers refuse passkeys there, and sessions travel in clear`,
        mend: 'Put a web server with a certificate in front (see the README), and set BASE_URL to https://…',
      },
    ]
  return [
    { what: 'address', state: 'good', says: baseUrl },
    ...(trustedProxies.length
      ? []
      : [
          {
            what: 'proxy',
            state: 'warning' as const,
            says: 'TRUSTED_PROXIES is not set: behind a web server, all visitors seem to come from one address',
            mend: 'Set TRUSTED_PROXIES to the address of the web server in front, for example 127.0.0.1.',
          },
        ]),
  ]
}

function dataDir({ databaseUrl }: Config, paths: DataDir): Finding[] {
  const what = 'data folder'
  const { dir } = paths
  if (!existsSync(dir)) return [{ what, state: 'warning', says: `${dir} is not there yet; the first start makes it` }]
  const found: Finding[] = []
  for (const path of [dir, paths.files, paths.uploads, paths.work, paths.backups]) {
    if (!existsSync(path)) continue
    try {
      accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
    } catch {
      found.push({
        what,
        state: 'bad',
        says: `${path} belongs to another user (number ${statSync(path).uid}) and cannot be written`,
        mend: `As administrator: chown -R ${process.getuid?.()} ${dir}, without the folder postgres-18 if Ritornello runs as root; or start it as the other user.`,
      })
    }
  }
  for (const path of [paths.files, paths.uploads, paths.backups, paths.secretKey])
    if (existsSync(path) && statSync(path).mode & 0o077)
      found.push({ what, state: 'bad', says: `${path} can be read by other users`, mend: `chmod go= ${path}` })
  const user = databaseUrl ? null : serverUser(paths.postgres)
  if (user)
    try {
      requireReachable(dir, user)
    } catch (error) {
      found.push({ what, state: 'bad', says: (error as Error).message })
    }
  const older = databaseUrl ? null : olderCluster(dir, paths.postgres)
  if (older && !existsSync(paths.postgres))
    found.push({
      what,
      state: 'bad',
      says: `its database was written by Postgres ${older.major}`,
      mend: 'Run ./ritornello upgrade-database.',
    })
  const unfinished = unfinishedRestore(dir)
  if (unfinished)
    found.push({
      what,
      state: 'bad',
      says: 'a restore was interrupted here',
      mend: `Finish it: ./ritornello restore ${unfinished.file}`,
    })
  return found.length ? found : [{ what, state: 'good', says: dir }]
}

function key(config: Config, paths: DataDir): Finding[] {
  const what = 'secret key'
  if (config.secretKey)
    return [{ what, state: 'good', says: 'set by SECRET_KEY; it is in no backup, keep it elsewhere' }]
  if (!existsSync(paths.secretKey)) return [{ what, state: 'warning', says: 'not made yet; the first start makes it' }]
  try {
    const { length } = readFileSync(paths.secretKey, 'utf8').trim()
    if (length >= 32) return [{ what, state: 'good', says: `in ${paths.secretKey}` }]
    return [
      {
        what,
        state: 'bad',
        says: `${paths.secretKey} is too short to be one (${length} characters)`,
        mend: 'Take it from a backup, or remove it: another is made, and signed links handed out before no longer open.',
      },
    ]
  } catch (error) {
    return [{ what, state: 'bad', says: `${paths.secretKey} cannot be read: ${(error as Error).message}` }]
  }
}

async function room({ dir }: DataDir): Promise<Finding> {
  const { bavail, bsize, files, ffree } = await statfs(dir)
  const free = bavail * bsize
  const says = `${size(free)} are free in ${dir}`
  if (files > 0 && ffree < 1000)
    return {
      what: 'disk',
      state: 'bad',
      says: 'the disk has no room for more files (inodes)',
      mend: 'Remove small files.',
    }
  if (free < VERY_LITTLE)
    return { what: 'disk', state: 'bad', says, mend: 'Free some room now: the database stops when the disk is full.' }
  if (free < LITTLE) return { what: 'disk', state: 'warning', says, mend: 'Free some room, or lower CACHE_BUDGET_GB.' }
  return { what: 'disk', state: 'good', says }
}

const running = ({ lock }: DataDir): Finding => ({
  what: 'process',
  state: 'good',
  says: isLocked(lock) ? 'Ritornello is running on this data folder' : 'Ritornello is not running on this data folder',
})

/** Writes, reads and removes a file of its own. */
async function storage(config: Config, paths: DataDir): Promise<Finding> {
  const where = config.s3
    ? `bucket ${config.s3.bucket}${config.s3.endpoint ? ` at ${config.s3.endpoint}` : ''}`
    : paths.files
  if (!config.s3 && !existsSync(paths.files))
    return { what: 'files', state: 'warning', says: `${where} is not there yet; the first start makes it` }
  const trial = `doctor/${newToken(9).replace(/^[-_]/, 'x')}`
  try {
    const files = await openStorage(config, paths)
    await files.put(trial, Buffer.from('written'))
    const text = (await buffer(await files.open(trial, { start: 0, end: 3 }))).toString()
    await files.remove(trial)
    if (text !== 'writ') throw new Error('what was read is not what was written')
    return { what: 'files', state: 'good', says: `${where} can be written and read` }
  } catch (error) {
    return {
      what: 'files',
      state: 'bad',
      says: `${where} cannot be used: ${(error as Error).message || (error as NodeJS.ErrnoException).code}`,
      mend: config.s3
        ? 'Check S3_ENDPOINT, S3_BUCKET, the two keys, and what they may do.'
        : 'Check who owns the folder, and the disk.',
    }
  }
}

/** Reaches the mail server and hears its greeting; sends nothing. */
function mail(smtpUrl: string): Promise<Finding> {
  const { hostname, port, protocol } = new URL(smtpUrl)
  const to = { host: hostname, port: Number(port) || (protocol === 'smtps:' ? 465 : 587) }
  return new Promise((resolve) => {
    const socket = connect({ ...to, timeout: 8_000 })
    const end = (says: string | null) => {
      socket.destroy()
      resolve(
        says === null
          ? { what: 'mail', state: 'good', says: `${to.host}:${to.port} answers` }
          : {
              what: 'mail',
              state: 'bad',
              says: `${to.host}:${to.port} ${says}`,
              mend: 'Check SMTP_URL, and whether this machine may send mail out.',
            },
      )
    }
    socket.once('timeout', () => end('does not answer'))
    socket.once('error', (error: NodeJS.ErrnoException) => end(`cannot be reached (${error.code ?? error.message})`))
    socket.once('connect', () => {
      if (protocol === 'smtps:') end(null)
    })
    socket.once('data', (line) => end(/^220/.test(line.toString()) ? null : 'is no mail server'))
  })
}

function backups({ backup }: Config, paths: DataDir): Finding[] {
  const what = 'backups'
  if (!backup)
    return [
      {
        what,
        state: 'warning',
        says: 'no scheduled backup is asked for',
        mend: 'Set BACKUP_EVERY_HOURS, or run ./ritornello backup FILE by a clock of your own, and keep copies elsewhere.',
      },
    ]
  const [last] = existsSync(paths.backups) ? keptBackups(paths.backups).filter(({ kind }) => kind === 'scheduled') : []
  if (!last)
    return [{ what, state: 'warning', says: `none is in ${paths.backups} yet; the first comes within the hour` }]
  const hours = (Date.now() - last.madeAt.getTime()) / HOUR_MS
  const says = `the last is ${Math.floor(hours)} hours old, ${last.path} (${size(last.bytes)})`
  return hours > 2 * backup.everyHours + 2
    ? [{ what, state: 'bad', says, mend: 'See the failed jobs, and the room on the disk.' }]
    : [{ what, state: 'good', says }]
}
