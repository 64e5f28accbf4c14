import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createRequire } from 'node:module'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from './program.ts'

export type Server = { url: string; stop(): Promise<void> }

/** Somebody who is not root, in the numbers that every Linux has. */
export const NOBODY = { uid: 65534, gid: 65534 }

/** A Postgres 15 as somebody else would run it: over TCP, with a password, and for a user who is no superuser. */
export async function postgresOfTheirs(): Promise<Server & { port: number }> {
  const base = mkdtempSync(join(tmpdir(), 'ritornello-theirs-'))
  chmodSync(base, 0o711)
  const asRoot = process.getuid?.() === 0
  const as = asRoot ? NOBODY : {}
  if (asRoot) chownSync(base, NOBODY.uid, NOBODY.gid)
  const { findBinaries } = await import(new URL('../../scripts/postgres15.mjs', import.meta.url).href)
  let bin: string = findBinaries()
  if (asRoot && spawnSync(join(bin, 'initdb'), ['--version'], { ...as, cwd: '/' }).status !== 0) {
    cpSync(dirname(bin), join(base, 'native'), { recursive: true, verbatimSymlinks: true })
    bin = join(base, 'native/bin')
  }
  const options = { ...as, cwd: '/', env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' } }
  const secret = join(base, 'password')
  writeFileSync(secret, 'secret\n', { mode: 0o644 })
  const cluster = join(base, 'data')
  const args = [
    '-D',
    cluster,
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    '--pwfile',
    secret,
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
  ]
  const made = spawnSync(join(bin, 'initdb'), [...args, '--no-sync'], { ...options, encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`)
  const port = await freePort()
  const flags = ['-c', 'fsync=off', '-c', `unix_socket_directories=${base}`, '-p', String(port), '-h', '127.0.0.1']
  const server = spawn(join(bin, 'postgres'), ['-D', cluster, ...flags], { ...options, stdio: 'ignore' })
  const gone = new Promise((done) => server.once('exit', done))
  const admin = `postgres://postgres:secret@127.0.0.1:${port}/postgres`
  for (let attempt = 0; ; attempt++) {
    try {
      await query(admin, `create role music login password 'music'`)
      await query(admin, 'create database music owner music')
      break
    } catch (error) {
      if (attempt === 100) throw error
      await sleep(50)
    }
  }
  return {
    url: `postgres://music:music@127.0.0.1:${port}/music`,
    port,
    async stop() {
      server.kill('SIGINT')
      await gone
      rmSync(base, { recursive: true, force: true })
    },
  }
}

export async function query(url: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query(text, values)).rows
  } finally {
    await client.end()
  }
}

/** The address of the database inside a data folder, while it runs. */
export function databaseIn(dataDir: string): string {
  const lines = readFileSync(join(dataDir, 'postgres-18/postmaster.pid'), 'utf8').split('\n')
  return `postgres://ritornello@localhost/ritornello?host=${encodeURIComponent(lines[4] ?? '')}`
}

/** Something that greets as a Postgres 14 does: enough for who asks its version. */
export async function postgres14(): Promise<Server> {
  const message = (type: string, body: Buffer) => {
    const head = Buffer.alloc(5)
    head.write(type)
    head.writeInt32BE(body.length + 4, 1)
    return Buffer.concat([head, body])
  }
  const ready = message('Z', Buffer.from('I'))
  const text = Buffer.from('140012')
  const column = Buffer.concat([
    Buffer.from('server_version_num\0'),
    Buffer.from('000000000000000000190000ffffffff0000', 'hex'),
  ])
  const row = Buffer.concat([Buffer.from([0, 1, 0, 0, 0, text.length]), text])
  const answer = [
    message('T', Buffer.concat([Buffer.from([0, 1]), column])),
    message('D', row),
    message('C', Buffer.from('SHOW\0')),
  ]
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let greeted = false
    socket
      .on('error', () => undefined)
      .on('data', () => {
        if (!greeted) socket.write(Buffer.concat([message('R', Buffer.alloc(4)), ready]))
        else socket.write(Buffer.concat([...answer, ready]))
        greeted = true
      })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  return {
    url: `postgres://music@127.0.0.1:${port}/music`,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((done) => server.close(done))
    },
  }
}

/** A server that speaks S3, with one empty bucket; `env` is how the program is told of it. */
export async function s3Store(): Promise<{ env: Record<string, string>; stop(): Promise<void> }> {
  const S3rver = createRequire(import.meta.url)('@20minutes/s3rver') as new (
    options: object,
  ) => { configureBuckets(): Promise<void>; callback(): Parameters<typeof createHttpServer>[1] }
  const directory = mkdtempSync(join(tmpdir(), 'ritornello-s3-'))
  // s3rver signs a slash in a query unescaped, unlike S3 itself.
  const options = { directory, silent: true, allowMismatchedSignatures: true, configureBuckets: [{ name: 'music' }] }
  const store = new S3rver(options)
  await store.configureBuckets()
  const server = createHttpServer(store.callback())
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  return {
    env: {
      S3_BUCKET: 'music',
      S3_ENDPOINT: `http://127.0.0.1:${port}`,
      S3_ACCESS_KEY_ID: 'S3RVER',
      S3_SECRET_ACCESS_KEY: 'S3RVER',
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
