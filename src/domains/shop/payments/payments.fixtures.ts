import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import { openStripePeer, type StripePeer, type TestPlatform, testApp, testPlatform } from '../../../testing/index.ts'
import { accountById, useAccount } from './accounts.store.ts'
import type { Provider } from './provider.types.ts'
import { providerOf } from './providers.ts'

/** A place that takes cards, at an address where it can be told of them, and the peer that it pays through. */
export async function openPlace() {
  const peer = await openStripePeer({ now: () => platform.now() })
  const platform = await testPlatform({ STRIPE_URL: peer.url })
  const web = createAdaptorServer({ fetch: testApp(platform).fetch, createServer }) as Server
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
  return {
    platform,
    peer,
    at: `http://127.0.0.1:${(web.address() as AddressInfo).port}`,
    async close() {
      web.closeAllConnections()
      web.close()
      await peer.close()
      await platform.close()
    },
  }
}

/** Who takes the money for an account, to be asked beside what the program asks. */
export async function providerAt(platform: TestPlatform, accountId: string): Promise<Provider> {
  const account = await accountById(platform.db, accountId)
  if (!account) throw new Error('There is no such account')
  return providerOf(platform, account)
}

/** A seller's account at the peer, with the address where we are told of it. */
export async function givenAccount(
  platform: TestPlatform,
  peer: StripePeer,
  hooksAt: string,
  { sellerId, ...said }: { sellerId: string } & NonNullable<Parameters<StripePeer['addAccount']>[0]>,
) {
  const theirs = peer.addAccount(said)
  const secret = `whsec_${newId()}`
  const id = await platform.db.transaction().execute((tx) =>
    useAccount(tx, platform.sealer, {
      ...{ sellerId, account: theirs.id, isLive: !theirs.key.includes('_test_'), at: platform.now(), via: null },
      facts: { name: theirs.name, country: theirs.country, currency: theirs.currency.toUpperCase(), charges: true },
      secrets: { key: theirs.key, hooks: [secret] },
    }),
  )
  peer.listen({ url: `${hooksAt}/hooks/stripe/${id}`, secret, account: theirs.id, connect: false })
  return { id, theirs, secret }
}

/** What stands on the accounts of a seller's books, in each currency; and what all of it sums to in that of the books. */
export async function standing(db: Db, sellerId: string): Promise<{ accounts: Record<string, number>; sum: number }> {
  const { rows } = await sql<{ name: string; amount: number }>`
    select a.kind || case when a.of = '' then '' else ' ' || a.of end || ' ' || l.currency as name, sum(l.amount)::bigint as amount
    from ledger_accounts a join ledger_lines l on l.account_id = a.id
    where a.seller_id = ${sellerId} group by 1 having sum(l.amount) <> 0 order by 1`.execute(db)
  const { rows: sums } = await sql<{ sum: number }>`
    select coalesce(sum(base_amount), 0)::bigint as sum from ledger_lines l join ledger_entries e on e.id = l.entry_id where e.seller_id = ${sellerId}`.execute(
    db,
  )
  return { accounts: Object.fromEntries(rows.map(({ name, amount }) => [name, amount])), sum: sums[0]?.sum ?? 0 }
}
