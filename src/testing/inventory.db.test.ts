import { afterAll, beforeAll, expect, test } from 'vitest'
import { INVENTORY } from '../inventory.ts'
import { type TestPlatform, testPlatform } from './index.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

const column = async (text: string, values: unknown[] = []) =>
  (await platform.pool.query<{ name: string }>(text, values)).rows.map(({ name }) => name)

const leftOut = Object.keys(INVENTORY.leftOut)

test('every table that a backup leaves out exists', async () => {
  const tables = await column(`select tablename as name from pg_tables where schemaname = 'public'`)
  expect(leftOut.filter((name) => !tables.includes(name))).toEqual([])
})

test('no row of a backup needs a row that is left out', async () => {
  const broken = await column(
    `select format('%s -> %s', conrelid::regclass, confrelid::regclass) as name from pg_constraint
     where contype = 'f' and confrelid::regclass::text = any($1) and not conrelid::regclass::text = any($1)`,
    [leftOut],
  )
  expect(broken).toEqual([])
})

test('every table with a file says which files it needs, or is left out', async () => {
  const withFiles = await column(
    `select distinct table_name as name from information_schema.columns where table_schema = 'public' and column_name like '%storage_key'`,
  )
  const answered = [...Object.keys(INVENTORY.files), ...leftOut]
  expect(withFiles.filter((name) => !answered.includes(name))).toEqual([])
  for (const query of Object.values(INVENTORY.files)) {
    const { fields } = await platform.pool.query(query)
    expect(fields.map(({ name }) => name)).toEqual(['key', 'size'])
  }
})
