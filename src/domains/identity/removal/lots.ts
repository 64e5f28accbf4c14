import type { Db, Tx } from '../../../platform/database/index.ts'

/** Repeats a bearable piece of work, each in a transaction of its own, until it finds nothing more to do. `some` answers with how much it did. */
export async function inLots(db: Db, some: (tx: Tx) => Promise<number>): Promise<void> {
  while ((await db.transaction().execute(some)) > 0);
}
