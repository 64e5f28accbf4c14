import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Logger, runMigrations } from 'graphile-worker'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { INVENTORY } from '../inventory.ts'
import { checkArchive } from '../platform/backup/check-archive.ts'
import { type RestorePlace, restoreArchive } from '../platform/backup/restore-archive.ts'
import { saveBackup } from '../platform/backup/save-backup.ts'
import type { ArchiveSource } from '../platform/backup/write-archive.ts'
import { readMigrations } from '../platform/database/index.ts'
import { newToken } from '../platform/ids.ts'
import { startEmbedded } from '../platform/postgres/embedded.ts'
import { binariesOf } from '../platform/postgres/old-binaries.ts'
import { diskStorage } from '../platform/storage/disk.ts'
import type { Storage } from '../platform/storage/index.ts'
import { addMaster, everyRow, schemaOf, smallWorld } from './backup.fixtures.ts'
import { type TestPlatform, testPlatform } from './index.ts'

let platform: TestPlatform
let dir: string
const closing: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  platform = await testPlatform()
  dir = mkdtempSync(join(tmpdir(), 'backup-'))
  chmodSync(dir, 0o711)
  await smallWorld(platform)
})
afterAll(async () => {
  for (const close of closing.reverse()) await close()
  await platform.close()
  rmSync(dir, { recursive: true })
})

const addressOf = (pool: pg.Pool) => pool.options.connectionString as string

const source = (over: Partial<ArchiveSource> = {}): ArchiveSource => ({
  databaseUrl: addressOf(platform.pool),
  inventory: INVENTORY,
  storage: platform.storage,
  secretKey: 'the key of this place',
  keyFingerprint: 'f',
  program: '1.2.3',
  ...over,
})

/** An empty database and an empty folder. */
async function emptyPlace(
  server = addressOf(platform.pool),
): Promise<RestorePlace & { pool: pg.Pool; storage: Storage }> {
  const name = `restored_${newToken(9).replaceAll('-', '_').toLowerCase()}`
  const administer = async (statement: string) => {
    const client = new pg.Client({ connectionString: server })
    await client.connect()
    await client.query(statement)
    await client.end()
  }
  await administer(`create database "${name}"`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const pool = new pg.Pool({ connectionString: url.href, max: 2 })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  await runMigrations({ pgPool: pool, logger: new Logger(() => () => undefined) })
  closing.push(async () => {
    await pool.end()
    await administer(`drop database "${name}" with (force)`)
  })
  return {
    pool,
    databaseUrl: url.href,
    storage: diskStorage(join(dir, name)),
    inventory: INVENTORY,
    migrations: readMigrations(),
    replaceRows: false,
    beforeFirstChange: async () => undefined,
  }
}

const restore = async (file: string, place: RestorePlace, passphrase: string | null = null) =>
  restoreArchive(file, passphrase, await checkArchive(file, passphrase), place)

async function expectSame(place: { pool: pg.Pool; storage: Storage }) {
  const before = await everyRow(platform.pool)
  const after = await everyRow(place.pool)
  const { migrations: _, ...keptBefore } = before
  const { migrations: __, ...keptAfter } = after
  for (const name of Object.keys(INVENTORY.leftOut)) {
    if (name !== 'migrations') expect(keptAfter[name]).toEqual([])
    delete keptBefore[name]
    delete keptAfter[name]
  }
  expect(keptAfter).toEqual(keptBefore)
  expect(keptAfter['gifts']).toHaveLength(1)
  const keys = async (storage: Storage) =>
    (await Array.fromAsync(storage.list('')))
      .map(({ key, size }) => `${key} ${size}`)
      .filter((key) => !/^encod/.test(key))
  expect((await keys(place.storage)).sort()).toEqual((await keys(platform.storage)).sort())
}

test('everything comes back in an empty place: rows of every type, files, jobs, constraints', async () => {
  const file = join(dir, 'all.tar')
  const saved = await saveBackup(source(), file)
  expect(saved.bytes).toBe(statSync(file).size)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const place = await emptyPlace()
  expect(await restore(file, place)).toMatchObject({ files: 8, jobs: 1 })
  await expectSame(place)
  expect(await schemaOf(place.pool)).toEqual(await schemaOf(platform.pool))
  const { rows: jobs } = await place.pool.query(
    'select task_identifier, queue_name, max_attempts, key from graphile_worker.jobs',
  )
  expect(jobs).toEqual([{ task_identifier: 'audio.prepare', queue_name: 'audio', max_attempts: 7, key: 'prepare-1' }])
  expect((await checkArchive(file, null)).secretKey).toBe('the key of this place')
})

test('a program that has just gone stands in nobody’s way, and one that stays does', async () => {
  const file = join(dir, 'gone.tar')
  await saveBackup(source(), file)
  const place = await emptyPlace()
  const going = new pg.Client({ connectionString: place.databaseUrl, application_name: 'ritornello' })
  await going.connect()
  const restoring = restore(file, place)
  await expect
    .poll(async () => (await place.pool.query(ASKED_WHO_IS_THERE)).rowCount, { timeout: 20_000, interval: 10 })
    .toBe(1)
  await going.end()
  await restoring
  await expectSame(place)
  const staying = new pg.Client({ connectionString: place.databaseUrl, application_name: 'ritornello' })
  await staying.connect()
  await expect(restore(file, { ...place, replaceRows: true })).rejects.toThrow('Ritornello is running on this database')
  await staying.end()
})
const ASKED_WHO_IS_THERE = `select from pg_stat_activity
  where application_name = 'ritornello restore' and datname = current_database() and query like '%pg_stat_activity%'`

test('anybody’s programs open and check it, and find no session, no sign-in link, no salt', async () => {
  const file = join(dir, 'open.tar')
  await saveBackup(source(), file)
  const open = join(dir, 'open')
  mkdirSync(open)
  execFileSync('tar', ['xf', file, '-C', open])
  expect(execFileSync('sha256sum', ['--quiet', '-c', 'SHA256SUMS'], { cwd: open }).toString()).toBe('')
  const tables = readdirSync(join(open, 'rows'))
  expect(tables).toContain('artists.csv')
  for (const name of ['sessions', 'sign_in_links', 'daily_salts', 'encodings'])
    expect(tables).not.toContain(`${name}.csv`)
  expect(readFileSync(join(open, 'rows/tracks.csv'), 'utf8').split('\n')[0]).toMatch(/^id,release_id,recording_id/)
  // What was taken out and packed again by hand is still a backup.
  execFileSync('tar', ['czf', join(dir, 'packed.tar.gz'), '-C', open, '.'])
  const place = await emptyPlace()
  await restore(join(dir, 'packed.tar.gz'), place)
  await expectSame(place)
})

test('what waited to leave when the backup was made leaves nowhere by itself: a person decides', async () => {
  const { id: artistId } = await platform.db.selectFrom('artists').select('id').executeTakeFirstOrThrow()
  const row = `insert into deliveries (kind, artist_id, address, channel, language, state, due_at)`
  await platform.pool.query(
    `${row} values ('answer', $1, 'a@fans.example', 'mail', 'en', 'queued', now()),
      ('answer', $1, 'b@fans.example', 'mail', 'en', 'handing', now()), ('answer', $1, 'c@fans.example', 'mail', 'en', 'handed', now()),
      ('answer', $1, 'd@fans.example', 'mail', 'en', 'queued', now() + interval '1 day')`,
    [artistId],
  )
  await platform.pool.query(
    `insert into announcements (id, artist_id, state, leaves_at) values
      ('00000000-0000-7000-8000-0000000000a1', $1, 'waiting', now()), ('00000000-0000-7000-8000-0000000000a2', $1, 'waiting', now() + interval '1 day')`,
    [artistId],
  )
  await platform.pool.query(
    `insert into sequences (id, artist_id, name, state, version, on_at, seen_until, created_at)
     values ('00000000-0000-7000-8000-0000000000a3', $1, 'Welcome', 'on', 1, now(), now(), now())`,
    [artistId],
  )
  try {
    const place = await emptyPlace()
    const file = join(dir, 'waiting.tar')
    await saveBackup(source(), file)
    await restore(file, place)
    const { rows } = await place.pool.query('select state from deliveries order by address')
    expect(rows.map(({ state }) => state)).toEqual(['uncertain', 'uncertain', 'handed', 'queued'])
    const { rows: announcements } = await place.pool.query('select state from announcements order by id')
    expect(announcements.map(({ state }) => state)).toEqual(['draft', 'waiting'])
    const { rows: sequences } = await place.pool.query('select state from sequences')
    expect(sequences.map(({ state }) => state)).toEqual(['off'])
  } finally {
    await platform.pool.query('delete from deliveries; delete from announcements; delete from sequences')
  }
})

test('compressed and encrypted, it comes back with its passphrase only', async () => {
  for (const name of ['c.tar.gz', 'c.tar.zst', 'c.tar.zst.age']) {
    const passphrase = name.endsWith('.age') ? 'a long enough passphrase' : null
    await saveBackup(source(), join(dir, name), { passphrase })
    const place = await emptyPlace()
    await restore(join(dir, name), place, passphrase)
    await expectSame(place)
  }
  await expect(checkArchive(join(dir, 'c.tar.zst.age'), null)).rejects.toThrow('Set BACKUP_PASSPHRASE')
  await expect(checkArchive(join(dir, 'c.tar.zst.age'), 'not this one, no')).rejects.toThrow('does not open')
  expect(readFileSync(join(dir, 'c.tar.zst.age')).includes('ana@example.org')).toBe(false)
})

test('from Postgres 18 to 15 and back', { timeout: 120_000 }, async () => {
  const data = join(dir, 'fifteen')
  mkdirSync(data, { mode: 0o711 })
  const fifteen = await startEmbedded(join(data, 'postgres-15'), data, { fsync: 'off' }, await binariesOf(15))
  closing.push(() => fifteen.stop({ patient: true }))
  const file = join(dir, 'versions.tar')
  await saveBackup(source(), file)
  const older = await emptyPlace(fifteen.url)
  expect((await older.pool.query('show server_version')).rows[0].server_version).toMatch(/^15\./)
  await restore(file, older)
  await expectSame(older)
  const back = join(dir, 'back.tar')
  const saved = await saveBackup(source({ databaseUrl: older.databaseUrl, storage: older.storage }), back)
  expect(saved.manifest.postgres).toMatch(/^15\./)
  const newer = await emptyPlace()
  await restore(back, newer)
  await expectSame(newer)
})

test('a backup of an older version is brought up to this one’s schema', async () => {
  const file = join(dir, 'older.tar')
  await saveBackup(source(), file)
  const place = await emptyPlace()
  const later = {
    name: '29990101-00-later',
    checksum: 'c',
    sql: `alter table artists add column motto text not null default 'none yet'; alter table artists rename column biography to story;
          update artists set motto = 'was ' || slug`,
  }
  await restore(file, { ...place, migrations: [...readMigrations(), later] })
  const { rows } = await place.pool.query('select motto, story from artists')
  expect(rows).toEqual([{ motto: 'was ana', story: '' }])
  const { rows: applied } = await place.pool.query('select name from migrations order by name desc limit 1')
  expect(applied).toEqual([{ name: '29990101-00-later' }])

  const younger = await emptyPlace()
  await expect(restore(file, { ...younger, migrations: readMigrations().slice(0, -1) })).rejects.toThrow(
    'made by a newer version',
  )
  expect(await everyRow(younger.pool)).toEqual({})
})

test('a place that is not empty is left alone, unless its rows are to be replaced', async () => {
  const file = join(dir, 'twice.tar')
  await saveBackup(source(), file)
  const place = await emptyPlace()
  await restore(file, place)
  await place.pool.query(`update artists set name = 'changed since'`)
  await expect(restore(file, place)).rejects.toThrow('This place is not empty: its table "accounts"')
  let told: boolean | null = null
  await restore(file, {
    ...place,
    replaceRows: true,
    beforeFirstChange: async (filled) => {
      told = filled
    },
  })
  expect(told).toBe(true)
  await expectSame(place)
})

test('what is cut, altered or no backup is refused before anything is touched', async () => {
  const file = join(dir, 'sound.tar')
  await saveBackup(source(), file)
  const bytes = readFileSync(file)
  const broken = join(dir, 'broken.tar')
  const changed = (change: (copy: Buffer) => Buffer) => writeFileSync(broken, change(Buffer.from(bytes)))
  const refuses = (words: string) => expect(checkArchive(broken, null)).rejects.toThrow(words)

  for (const part of [0.3, 0.5, 0.9]) {
    changed((copy) => copy.subarray(0, copy.length * part))
    await refuses('it ends too early')
  }
  for (const end of ['gz', 'zst']) {
    const packed = join(dir, `sound.tar.${end}`)
    await saveBackup(source(), packed)
    writeFileSync(packed, readFileSync(packed).subarray(0, 3_000))
    await expect(checkArchive(packed, null)).rejects.toThrow('cannot be decompressed')
  }
  changed((copy) => copy.fill('z', copy.indexOf('ana@example.org'), copy.indexOf('ana@example.org') + 3))
  await refuses('rows/accounts.csv was altered')
  changed((copy) => copy.fill('9', copy.indexOf('"rows": 1') + 8, copy.indexOf('"rows": 1') + 9))
  await refuses('manifest.json was altered')
  // A header of the archive begins a block of 512 bytes with the name of its file.
  changed((copy) => {
    let header = copy.indexOf('manifest.json')
    while (header % 512 !== 0) header = copy.indexOf('manifest.json', header + 1)
    return copy.fill(0, header)
  })
  await refuses('its end is missing')
  writeFileSync(broken, 'a shopping list')
  await refuses('not a whole backup')
  await expect(checkArchive(join(dir, 'nowhere.tar'), null)).rejects.toThrow('There is no file')
})

test('files that come and go during the backup: every row that is in it has its file', async () => {
  const steps: (() => Promise<unknown>)[] = [
    // While files are copied: one that is still to come goes away, another is added.
    () => platform.pool.query('delete from masters where storage_key like $1', ['%master-2']),
    () => platform.storage.remove('masters/02/master-2'),
    () => addMaster(platform, 2).then(() => platform.storage.remove('masters/03/master-3')),
    () => platform.pool.query('delete from masters where storage_key like $1', ['%master-3']),
  ]
  const busy: Storage = {
    ...platform.storage,
    async open(key, range) {
      await steps.shift()?.()
      return platform.storage.open(key, range)
    },
  }
  const file = join(dir, 'busy.tar')
  const { manifest } = await saveBackup(source({ storage: busy }), file)
  expect(manifest.files.missing).toEqual([])
  const place = await emptyPlace()
  await restore(file, place)
  const { rows } = await place.pool.query<{ storage_key: string }>('select storage_key from masters order by 1')
  expect(rows.map((row) => row.storage_key)).toEqual(['masters/01/master-1', 'masters/02/master-2'])
  for (const row of rows) expect(await place.storage.stat(row.storage_key)).not.toBeNull()
  await addMaster(platform, 3)
})

test('a file that vanished after the rows were read makes them be read again', async () => {
  let fresh = ''
  let asked = 0
  const slippery: Storage = {
    ...platform.storage,
    async stat(key) {
      // Added once the first pass over the files is done, gone when the second comes for it.
      if (key === 'bonus/ab/booklet' && asked++ === 0) {
        await platform.pool.query('delete from masters where storage_key like $1', ['%master-3'])
        await platform.storage.remove('masters/03/master-3')
        fresh = await addMaster(platform, 3, 'masters/03/another')
      } else if (key === fresh && fresh) {
        await platform.pool.query('delete from masters where storage_key = $1', [fresh])
        await platform.storage.remove(fresh)
      }
      return platform.storage.stat(key)
    },
  }
  const { manifest } = await saveBackup(source({ storage: slippery }), join(dir, 'slippery.tar'))
  expect(manifest.files.missing).toEqual([])
  expect(manifest.tables.find(({ name }) => name === 'masters')?.rows).toBe(2)
  await addMaster(platform, 3)
})

test('a file that was lost long ago does not stop the backup, which says so', async () => {
  await platform.storage.remove('bonus/ab/booklet')
  const { manifest } = await saveBackup(source(), join(dir, 'lost.tar'))
  expect(manifest.files.missing).toEqual(['bonus/ab/booklet'])
  await platform.storage.put('bonus/ab/booklet', Buffer.from('%PDF'))
})

test('a long table goes through in parts, in little memory', { timeout: 120_000 }, async () => {
  await platform.pool.query(`
    insert into touches (id, artist_id, subject, channel, referrer, at)
    select gen_random_uuid(), gen_random_uuid(), 'release:' || n, 'page', repeat('x', 60), now() from generate_series(1, 80000) n`)
  const file = join(dir, 'long.tar')
  const { manifest } = await saveBackup(source(), file)
  const touches = manifest.tables.find(({ name }) => name === 'touches')
  expect(touches).toMatchObject({ rows: 80_000 })
  expect(touches?.parts.slice(0, 2)).toEqual(['rows/touches.csv', 'rows/touches.2.csv'])
  const place = await emptyPlace()
  await restore(file, place)
  const { rows } = await place.pool.query('select count(*)::int as n from touches')
  expect(rows).toEqual([{ n: 80_000 }])
  await platform.pool.query('truncate touches')
})

test('stopped half-way, or on a full disk, it leaves nothing', async () => {
  const stop = new AbortController()
  const slow: Storage = {
    ...platform.storage,
    async open(key) {
      stop.abort()
      return platform.storage.open(key)
    },
  }
  const folder = join(dir, 'nothing')
  mkdirSync(folder)
  await expect(saveBackup(source({ storage: slow }), join(folder, 'a.tar'), { signal: stop.signal })).rejects.toThrow(
    'Stopped. No backup was made.',
  )
  const breaking: Storage = {
    ...platform.storage,
    stat: () => Promise.reject(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })),
  }
  await expect(saveBackup(source({ storage: breaking }), join(folder, 'a.tar'))).rejects.toThrow('the disk is full')
  expect(readdirSync(folder)).toEqual([])
  await expect(saveBackup(source(), join(dir, 'no/such/a.tar'))).rejects.toThrow('There is no folder')
})

test('a restore that breaks off leaves the rows as they were', async () => {
  const file = join(dir, 'break.tar')
  await saveBackup(source(), file)
  const place = await emptyPlace()
  const stop = new AbortController()
  const failing: Storage = {
    ...place.storage,
    async put(key, content) {
      if (key.startsWith('masters/')) stop.abort()
      return place.storage.put(key, content)
    },
  }
  const checked = await checkArchive(file, null)
  await expect(restoreArchive(file, null, checked, { ...place, storage: failing }, stop.signal)).rejects.toThrow(
    'abort',
  )
  expect(await everyRow(place.pool)).toEqual({})
  await restore(file, place)
  await expectSame(place)
})
