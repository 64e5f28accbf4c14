import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, migrate, readMigrations } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import { emptyDatabase } from '../../../testing/index.ts'

let database: Database
beforeAll(async () => {
  database = await emptyDatabase()
})
afterAll(() => database.close())

test('codes that sequences had given stay whose they were, and those of the erased are still known by their marks', async () => {
  const { pool } = database
  await migrate(
    pool,
    undefined,
    readMigrations().filter(({ name }) => name < '20261208-20'),
  )
  const [artist, batch, sequence, give, bea] = Array.from({ length: 5 }, () => newId())
  await pool.query(`insert into artists (id, slug, name, sort_name) values ('${artist}', 'ana', 'Ana', 'Ana')`)
  await pool.query(
    `insert into code_batches (id, artist_id, subject, name, created_at) values ('${batch}', '${artist}', 'release:${newId()}', 'Cards', now())`,
  )
  await pool.query(
    `insert into codes (code, batch_id, position) select 'C' || n, '${batch}', n from generate_series(1, 5) n`,
  )
  await pool.query(
    `insert into sequences (id, artist_id, name, created_at) values ('${sequence}', '${artist}', 'Welcome', now())`,
  )
  await pool.query(`insert into sequence_gives (id, sequence_id) values ('${give}', '${sequence}')`)
  // Bea has hers, and a second one of before one a person held; one is of somebody erased; one of somebody erased who left no mark.
  await pool.query(
    `insert into sequence_codes (give_id, fan_id, code, given_at, batch_id, marks) values
      ('${give}', '${bea}', 'C1', now(), '${batch}', '{}'), ('${give}', null, 'C2', now(), '${batch}', '{}'),
      ('${give}', null, 'C3', '2026-11-01T00:00:00Z', '${batch}', array[sequence_code_mark('${batch}', 'hash')]),
      ('${give}', null, 'C4', now(), '${batch}', '{}')`,
  )
  await pool.query(
    `insert into given_codes (batch_id, fan_id, code, given_at) values ('${batch}', '${bea}', 'C1', now())`,
  )

  await migrate(pool)
  const { rows } = await pool.query(
    `select code, fan_id as fan, marks = array[given_code_mark(batch_id, 'hash')] as "isKnown" from given_codes order by code`,
  )
  expect(rows).toEqual([
    { code: 'C1', fan: bea, isKnown: false },
    { code: 'C3', fan: null, isKnown: true },
  ])
})
