import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@playwright/test'
import { forgetPlace, freePort, newPlace, runCommand, startProgram } from './support/program.ts'
import { databaseIn, postgresOfTheirs, query, s3Store } from './support/servers.ts'

/** No page and no browser here: the commands that a host types. */

const MAIN = join(resolve(import.meta.dirname, '..'), 'dist/server/main.js')
const newData = () => join(newPlace(), 'data')
const files = (dataDir: string) =>
  readdirSync(join(dataDir, 'files'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dataDir.length))
    .sort()

/** A start with an artist, and a picture of `megabytes` with its renditions. */
async function filled(megabytes = 1) {
  const program = await startProgram({ dataDir: newData() })
  const { dataDir } = program
  const picture = Buffer.alloc(megabytes * 1_000_000, 'not really a picture ')
  const sha256 = createHash('sha256').update(picture).digest('hex')
  mkdirSync(join(dataDir, 'files/images', sha256), { recursive: true })
  for (const name of ['original', '160.avif', '160.webp', '160.jpg'])
    writeFileSync(join(dataDir, 'files/images', sha256, name), picture)
  const url = databaseIn(dataDir)
  const [image] = await query(
    url,
    `insert into images (id, sha256, width, height, widths) values (gen_random_uuid(), $1, 160, 160, '{160}') returning id`,
    [sha256],
  )
  await query(
    url,
    `insert into artists (id, slug, name, sort_name, portrait_image_id) values (gen_random_uuid(), 'ana', 'Ana « Ça »', 'Ana', $1)`,
    [image?.['id']],
  )
  return program
}

const json = ({ code, stdout, stderr }: Awaited<ReturnType<typeof runCommand>>) => {
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout)
}

test('from the database inside to one of theirs, from disk to S3, and back again, encrypted on the way', async () => {
  const theirs = await postgresOfTheirs()
  const s3 = await s3Store()
  const program = await filled()
  const { dataDir } = program
  const BACKUP_PASSPHRASE = 'correct horse battery staple'
  const there = join(dirname(dataDir), 'there.tar.zst.age')
  const saved = json(await runCommand(['backup', there, '--json'], { DATA_DIR: dataDir, BACKUP_PASSPHRASE }))
  expect(saved).toMatchObject({ file: there, files: 4, missing: [], bytes: statSync(there).size })
  await program.stop()

  const away = { DATA_DIR: newData(), DATABASE_URL: theirs.url, ...s3.env, BACKUP_PASSPHRASE }
  expect(json(await runCommand(['restore', there, '--json'], away))).toMatchObject({ files: 4, rows: saved.rows })
  expect(await query(theirs.url, 'select slug, name from artists')).toEqual([{ slug: 'ana', name: 'Ana « Ça »' }])
  expect(files(away.DATA_DIR)).toEqual([])
  expect(readFileSync(join(away.DATA_DIR, 'secret.key'))).toEqual(readFileSync(join(dataDir, 'secret.key')))

  // It lives there, is looked at, and leaves again while it serves.
  const guest = await startProgram({ dataDir: away.DATA_DIR, env: away })
  const looked = json(await runCommand(['doctor', '--json'], { ...away, PORT: String(guest.port) }))
  expect(looked.findings.filter(({ state }: { state: string }) => state === 'bad')).toEqual([])
  const back = join(dirname(dataDir), 'back.tar')
  json(await runCommand(['backup', back, '--json'], { ...away, BACKUP_PASSPHRASE: '' }))
  const busy = await runCommand(['restore', back, '--yes'], { ...away, DATA_DIR: newData() })
  expect(busy.stderr).toContain('Ritornello is running on this database')
  await guest.stop()

  const home = newData()
  json(await runCommand(['restore', back, '--json'], { DATA_DIR: home }))
  expect(files(home)).toEqual(files(dataDir))
  for (const file of files(home))
    expect(readFileSync(join(home, file)).equals(readFileSync(join(dataDir, file)))).toBe(true)
  const again = await startProgram({ dataDir: home })
  expect(await query(databaseIn(home), 'select slug from artists')).toEqual([{ slug: 'ana' }])
  await again.stop()
  await theirs.stop()
  await s3.stop()
  for (const dir of [dataDir, away.DATA_DIR, home]) forgetPlace(dir)
})

test('what cannot be restored is refused in a sentence, and nothing is touched', async () => {
  const program = await filled()
  const { dataDir } = program
  const file = join(dirname(dataDir), 'a.tar')
  const refuses = async (name: string, env: Record<string, string>) => {
    const { code, stderr } = await runCommand(['restore', name], env)
    expect(code).toBe(1)
    expect(stderr).not.toMatch(/^\s+at /m)
    return stderr
  }
  json(await runCommand(['backup', file, '--json'], { DATA_DIR: dataDir }))
  expect(await refuses(file, { DATA_DIR: dataDir })).toContain('already running on this data folder')
  await program.stop()
  expect(await refuses(file, { DATA_DIR: dataDir })).toContain('This place is not empty')
  const empty = newData()
  expect(await refuses(join(dataDir, 'none.tar'), { DATA_DIR: empty })).toContain('There is no file')
  const cut = join(dirname(dataDir), 'cut.tar')
  writeFileSync(cut, readFileSync(file).subarray(0, 100_000))
  expect(await refuses(cut, { DATA_DIR: empty })).toContain('it ends too early')
  const piped = execFileSync('sh', ['-c', `cat "${file}" | "${process.execPath}" "${MAIN}" restore - --json`], {
    env: { PATH: process.env['PATH'], DATA_DIR: empty },
  })
  expect(JSON.parse(piped.toString())).toMatchObject({ files: 4 })
  for (const dir of [dataDir, empty]) forgetPlace(dir)
})

test('a restore that is killed half-way says so at the next start, and is finished by running it again', async () => {
  const program = await filled(60)
  const file = join(dirname(program.dataDir), 'a.tar')
  json(await runCommand(['backup', file, '--json'], { DATA_DIR: program.dataDir }))
  await program.stop()
  const dataDir = newData()
  const child = spawn(process.execPath, [MAIN, 'restore', file], {
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir },
    stdio: 'ignore',
  })
  const marker = join(dataDir, 'restore-unfinished.json')
  await expect
    .poll(() => statSync(marker, { throwIfNoEntry: false }) !== undefined, { intervals: [5], timeout: 60_000 })
    .toBe(true)
  child.kill('SIGKILL')
  await new Promise((done) => child.once('exit', done))
  const start = await runCommand([], { DATA_DIR: dataDir, PORT: String(await freePort()) })
  expect(start.code).toBe(1)
  expect(start.stderr).toContain('was interrupted')
  expect(start.stderr).toContain(`./ritornello restore ${file}`)
  json(await runCommand(['restore', file, '--json'], { DATA_DIR: dataDir }))
  expect(files(dataDir)).toEqual(files(program.dataDir))
  const again = await startProgram({ dataDir })
  await again.stop()
  for (const dir of [dataDir, program.dataDir]) forgetPlace(dir)
})

test('a full disk: the program, a backup and a restore each say so, and leave no half file', async () => {
  const disk = join(newPlace(), 'disk')
  mkdirSync(disk, { mode: 0o711 })
  if (!mounted(disk, '120m')) return expect(process.getuid?.(), 'only root can make a small disk').not.toBe(0)
  try {
    const program = await filled(35)
    const { dataDir } = program
    const onDisk = join(disk, 'a.tar')
    const backup = await runCommand(['backup', onDisk], { DATA_DIR: dataDir })
    expect(backup.code).toBe(1)
    expect(backup.stderr).toContain('the disk is full. Nothing is left of it.')
    expect(readdirSync(disk)).toEqual([])

    const elsewhere = join(dirname(dataDir), 'a.tar')
    json(await runCommand(['backup', elsewhere, '--json'], { DATA_DIR: dataDir }))
    await program.stop()
    const restore = await runCommand(['restore', elsewhere], { DATA_DIR: join(disk, 'data') })
    expect(restore.code).toBe(1)
    expect(restore.stderr).toMatch(/disk is full/)
    expect(restore.stderr).not.toMatch(/^\s+at /m)
    rmSync(join(disk, 'data'), { recursive: true })

    const free = 20 * 1024 * 1024
    execFileSync('fallocate', ['-l', String(120 * 1024 * 1024 - free), join(disk, 'ballast')])
    const start = await runCommand([], { DATA_DIR: join(disk, 'data'), PORT: String(await freePort()) })
    expect(start.code).toBe(1)
    expect(start.stderr).toContain('the disk is full')
    forgetPlace(dataDir)
  } finally {
    execFileSync('umount', [disk])
  }
})

test('backups by the clock come, and the oldest go', async () => {
  const program = await filled()
  const { dataDir, port } = program
  await program.stop()
  for (const day of ['01', '02', '03'])
    writeFileSync(join(dataDir, 'backups', `scheduled-202601${day}-000000.tar`), 'an old one')
  writeFileSync(join(dataDir, 'backups/my-own.tar'), 'not theirs to remove')
  const again = await startProgram({ dataDir, port, env: { BACKUP_EVERY_HOURS: '1', BACKUP_KEEP: '2' } })
  await query(databaseIn(dataDir), `select graphile_worker.add_job('platform.backup', '{}')`)
  await expect
    .poll(() => readdirSync(join(dataDir, 'backups')).sort(), { timeout: 30_000 })
    .toEqual(['my-own.tar', 'scheduled-20260103-000000.tar', expect.stringMatching(/^scheduled-2\d{7}-\d{6}\.tar$/)])
  await query(databaseIn(dataDir), `select graphile_worker.add_job('platform.backup', '{}')`)
  await sleep(3_000)
  expect(readdirSync(join(dataDir, 'backups'))).toHaveLength(3)
  await again.stop()
  forgetPlace(dataDir)
})

function mounted(place: string, size: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0711`, 'tmpfs', place], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
