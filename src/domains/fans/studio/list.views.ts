import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import { broughtThrough } from '../../exchange/index.ts'
import { type Sender, senderId } from '../../identity/index.ts'
import type { Channel, SubscriptionState } from '../tables.ts'

export type Wanted = { search: string; channel: Channel | null; state: SubscriptionState | null }
export type FanRow = {
  fanId: string
  name: string
  addresses: { channel: Channel; address: string; state: SubscriptionState }[]
  since: Date
}

const PER_PAGE = 100

/** Fans of an artist or label, newest first, a page at a time; `before` is the fan after whom the page begins. */
export async function fansOf(
  db: Db,
  sender: Sender,
  { search, channel, state }: Wanted,
  before: string | null,
): Promise<{ rows: FanRow[]; next: string | null }> {
  const like = `%${search.replace(/[\\%_]/g, '\\$&')}%`
  const { rows } = await sql<FanRow>`
    select f.id as "fanId", f.name, min(s.asked_at) as since,
      json_agg(json_build_object('channel', s.channel, 'address', a.address, 'state', s.state) order by s.channel, a.address) as addresses
    from subscriptions s join fans f on f.id = s.fan_id join fan_addresses a on a.id = s.address_id
    where ${senderId(sender)} in (s.artist_id, s.label_id) and (${before}::uuid is null or f.id < ${before}::uuid)
      and (${channel}::text is null or s.channel = ${channel}) and (${state}::text is null or s.state = ${state})
      and (${search} = '' or f.name ilike ${like} or a.address ilike ${like})
    group by f.id order by f.id desc limit ${PER_PAGE + 1}`.execute(db)
  const page = rows.slice(0, PER_PAGE)
  return { rows: page, next: rows.length > PER_PAGE ? (page.at(-1)?.fanId ?? null) : null }
}

export async function countFans(db: Db, sender: Sender): Promise<{ n: number; active: number }> {
  const { rows } = await sql<{ n: number; active: number }>`
    select count(distinct fan_id)::int as n, (count(distinct fan_id) filter (where state = 'active'))::int as active
    from subscriptions where ${senderId(sender)} in (artist_id, label_id)`.execute(db)
  return rows[0] as { n: number; active: number }
}

export type ExportRow = {
  id: string
  name: string
  language: string
  country: string | null
  place: string
  channel: string
  address: string
  state: string
  cadence: string
  askedAt: Date
  joinedAt: Date | null
  leftAt: Date | null
}

/** All subscriptions of an artist or label in lots, so that a long list is never whole in memory. */
export async function* everySubscription(db: Db, sender: Sender): AsyncGenerator<ExportRow[]> {
  for (let after: string | null = null; ; ) {
    const { rows }: { rows: ExportRow[] } = await sql<ExportRow>`
      select s.id, f.name, f.language, f.country, f.place, s.channel, a.address, s.state, s.cadence,
        s.asked_at as "askedAt", s.joined_at as "joinedAt", s.left_at as "leftAt"
      from subscriptions s join fans f on f.id = s.fan_id join fan_addresses a on a.id = s.address_id
      where ${senderId(sender)} in (s.artist_id, s.label_id) and s.channel <> 'push' and (${after}::uuid is null or s.id > ${after}::uuid)
      order by s.id limit 2000`.execute(db)
    if (!rows.length) return
    yield rows
    after = rows.at(-1)?.id ?? null
  }
}

export type FanSheet = {
  fanId: string
  name: string
  language: string
  country: string | null
  place: string
  recognisedSince: Date | null
  addresses: { id: string; channel: Channel; address: string; state: SubscriptionState; since: Date }[]
  consents: { at: Date; event: string; channel: Channel; wording: string; source: string }[]
  /** Touches and returns of theirs alone, newest first. */
  timeline: { at: Date; what: string; subject: string }[]
  /** Whom they brought to this artist, as numbers. */
  brought: { directly: number; people: number }
}

/** One fan as an artist or label may see them: the addresses, consents and deeds that concern these alone. */
export async function fanSheet(db: Db, sender: Sender, fanId: string): Promise<FanSheet | null> {
  const { rows: addresses } = await sql<FanSheet['addresses'][number]>`
    select a.id, a.channel, a.address, s.state, s.asked_at as since from subscriptions s join fan_addresses a on a.id = s.address_id
    where s.fan_id = ${fanId} and ${senderId(sender)} in (s.artist_id, s.label_id) order by a.channel, a.address`.execute(
    db,
  )
  if (!addresses.length) return null
  const fan = await db
    .selectFrom('fans')
    .select(['id as fanId', 'personId', 'name', 'language', 'country', 'place', 'recognisedSince'])
    .where('id', '=', fanId)
    .executeTakeFirst()
  if (!fan) return null
  const { rows: consents } = await sql<FanSheet['consents'][number]>`
    select at, event, channel, wording, source from consents where ${senderId(sender)} in (artist_id, label_id)
      and address_id = any(${addresses.map(({ id }) => id)}::uuid[]) order by at desc limit 200`.execute(db)
  const { rows: timeline } = await sql<FanSheet['timeline'][number]>`
    with persons as (select person_id from fans where id = ${fanId} union select person_id from person_fans where fan_id = ${fanId})
    select at, channel as what, subject from touches where artist_id = ${senderId(sender)} and person_id in (select person_id from persons)
    union all select at, kind, subject from returns where reverses is null and artist_id = ${senderId(sender)} and person_id in (select person_id from persons)
    order by at desc limit 200`.execute(db)
  const { personId, ...known } = fan
  const brought = await broughtThrough(db, senderId(sender), personId)
  return { ...known, addresses, consents, timeline, brought }
}
