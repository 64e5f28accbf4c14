import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import {
  bundled,
  givenSeller,
  openStripePeer,
  type StripePeer,
  type TestPlatform,
  testPlatform,
} from '../../../testing/index.ts'
import { createArtist } from '../../identity/index.ts'
import { placeOrder } from '../place-order.ts'
import { anOrder, givenBasket, givenProduct } from '../shop.fixtures.ts'
import { beginPayment, CARD_HOLD_SECONDS } from './begin-payment.ts'
import { givenAccount, standing } from './payments.fixtures.ts'

let platform: TestPlatform
let peer: StripePeer
let port: number
let program: string
let web: ChildProcess | null = null

beforeAll(async () => {
  program = await bundled('src/testing/web-process.ts')
  peer = await openStripePeer({ now: () => platform.now() })
  platform = await testPlatform({ STRIPE_URL: peer.url })
  port = await freePort()
})
afterAll(async () => {
  await kill()
  await peer.close()
  await platform.close()
  rmSync(program)
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

/** A web process of the real app, on the same database, at the address that the provider was told. */
async function start(): Promise<void> {
  web = fork(program, {
    execArgv: [],
    env: {
      ...process.env,
      ...{ DATABASE_URL: platform.pool.options.connectionString, DATA_DIR: platform.config.dataDir, PORT: `${port}` },
      ...{ SECRET_KEY: platform.config.secretKey ?? '', BASE_URL: platform.config.baseUrl, STRIPE_URL: peer.url },
    },
  })
  const said = await Promise.race([once(web, 'message'), once(web, 'exit')])
  expect(said[0]).toEqual({ port })
}

async function kill(): Promise<void> {
  if (!web || web.exitCode !== null || web.signalCode) return
  const gone = once(web, 'exit')
  web.kill('SIGKILL')
  await gone
}

/** A record of which there are three, with its download, ordered by card and paid at the provider's: nobody has told us yet. */
async function paidThere() {
  const artistId = (await platform.db.transaction().execute((tx) => createArtist(tx, { name: `Ana ${newId()}` }))).id
  const sellerId = await givenSeller(platform.db, { artistId })
  const account = await givenAccount(platform, peer, `http://127.0.0.1:${port}`, { sellerId })
  peer.how.sends = false
  const { variantId } = await givenProduct(platform.db, {
    ...{ artistId, sellerId, price: 2000, weight: 300, stock: 3, subject: `release:${newId()}` },
  })
  const basketId = await givenBasket(platform.db, sellerId, [{ variantId }])
  const hold = { seconds: CARD_HOLD_SECONDS }
  const placed = await placeOrder(platform, anOrder({ basketId, artistId, provider: 'stripe', shipping: 450, hold }))
  if (!placed.ok) throw new Error(JSON.stringify(placed.error))
  const { orderId } = placed.value
  const begun = await beginPayment(platform, orderId, { mayTest: true })
  if (!begun.ok || !begun.value) throw new Error(JSON.stringify(begun))
  peer.pay(new URL(begun.value).pathname.split('/').at(-1) ?? '')
  return { orderId, sellerId, variantId, events: peer.events(account.theirs.id).map(({ id }) => id) }
}
type Paid = Awaited<ReturnType<typeof paidThere>>

/** What stands of an order's payment, wherever it is written. */
async function standsOf({ orderId, sellerId, variantId }: Paid) {
  const { rows } = await platform.pool.query(
    `select o.state,
       (select count(*)::int from payments p where p.order_id = o.id and p.state = 'paid') as payments,
       (select count(*)::int from ledger_entries e where e.seller_id = o.seller_id and e.kind in ('payment', 'sale')) as entries,
       (select count(*)::int from papers p where p.seller_id = o.seller_id) as papers,
       (select count(*)::int from holdings h where h.order_id = o.id) as holdings,
       (select count(*)::int from returns r where r.artist_id = o.artist_id) as returns,
       (select count(*)::int from graphile_worker._private_jobs j where j.payload ->> 'orderId' = o.id::text) as receipts,
       (select count(*)::int from stock_holds h where h.order_id = o.id) as holds, v.stock, v.held
     from orders o, variants v where o.id = $1 and v.id = $2`,
    [orderId, variantId],
  )
  return { ...rows[0], sum: (await standing(platform.db, sellerId)).sum }
}

const NOTHING = {
  ...{ state: 'placed', payments: 0, entries: 0, papers: 0, holdings: 0, returns: 0, receipts: 0 },
  ...{ holds: 1, stock: 3, held: 1, sum: 0 },
}
const WHOLE = {
  ...{ state: 'paid', payments: 1, entries: 2, papers: 1, holdings: 1, returns: 1, receipts: 1 },
  ...{ holds: 0, stock: 2, held: 0, sum: 0 },
}

/** Where its transaction is held up when the process is killed: what it would write next is locked by somebody else. The last: while it commits. */
const AT = [
  ['the payment', 'lock table payments in share mode'],
  ['the books', 'lock table ledger_lines in share mode'],
  ['the receipt', 'lock table graphile_worker._private_jobs in share mode'],
  ['the commit', 'select from variants for update'],
] as const

test('killed in the middle of a webhook, wherever that is: nothing of it stands or all of it does, and told again it is whole, once', async () => {
  await start()
  for (const [where, lock] of AT) {
    const paid = await paidThere()
    expect(await standsOf(paid), where).toEqual(NOTHING)
    const holding = await platform.pool.connect()
    try {
      await holding.query('begin')
      await holding.query(lock)
      const telling = peer.send(paid.events.at(-1) ?? '').catch(() => 'nobody answered')
      await Promise.race([heldUp(), telling])
      await kill()
      expect(await telling, where).toBe('nobody answered')
      await holding.query('rollback')
    } finally {
      holding.release()
    }
    await nobodyThere()
    // Whoever had said "commit" before may find it done; nobody else.
    const after = await standsOf(paid)
    expect([NOTHING, ...(where === 'the commit' ? [WHOLE] : [])], where).toContainEqual(after)
    await start()
    for (const event of [...paid.events, ...paid.events]) expect(await peer.send(event), where).toEqual([204])
    expect(await standsOf(paid), where).toEqual(WHOLE)
  }
}, 300_000)

const others = async (more: string): Promise<number> => {
  const { rows } = await platform.pool.query<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() ${more}`,
  )
  return rows[0]?.n ?? 0
}

/** Until a transaction waits for the lock. */
async function heldUp(): Promise<void> {
  while (web?.signalCode === null && (await others(`and wait_event_type = 'Lock'`)) === 0) await sleep(20)
}

/** Until what the dead process had asked for has ended, one way or the other. */
async function nobodyThere(): Promise<void> {
  while ((await others(`and state in ('active', 'idle in transaction')`)) > 0) await sleep(20)
}
