import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Config, readConfig } from '../platform/config.ts'
import { dataDirPaths, prepareDataDir } from '../platform/data-dir.ts'
import { connect } from '../platform/database/index.ts'
import { startEmbedded } from '../platform/postgres/embedded.ts'
import { binariesOf } from '../platform/postgres/old-binaries.ts'
import { diskStorage } from '../platform/storage/disk.ts'
import { everyRow, smallWorld } from '../testing/backup.fixtures.ts'
import { bringUpToDate } from './migrate.ts'
import { onDatabase } from './on-database.ts'
import { upgradeDatabase } from './upgrade-database.ts'

let config: Config
beforeAll(() => {
  const dir = mkdtempSync(join(tmpdir(), 'upgrade-'))
  chmodSync(dir, 0o711)
  config = readConfig({ DATA_DIR: dir }, dir)
})
afterAll(() => rmSync(config.dataDir, { recursive: true, force: true }))

const withDatabase = async <T>(url: string, work: (database: Awaited<ReturnType<typeof connect>>) => Promise<T>) => {
  const database = await connect(url, { max: 2 })
  return work(database).finally(() => database.close())
}

test('data written by Postgres 15 goes on under 18, with nothing left behind', { timeout: 180_000 }, async () => {
  const paths = prepareDataDir(config.dataDir)
  const old = join(config.dataDir, 'postgres-15')
  const fifteen = await startEmbedded(old, config.dataDir, {}, await binariesOf(15))
  await bringUpToDate(config, fifteen.url)
  const before = await withDatabase(fifteen.url, async (database) => {
    await smallWorld({ ...database, storage: diskStorage(paths.files) })
    return everyRow(database.pool)
  })
  await fifteen.stop()

  await expect(onDatabase(config, async () => undefined)).rejects.toThrow('Run ./ritornello upgrade-database')
  const said = vi.spyOn(console, 'log').mockReturnValue(undefined)
  expect(await upgradeDatabase(config, ['--json'])).toBe(0)
  expect(JSON.parse(said.mock.lastCall?.[0])).toMatchObject({ from: 15, to: 18, old: `${old}-replaced` })
  expect(existsSync(old)).toBe(false)
  expect(existsSync(`${old}-replaced`)).toBe(true)

  await onDatabase(config, async (url) => {
    await withDatabase(url, async ({ pool }) => {
      const after = await everyRow(pool)
      expect((await pool.query('show server_version')).rows[0].server_version).toMatch(/^18\./)
      expect(after['sessions']).toHaveLength(1)
      for (const table of ['migrations', 'workers']) {
        delete before[table]
        delete after[table]
      }
      expect(after).toEqual(before)
    })
  })
  expect(await upgradeDatabase(config, ['--json'])).toBe(0)
  expect(existsSync(dataDirPaths(config.dataDir).postgres)).toBe(true)
})
