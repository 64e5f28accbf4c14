import './tables.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { addJob } from '../../platform/jobs/index.ts'
import type { Channel } from '../fans/index.ts'
import { providerFor } from './providers.store.ts'
import { plainer } from './sms.rules.ts'
import type { DeliveryKind, OwnMessage } from './tables.ts'

/** A message with its own words: an answer, a confirmation, the receipt of a STOP. */
export type NewDelivery = {
  kind: Exclude<DeliveryKind, 'announcement' | 'letter'>
  channel: Channel
  artistId?: string | null
  labelId?: string | null
  fanId?: string | null
  addressId?: string | null
  /** As it is written; the row of `addressId` prevails if it was changed since. */
  address: string
  language: Lang
  message: OwnMessage
  /** The recipient's country, of a number. A mail address says its own domain. */
  domain?: string
  dueAt: Date
  /** A text message: the end of the hours in which it may leave; past it, it waits for the next ones. */
  notAfter?: Date | null
  /** What makes it this message and no other: asked for twice, it leaves once. */
  once?: string
}

/** Lets messages leave, each once, from the commit on; texts in the typography that telephones have. Answers with the ids of their deliveries, without those asked for before. */
export async function enqueue(tx: Tx, rows: NewDelivery[]): Promise<number[]> {
  if (rows.length === 0) return []
  const made = await tx
    .insertInto('deliveries')
    .values(
      rows.map(({ message, domain, address, ...row }) => ({
        artistId: null,
        labelId: null,
        fanId: null,
        addressId: null,
        once: null,
        ...row,
        address,
        domain: domain ?? (row.channel === 'mail' ? domainOf(address) : ''),
        // Telephones lack curved quotes, long dashes and narrow spaces: one of them would more than halve what a message holds.
        message: JSON.stringify(row.channel === 'sms' ? { ...message, text: plainer(message.text) } : message),
        announcementId: null,
        providerId: null,
        providerRef: null,
        holder: null,
        problem: null,
        digestId: null,
        handingAt: null,
        handedAt: null,
        settledAt: null,
      })),
    )
    .onConflict((conflict) => conflict.column('once').where('once', 'is not', null).doNothing())
    .returning('id')
    .execute()
  const woken = new Map(
    rows.map(({ channel, artistId = null, labelId = null }) => [
      `${channel} ${artistId} ${labelId}`,
      { channel, artistId, labelId },
    ]),
  )
  for (const who of woken.values()) await wakeDeliveries(tx, who)
  return made.map(({ id }) => id)
}

/** The same for one. When it was asked for before, the id that it got then. */
export async function enqueueOne(tx: Tx, row: NewDelivery): Promise<number> {
  const [id] = await enqueue(tx, [row])
  if (id !== undefined) return id
  const before = await tx
    .selectFrom('deliveries')
    .select('id')
    .where('once', '=', row.once ?? '')
    .executeTakeFirstOrThrow()
  return before.id
}

/** What of these has not left does not leave any more; one that is being handed over may, and is not tried again. */
export async function callBack(tx: Tx, deliveryIds: number[]): Promise<void> {
  if (deliveryIds.length === 0) return
  await sql`
    update deliveries set message = jsonb_set(message, '{calledBack}', 'true')
    where id = any(${deliveryIds}::bigint[]) and message is not null and settled_at is null and state in ('held', 'queued', 'handing', 'uncertain')`.execute(
    tx,
  )
}

/** Rows of this artist or label became due on this channel: whoever sends them looks at once. */
export async function wakeDeliveries(
  tx: Db | Tx,
  { channel, artistId, labelId }: { channel: Channel; artistId: string | null; labelId: string | null },
): Promise<void> {
  const providerId = await providerFor(tx, channel, { artistId, labelId })
  if (providerId) await wakeProvider(tx, providerId)
}

export async function wakeProvider(tx: Db | Tx, providerId: string, later?: Date): Promise<void> {
  const name = `reach.deliver:${providerId}`
  // A later look never takes the place of one that is due: it has a name of its own. One queue: the same provider is served by one job at a time.
  await addJob(
    tx,
    'reach.deliver',
    { providerId },
    {
      key: later ? `${name}:later` : name,
      queue: name,
      attempts: 25,
      ...(later && { runAt: later }),
    },
  )
}

/**
 * What a person decided of deliveries of which nobody knows whether they arrived: sent again, or left as they are. Answers with how many there
 * were to decide.
 */
export async function decideUncertain(
  tx: Tx,
  deliveryIds: number[],
  decision: 'again' | 'leave',
  now: Date,
): Promise<number> {
  if (deliveryIds.length === 0) return 0
  const decided = await tx
    .updateTable('deliveries')
    .set(
      decision === 'again'
        ? {
            state: 'queued',
            holder: null,
            dueAt: now,
            lateSince: null,
            settledAt: null,
            problem: null,
            providerRef: null,
          }
        : { settledAt: now, holder: null },
    )
    .where('id', 'in', deliveryIds)
    .where('state', '=', 'uncertain')
    .where('settledAt', 'is', null)
    .returning(['channel', 'artistId', 'labelId', 'announcementId'])
    .execute()
  if (decision === 'leave') return decided.length
  const announcements = [...new Set(decided.flatMap(({ announcementId }) => announcementId ?? []))]
  if (announcements.length > 0)
    await tx
      .updateTable('announcements')
      .set({ state: 'leaving', finishedAt: null })
      .where('id', 'in', announcements)
      .where('state', '=', 'sent')
      .execute()
  const sources = new Map(decided.map((row) => [`${row.channel} ${row.artistId} ${row.labelId}`, row]))
  for (const source of sources.values()) await wakeDeliveries(tx, source)
  return decided.length
}

/** In lower case, and as the DNS writes it: an internationalised domain in its own letters is another spelling of the same. */
export function domainOf(address: string): string {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  return URL.canParse(`http://${domain}`) ? new URL(`http://${domain}`).hostname : domain.toLowerCase()
}

/** How many deliveries of an announcement stand where. */
export async function deliveryCounts(
  db: Db,
  announcementId: string,
): Promise<{ channel: Channel; state: string; count: number }[]> {
  const { rows } = await sql<{ channel: Channel; state: string; count: number }>`
    select channel, state, count(*)::int as count from deliveries where announcement_id = ${announcementId}
    group by channel, state order by channel, state`.execute(db)
  return rows
}
