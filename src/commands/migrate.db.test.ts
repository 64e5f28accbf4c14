import { expect, test } from 'vitest'
import { freshDatabase } from '../testing/database.ts'
import { JOB_TABLES } from './migrate.ts'

test('the tables of jobs that a start takes for current are those that the installed package lays', async () => {
  const { pool, close } = await freshDatabase()
  const { rows } = await pool.query('select max(id) as last from graphile_worker.migrations')
  expect(rows).toEqual([{ last: JOB_TABLES }])
  await close()
})
