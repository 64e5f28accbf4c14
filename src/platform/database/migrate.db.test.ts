import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../../testing/index.ts'
import type { Database } from './index.ts'
import { migrate, pendingMigrations, readMigrations } from './migrate.ts'

let database: Database
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.close())

const step = (name: string, sql: string) => ({ name, sql, checksum: `sum of ${sql}` })

test('a database of today waits for nothing', async () => {
  expect(await pendingMigrations(database.pool, readMigrations())).toEqual([])
  expect(await migrate(database.pool)).toEqual([])
})

test('what is new is applied in order, after what must come before', async () => {
  const known = readMigrations()
  const next = [
    step('29990101-00-one', 'create table one (n int)'),
    step('29990101-01-two', 'insert into one values (1)'),
  ]
  const seen: string[] = []
  const before = async () => {
    const { rows } = await database.pool.query(`select to_regclass('one') as there`)
    seen.push(String(rows[0].there))
  }
  expect(await migrate(database.pool, before, [...known, ...next])).toEqual(next.map(({ name }) => name))
  expect(seen).toEqual(['null'])
  expect(await migrate(database.pool, before, [...known, ...next])).toEqual([])
  expect(seen).toHaveLength(1)
  await expect(migrate(database.pool, before, known)).rejects.toThrow(
    'made by a newer version of Ritornello (it has "29990101-00-one"',
  )
  const altered = [...known, step('29990101-00-one', 'create table another ()'), next[1] as (typeof next)[0]]
  await expect(migrate(database.pool, before, altered)).rejects.toThrow('is not the one that this data was made with')
})

test('one that fails leaves nothing of itself, and keeps those before it', async () => {
  const known = readMigrations()
  const applied = [
    step('29990101-00-one', 'create table one (n int)'),
    step('29990101-01-two', 'insert into one values (1)'),
  ]
  const next = [
    step('29990102-00-good', 'create table good ()'),
    step('29990102-01-bad', 'create table half (); select 1 / 0'),
  ]
  const all = [...known, ...applied, ...next]
  await expect(migrate(database.pool, undefined, all)).rejects.toThrow('"29990102-01-bad" failed (division by zero)')
  const { rows } = await database.pool.query(
    `select to_regclass('good') is not null as good, to_regclass('half') is not null as half`,
  )
  expect(rows).toEqual([{ good: true, half: false }])
})

test('two programs that start at once apply each migration once', async () => {
  const known = [
    ...readMigrations(),
    step('29990101-00-one', 'create table one (n int)'),
    step('29990101-01-two', 'insert into one values (1)'),
    step('29990102-00-good', 'create table good ()'),
    step('29990103-00-slow', 'select pg_sleep(0.3); create table slow ()'),
  ]
  const both = await Promise.all([migrate(database.pool, undefined, known), migrate(database.pool, undefined, known)])
  expect(both.flat()).toEqual(['29990103-00-slow'])
})
