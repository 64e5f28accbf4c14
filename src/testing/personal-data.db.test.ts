import { afterAll, beforeAll, expect, test } from 'vitest'
import { PERSONAL_DATA } from '../app.ts'
import { type TestPlatform, testPlatform } from './index.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

test('every table that names a person, a fan or an address of one has a domain that exports, erases and merges it', async () => {
  const { rows } = await platform.pool.query<{ name: string }>(
    `select distinct c.table_name as name from information_schema.columns c join pg_class t on t.relname = c.table_name
     where c.table_schema = 'public' and not t.relispartition and t.relkind in ('r', 'p')
       and (c.column_name in ('person_id', 'fan_id', 'address_id', 'address_hash') or c.column_name like '%\\_fan_id' or c.column_name like '%\\_person_id')`,
  )
  const answered = new Set(PERSONAL_DATA.flatMap(({ tables }) => tables))
  expect(
    rows
      .map(({ name }) => name)
      .filter((name) => !answered.has(name))
      .sort(),
  ).toEqual([])
  const { rows: tables } = await platform.pool.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public'`,
  )
  const there = new Set(tables.map(({ name }) => name))
  expect([...answered].filter((name) => !there.has(name))).toEqual([])
})

test('each of them reads, erases and merges on the schema of today', async () => {
  const nobody = {
    fanId: '01a21330-0000-7000-8000-000000000001',
    personIds: ['01a21330-0000-7000-8000-000000000002'],
    addressIds: ['01a21330-0000-7000-8000-000000000003'],
    addressHashes: [],
  }
  for (const part of PERSONAL_DATA) {
    expect(Object.keys(await part.know(platform.db, nobody)).length).toBeGreaterThan(0)
    await platform.db.transaction().execute(async (tx) => {
      await part.merge(tx, nobody, { ...nobody, fanId: '01a21330-0000-7000-8000-000000000004' })
      await part.erase(tx, nobody)
    })
  }
})
