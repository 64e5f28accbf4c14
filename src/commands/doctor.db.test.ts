import { chmodSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Config } from '../platform/config.ts'
import { smallWorld } from '../testing/backup.fixtures.ts'
import { type TestPlatform, testPlatform } from '../testing/index.ts'
import { doctor } from './doctor.ts'
import type { Finding } from './doctor-installation.ts'

let platform: TestPlatform
let config: Config
beforeAll(async () => {
  platform = await testPlatform()
  await smallWorld(platform)
  config = { ...platform.config, databaseUrl: platform.pool.options.connectionString as string }
})
afterAll(() => platform.close())

async function look(over: Partial<Config> = {}): Promise<{ code: number; bad: string[]; all: Finding[] }> {
  const said = vi.spyOn(console, 'log').mockReturnValue(undefined)
  const code = await doctor({ ...config, baseUrl: 'https://music.example', ...over }, ['--json'])
  const { findings } = JSON.parse(said.mock.lastCall?.[0]) as { findings: Finding[] }
  const bad = findings.filter(({ state, what }) => state === 'bad' && what !== 'program').map(({ says }) => says)
  return { code, bad, all: findings }
}

test('a sound installation has nothing bad', async () => {
  const { bad, all } = await look()
  expect(bad).toEqual([])
  expect(all.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['Node', 'disk', 'database', 'schema', 'jobs', 'clock']),
  )
  expect(all.every(({ state, mend, says }) => state !== 'bad' || mend !== undefined || says.includes('.'))).toBe(true)
})

test('what is wrong is said, and ends with 1', async () => {
  expect((await look({ baseUrl: 'http://music.example' })).bad).toEqual([expect.stringContaining('is not https')])
  expect((await look({ baseUrl: 'https://music.example/sub' })).bad).toEqual([expect.stringContaining('with a path')])
  expect((await look({ smtpUrl: 'smtp://127.0.0.1:9', mailFrom: 'a@example.org' })).bad).toEqual([
    '127.0.0.1:9 cannot be reached (ECONNREFUSED)',
  ])
  const unreachable = await look({ databaseUrl: 'postgres://a:secret@127.0.0.1:9/music' })
  expect(unreachable.bad).toEqual([expect.stringContaining('nothing listens there')])
  expect(unreachable.bad.join()).not.toContain('secret')
  expect(unreachable.code).toBe(1)
})

test('a key that others can read, a key that is none', async () => {
  writeFileSync(platform.paths.secretKey, 'too short')
  chmodSync(platform.paths.secretKey, 0o644)
  expect((await look({ secretKey: null })).bad).toEqual([
    `${platform.paths.secretKey} can be read by other users`,
    expect.stringContaining('is too short'),
  ])
  chmodSync(platform.paths.secretKey, 0o600)
})

test('files that rows need and are not there, of another size, or of nobody', async () => {
  await platform.storage.remove('masters/01/master-1')
  await platform.storage.put('masters/02/master-2', Buffer.from('cut'))
  await platform.storage.put('masters/09/stray', Buffer.from('stray'))
  const old = new Date(Date.now() - 3 * 24 * 3_600_000)
  utimesSync(join(platform.paths.files, 'masters/09/stray'), old, old)
  const { bad, all } = await look()
  expect(bad).toEqual([
    '1 files that the database speaks of are not there, for example masters/01/master-1',
    '1 files have not the size that they should, for example masters/02/master-2',
  ])
  expect(all.find(({ says }) => says.includes('belong to nothing'))?.says).toContain('masters/09/stray')
})

test('a failed job, and one held by a worker that is gone', async () => {
  await platform.pool.query(
    `update graphile_worker._private_jobs set attempts = max_attempts, last_error = 'it broke' where key = 'prepare-1'`,
  )
  await platform.pool.query(
    `update graphile_worker._private_jobs set locked_by = 'ghost', locked_at = now() - interval '1 hour' where key = 'platform.tidy'`,
  )
  const says = (await look()).all.map((finding) => finding.says)
  expect(says).toContainEqual(expect.stringMatching(/^1 have failed, the last audio\.prepare .*it broke$/))
  expect(says).toContainEqual('1 jobs are held by workers that are gone')
})
