import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { askOutside } from '../../../platform/http/index.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { Content } from '../content.ts'

type Deps = Pick<Platform, 'db' | 'now' | 'config' | 'sealer'>

/** Somebody is told at most so often before the rest is left to the next change; graphile-worker's pauses grow to hours by then. */
const ATTEMPTS = 12

/** These feeds have changed: each subscriber whose lease runs is told by a job of its own, and the outside hubs are. */
export async function distribute({ db, now, config }: Deps, paths: string[]): Promise<void> {
  const topics = paths.map((path) => config.baseUrl + path)
  const subscriptions = await db
    .selectFrom('websubSubscriptions')
    .select('id')
    .where('topic', 'in', topics)
    .where('leaseUntil', '>', now())
    .execute()
  await db.transaction().execute(async (tx) => {
    // One key: what changed twice before it was told is told once, as it is then.
    for (const { id } of subscriptions)
      await addJob(tx, 'feeds.push', { subscriptionId: id }, { key: `feeds.push:${id}`, attempts: ATTEMPTS })
    for (const hub of config.websubHubs) await addJob(tx, 'feeds.ping', { hub, topics }, { attempts: 5 })
  })
}

/** Sends the feed as it is now to one subscriber (WebSub, section 7). Throws when it is to be tried again. */
export async function push(
  platform: Deps,
  content: (path: string) => Promise<Content | null>,
  { subscriptionId }: { subscriptionId: string },
): Promise<void> {
  const { db, now, config, sealer } = platform
  const row = await db
    .selectFrom('websubSubscriptions')
    .selectAll()
    .where('id', '=', subscriptionId)
    .where('leaseUntil', '>', now())
    .executeTakeFirst()
  const found = row && (await content(new URL(row.topic).pathname))
  if (!row || !found) return
  const secret = row.secret && sealer.unseal('websub', row.secret)
  const body = Buffer.from(found.text)
  const { status } = await askOutside(config.baseUrl, {
    url: row.callback,
    method: 'POST',
    headers: {
      'Content-Type': found.type,
      Link: `<${config.baseUrl}/websub>; rel="hub", <${row.topic}>; rel="self"`,
      ...(secret && { 'X-Hub-Signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` }),
    },
    body,
    timeoutMs: 15_000,
    maxBytes: 1_024,
  }).catch(async (error: Error) => {
    await note(platform, subscriptionId, error.message)
    throw error
  })
  if (status === 410) {
    await db.deleteFrom('websubSubscriptions').where('id', '=', subscriptionId).execute()
    return
  }
  if (status < 200 || status >= 300) {
    await note(platform, subscriptionId, `HTTP ${status}`)
    throw new Error(`${new URL(row.callback).host} answers ${status}`)
  }
  await db
    .updateTable('websubSubscriptions')
    .set({ toldAt: now(), problem: null })
    .where('id', '=', subscriptionId)
    .execute()
}

const note = ({ db }: Pick<Platform, 'db'>, id: string, problem: string) =>
  db.updateTable('websubSubscriptions').set({ problem }).where('id', '=', id).execute()

/** Tells a hub elsewhere that these feeds have changed; it comes and reads them. */
export async function pingHub(
  { config }: Pick<Platform, 'config'>,
  { hub, topics }: { hub: string; topics: string[] },
) {
  const body = new URLSearchParams({ 'hub.mode': 'publish' })
  for (const topic of topics) body.append('hub.url', topic)
  const { status } = await askOutside(config.baseUrl, {
    url: hub,
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: body.toString(),
    timeoutMs: 10_000,
    maxBytes: 1_024,
  })
  if (status < 200 || status >= 300) throw new Error(`${new URL(hub).host} answers ${status}`)
}

/** Leases that ended a month ago are forgotten. */
export async function forgetOldLeases({ db, now }: Pick<Platform, 'db' | 'now'>): Promise<void> {
  await sql`delete from websub_subscriptions where lease_until < ${now()}::timestamptz - interval '30 days'`.execute(db)
}
