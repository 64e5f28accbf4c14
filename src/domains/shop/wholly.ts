import type { Db, Tx } from '../../platform/database/index.ts'
import type { Result } from '../../platform/result.ts'

const ROLL_BACK = new Error('nothing of it stays')

/** A transaction of which nothing stays when its outcome is a problem. */
export async function wholly<T, E>(db: Db, work: (tx: Tx) => Promise<Result<T, E>>): Promise<Result<T, E>> {
  let outcome: Result<T, E> | undefined
  await db
    .transaction()
    .execute(async (tx) => {
      outcome = await work(tx)
      if (!outcome.ok) throw ROLL_BACK
    })
    .catch((error: unknown) => {
      if (error !== ROLL_BACK) throw error
    })
  return outcome as Result<T, E>
}
