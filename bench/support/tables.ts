import type { Platform } from '../../src/platform/platform.ts'

type Pool = Platform['pool']

/** Rows come faster to tables without indexes. Answers with what makes them again, as they were. */
export async function takeIndexesOff(pool: Pool, tables: string[]): Promise<() => Promise<void>> {
  const { rows: keys } = await pool.query<{ table: string; name: string; definition: string }>(
    `select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
     where contype = 'p' and conrelid::regclass::text = any($1)`,
    [tables],
  )
  const { rows: indexes } = await pool.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
     where i.indrelid::regclass::text = any($1) and not i.indisprimary`,
    [tables],
  )
  for (const { table, name } of keys) await pool.query(`alter table ${table} drop constraint ${name}`)
  for (const { name } of indexes) await pool.query(`drop index ${name}`)
  return async () => {
    for (const { definition } of indexes) await pool.query(definition.replace(' ON ONLY ', ' ON '))
    for (const { table, name, definition } of keys)
      await pool.query(`alter table ${table} add constraint ${name} ${definition}`)
  }
}

/** Every row of the table is read, by one process. */
export async function scanOf(pool: Pool, table: string): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query(
      'set local enable_indexscan = off; set local enable_indexonlyscan = off; set local enable_bitmapscan = off; set local max_parallel_workers_per_gather = 0',
    )
    await client.query(`select count(*) from ${table}`)
    await client.query('commit')
  } finally {
    client.release()
  }
}
