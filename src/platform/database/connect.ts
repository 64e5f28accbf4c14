import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely'
import type pg from 'pg'
import { openPool } from './pool.ts'
import { keepPlans } from './prepared.ts'
import type { Db, Tables } from './tables.ts'
import { wakeWorkers } from './wake.ts'

export type Database = {
  db: Db
  pool: pg.Pool
  url: string
  close(): Promise<void>
}

/** {@link openPool}, and typed queries on it. Throws a `Sentence` when the server is not there or too old. */
export async function connect(url: string, { max = 10 } = {}): Promise<Database> {
  const wake = wakeWorkers(() => pool)
  const pool: pg.Pool = await openPool(url, {
    max,
    each(client) {
      keepPlans(client)
      wake(client)
    },
  })
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
  return {
    db,
    pool,
    url,
    async close() {
      await db.destroy()
      // Kysely ends the pool only when it has used it.
      if (!pool.ended) await pool.end()
    },
  }
}
