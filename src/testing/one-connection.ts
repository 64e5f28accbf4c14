import { AsyncLocalStorage } from 'node:async_hooks'
import { TransactionBuilder } from 'kysely'
import pg from 'pg'

/**
 * Whoever asks for a second connection while a transaction of theirs holds one waits for somebody to give theirs back; when all are held by such, nobody
 * does, and the program stands still until they give up. In the tests it fails at once.
 */
type Held = { now: boolean }
/** Read once, though each test file reads it again. */
const shared = globalThis as { oneConnection?: AsyncLocalStorage<Held> }
const holding = shared.oneConnection ?? watch()

/** What is done meanwhile by somebody else, though it is written within a transaction. */
export const bySomebodyElse = <T>(act: () => T): T => holding.exit(act)

function watch(): AsyncLocalStorage<Held> {
  const here = new AsyncLocalStorage<Held>()
  shared.oneConnection = here
  const { execute } = TransactionBuilder.prototype
  TransactionBuilder.prototype.execute = function <T>(callback: (tx: never) => Promise<T>): Promise<T> {
    const held = { now: false }
    return here.run(held, () =>
      execute.call(this, async (tx) => {
        held.now = true
        try {
          return await callback(tx as never)
        } finally {
          held.now = false
        }
      }),
    ) as Promise<T>
  }
  const connect = pg.Pool.prototype.connect as (this: pg.Pool, ...args: unknown[]) => unknown
  pg.Pool.prototype.connect = function (this: pg.Pool, ...args: unknown[]) {
    if (here.getStore()?.now) throw new Error('A second connection is asked for while a transaction holds one.')
    return connect.apply(this, args)
  } as typeof pg.Pool.prototype.connect
  return here
}
