import '../tables.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import type { Subject } from '../../exchange/index.ts'
import type { OpenedProvider } from '../channel.types.ts'
import type { DeliveryKind, OwnMessage } from '../tables.ts'
import { type Rate, readRate } from './retry.rules.ts'

/** Where rows come from: one announcement, or the messages with their own words of one artist or label. */
export type Source = { announcementId: string } | { artistId: string | null; labelId: string | null }

/** A row that was taken, and what the tables say of its recipient in that moment. */
export type Claimed = {
  id: number
  kind: DeliveryKind
  announcementId: string | null
  letterId: string | null
  artistId: string | null
  labelId: string | null
  fanId: string | null
  addressId: string | null
  address: string | null
  addressHash: string | null
  keys: { p256dh: string; auth: string } | null
  domain: string
  language: Lang
  attempts: number
  message: OwnMessage | null
  name: string
  personId: string | null
  senderName: string | null
  giftId: string | null
  /** What a letter brings, as the spine calls it, and the artist whose it is when a label gives it. */
  gift: Subject | null
  givenBy: string | null
  /** Whose things a week's digest carries, where a label gives them. */
  carries: string[]
  /** By which they get what this artist or label announces. */
  subscriptionId: string | null
  /** Why nothing is to be sent there; null when it may be. */
  silence: string | null
}

export type Claim = {
  rows: Claimed[] /** When a window has room again, if that is why there are so few. */
  roomAt: Date | null
}

/** Whether so many messages in so many seconds may leave: then few are taken at once, since what was granted shall leave at once. */
export const isRated = ({ settings }: Pick<OpenedProvider, 'settings'>): boolean =>
  readRate(settings['rate']) !== null || readRate(settings['domainRate']) !== null

/**
 * Takes due rows of one source in the name of `holder`, as its load of that number: committed as 'handing' before anybody is spoken to. Several
 * processes may do so at once; their shared windows of so many messages in so many seconds are kept exactly, one claim after the other.
 */
export async function claim(
  db: Db,
  provider: Pick<OpenedProvider, 'id' | 'channel' | 'settings'>,
  source: Source,
  {
    holder,
    load,
    most,
    kinds,
    now,
  }: { holder: string; load: number; most: number; kinds: DeliveryKind[] | null; now: Date },
): Promise<Claim> {
  const whole = readRate(provider.settings['rate'])
  const each = readRate(provider.settings['domainRate'])
  return db.transaction().execute(async (tx) => {
    // Whoever dies now loses only its claims: nothing has been said to anybody before the commit.
    if (whole || each) await sql`select pg_advisory_xact_lock(hashtextextended(${provider.id}, 83))`.execute(tx)
    const room = whole ? await roomIn(tx, provider.id, whole, now) : { left: most, at: null }
    if (room.left === 0) return { rows: [], roomAt: room.at }
    const closed = await closedDomains(tx, provider.id, each, now)
    const rows = await take(tx, provider.channel, source, {
      holder,
      most: Math.min(most, room.left),
      kinds,
      now,
      closed,
      each: each?.count ?? null,
    })
    if (rows.length > 0)
      await tx
        .insertInto('handLoads')
        .values({
          holder,
          load,
          providerId: provider.id,
          announcementId: 'announcementId' in source ? source.announcementId : null,
          ids: rows.map(({ id }) => id),
          ...lentOf(rows),
        })
        .execute()
    await grant(tx, provider.id, rows, { whole: whole !== null, each: each !== null, now })
    return { rows, roomAt: rows.length < most ? soonest(closed.map(({ at }) => at)) : null }
  })
}

/** Whose things a label gives by letters of these that may leave, or by what a digest of them carries. */
function lentOf(rows: Claimed[]): { lentTo: string | null; lentBy: string[] } {
  const lent = rows.flatMap(({ labelId, givenBy, carries, silence }) =>
    silence === null ? [...carries, ...(givenBy ? [givenBy] : [])].map((by) => ({ labelId, by })) : [],
  )
  return { lentTo: lent[0]?.labelId ?? null, lentBy: [...new Set(lent.map(({ by }) => by))] }
}

type ClosedDomain = { domain: string /** How many may still go. */; left: number; at: Date }

async function roomIn(tx: Tx, providerId: string, { count, seconds }: Rate, now: Date) {
  const since = new Date(now.getTime() - seconds * 1000)
  await tx
    .deleteFrom('handGrants')
    .where('providerId', '=', providerId)
    .where('domain', '=', '')
    .where('at', '<=', since)
    .execute()
  const { rows } = await sql<{ used: number; first: Date | null }>`
    select coalesce(sum(count), 0)::int as used, min(at) as first from hand_grants
    where provider_id = ${providerId} and domain = '' and at > ${since}`.execute(tx)
  const { used = 0, first = null } = rows[0] ?? {}
  const left = Math.max(0, count - used)
  return { left, at: left === 0 && first ? new Date(first.getTime() + seconds * 1000) : null }
}

/** Domains that asked us to wait, and those with little or no room left in their window. */
async function closedDomains(tx: Tx, providerId: string, each: Rate | null, now: Date): Promise<ClosedDomain[]> {
  const paused = await tx
    .selectFrom('handPauses')
    .select(['domain', 'until as at'])
    .where('providerId', '=', providerId)
    .where('domain', '<>', '')
    .where('until', '>', now)
    .execute()
  const closed: ClosedDomain[] = paused.map((row) => ({ ...row, left: 0 }))
  if (!each) return closed
  const since = new Date(now.getTime() - each.seconds * 1000)
  await tx
    .deleteFrom('handGrants')
    .where('providerId', '=', providerId)
    .where('domain', '<>', '')
    .where('at', '<=', since)
    .execute()
  const { rows } = await sql<{ domain: string; used: number; first: Date }>`
    select domain, sum(count)::int as used, min(at) as first from hand_grants
    where provider_id = ${providerId} and domain <> '' and at > ${since} group by domain`.execute(tx)
  const known = new Set(closed.map(({ domain }) => domain))
  for (const { domain, used, first } of rows)
    if (!known.has(domain))
      closed.push({ domain, left: Math.max(0, each.count - used), at: new Date(first.getTime() + each.seconds * 1000) })
  return closed
}

async function take(
  tx: Tx,
  channel: OpenedProvider['channel'],
  source: Source,
  options: {
    holder: string
    most: number
    kinds: DeliveryKind[] | null
    now: Date
    closed: ClosedDomain[]
    each: number | null
  },
): Promise<Claimed[]> {
  const { holder, most, kinds, now, closed, each } = options
  const shut = closed.filter(({ left }) => left === 0).map(({ domain }) => domain)
  const narrow = JSON.stringify(closed.filter(({ left }) => left > 0).map(({ domain, left }) => ({ domain, left })))
  const theirs: RawBuilder<unknown> =
    'announcementId' in source
      ? sql`d.announcement_id = ${source.announcementId} and exists
          (select from announcements a where a.id = ${source.announcementId} and a.state = 'leaving' and may_still_leave(a.id, a.label_id))`
      : sql`d.announcement_id is null and d.artist_id is not distinct from ${source.artistId}::uuid
          and d.label_id is not distinct from ${source.labelId}::uuid
          and (d.kind <> 'digest' or not exists (select from deliveries c left join announcements a on a.id = c.announcement_id
            left join letters l on l.id = c.letter_id
            where c.digest_id = d.id and (not may_still_leave(a.id, a.label_id) or not may_still_give(l.label_id, l.given_by))))`
  const some = kinds ? sql`and d.kind = any(${kinds})` : sql``
  const few = each
    ? sql`, chosen as (
        select id, at from (select id, at, domain, row_number() over (partition by domain order by id) as place from due) ranked
        left join json_to_recordset(${narrow}::json) as narrow(domain text, "left" int) using (domain)
        where place <= coalesce(narrow."left", ${each}) order by id limit ${most})`
    : sql`, chosen as (select id, at from due)`
  const { rows } = await sql<Claimed>`
    with due as (
      select d.id, d.domain, d.ctid as at from deliveries d
      where d.waits and d.state = 'queued' and d.channel = ${channel} and d.due_at <= ${now} and ${theirs} ${some}
        and d.domain <> all(${shut}) and (d.not_after is null or d.not_after > ${now})
      order by d.due_at, d.id limit ${each ? most * 4 : most} for update of d skip locked
    )${few}, taken as (
      update deliveries d set state = 'handing', holder = ${holder}, handing_at = ${now}, attempts = attempts + 1
      from chosen where d.ctid = chosen.at and d.id = chosen.id returning d.*
    )
    select t.id, t.kind, t.announcement_id as "announcementId", t.letter_id as "letterId", t.artist_id as "artistId", t.label_id as "labelId", t.fan_id as "fanId",
      t.address_id as "addressId", coalesce(a.address, t.address) as address, a.address_hash as "addressHash", a.keys, t.domain, t.language, t.attempts, t.message,
      coalesce(f.name, '') as name, f.person_id as "personId", coalesce(ar.name, l.name) as "senderName", an.gift_id as "giftId", le.gift, le.given_by as "givenBy",
      case when t.kind = 'digest' then array(select distinct coalesce(cl.given_by, ct.given_by) from deliveries c left join letters cl on cl.id = c.letter_id
        left join announcement_things ct on ct.announcement_id = c.announcement_id
        where c.digest_id = t.id and coalesce(cl.given_by, ct.given_by) is not null) else '{}' end as carries,
      u.id as "subscriptionId",
      case
        when t.address_id is not null and (a.id is null or a.removed_at is not null) then 'gone'
        when f.erased_at is not null then 'erased'
        when s.reason is not null and not (s.reason in ('asked', 'erased') and coalesce((t.message->>'lastWord')::boolean, false)) then s.reason
        when t.kind in ('announcement', 'digest', 'letter') and u.id is null then 'left'
        when coalesce((t.message->>'ofSubscription')::boolean, false) and u.id is null then 'left'
        when le.stopped_at is not null then 'stopped'
        when not may_still_give(le.label_id, le.given_by) then 'withdrawn'
        when coalesce((t.message->>'calledBack')::boolean, false) then 'called-back'
      end as silence
    from taken t
    left join fan_addresses a on a.id = t.address_id
    left join fans f on f.id = coalesce(a.fan_id, t.fan_id)
    left join suppressions s on s.channel = t.channel and s.address_hash = a.address_hash
    left join artists ar on ar.id = t.artist_id
    left join labels l on l.id = t.label_id
    left join lateral (
      select u.id from subscriptions u where u.address_id = t.address_id and (u.artist_id = t.artist_id or u.label_id = t.label_id)
        and u.state = 'active' and (u.paused_until is null or u.paused_until <= ${now}) limit 1
    ) u on true
    left join announcements an on an.id = t.announcement_id
    left join letters le on le.id = t.letter_id
    order by t.due_at, t.id`.execute(tx)
  return rows
}

async function grant(
  tx: Tx,
  providerId: string,
  rows: Claimed[],
  { whole, each, now }: { whole: boolean; each: boolean; now: Date },
): Promise<void> {
  const leaving = rows.filter(({ silence }) => silence === null)
  if (leaving.length === 0 || !(whole || each)) return
  const byDomain = new Map<string, number>()
  if (each) for (const { domain } of leaving) if (domain) byDomain.set(domain, (byDomain.get(domain) ?? 0) + 1)
  const grants = [...byDomain].map(([domain, count]) => ({ providerId, domain, at: now, count }))
  if (whole) grants.push({ providerId, domain: '', at: now, count: leaving.length })
  if (grants.length > 0) await tx.insertInto('handGrants').values(grants).execute()
}

const soonest = (times: Date[]): Date | null =>
  times.length ? new Date(Math.min(...times.map((at) => at.getTime()))) : null

/** What is due on a channel, told by where it comes from. Messages with their own words come first: somebody waits for them. */
export async function dueSources(
  db: Db,
  channel: string,
  now: Date,
): Promise<(Source & { artistId: string | null; labelId: string | null })[]> {
  const { rows: own } = await sql<{ artistId: string | null; labelId: string | null }>`
    select distinct artist_id as "artistId", label_id as "labelId" from deliveries
    where waits and state = 'queued' and channel = ${channel} and announcement_id is null and due_at <= ${now}`.execute(
    db,
  )
  const { rows: announcements } = await sql<{
    announcementId: string
    artistId: string | null
    labelId: string | null
  }>`
    select a.id as "announcementId", a.artist_id as "artistId", a.label_id as "labelId" from announcements a
    cross join lateral (select from deliveries d
      where d.waits and d.state = 'queued' and d.channel = ${channel} and d.announcement_id = a.id and d.due_at <= ${now} limit 1) due
    where a.state = 'leaving' and may_still_leave(a.id, a.label_id)
    order by a.leaves_at, a.id`.execute(db)
  return [...own, ...announcements]
}

/** When the next row of this channel becomes due that is not yet. */
export async function nextDue(db: Db, channel: string, now: Date): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select least(
      (select min(due_at) from deliveries where waits and state = 'queued' and channel = ${channel} and announcement_id is null and due_at > ${now}),
      (select min(d.due_at) from announcements a, lateral (select due_at from deliveries
        where waits and state = 'queued' and channel = ${channel} and announcement_id = a.id and due_at > ${now} order by due_at limit 1) d
       where a.state = 'leaving')) as at`.execute(db)
  return rows[0]?.at ?? null
}
