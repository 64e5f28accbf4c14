import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import { describe, type Subjects } from '../../exchange/index.ts'
import type { Channel } from '../../fans/index.ts'
import { type Sender, senderId } from '../../identity/index.ts'
import type { AnnouncementState, DeliveryState } from '../tables.ts'
import type { Thing } from './announcement.store.ts'

export type AnnouncementLine = {
  id: string
  state: AnnouncementState
  title: string
  leavesAt: Date | null
  finishedAt: Date | null
  localTime: string | null
  frozen: boolean
  /** To whom it was or will be handed over. */
  people: number
}

/** The announcements of an artist or label, the latest first. */
export async function announcementLines(db: Db, sender: Sender, lang: Lang): Promise<AnnouncementLine[]> {
  const { rows } = await sql<AnnouncementLine>`
    select a.id, a.state, a.leaves_at as "leavesAt", a.finished_at as "finishedAt", a.local_time as "localTime", a.frozen_at is not null as frozen,
      coalesce((select t.title from announcement_texts t where t.announcement_id = a.id and t.channel = '' and t.title <> ''
        order by t.language = ${lang} desc, t.language limit 1), '') as title,
      (select count(distinct d.fan_id)::int from deliveries d
        where d.announcement_id = a.id and d.state not in ('cancelled', 'suppressed')) as people
    from announcements a where ${senderId(sender)} in (a.artist_id, a.label_id) order by a.changed_at desc, a.id desc limit 100`.execute(
    db,
  )
  return rows
}

export type ChannelProgress = { channel: Channel; counts: Partial<Record<DeliveryState, number>>; total: number }

/** What became of an announcement's deliveries, by channel. Those that a digest carries stand where the digest stands. */
export async function progressOf(db: Db, announcementId: string): Promise<ChannelProgress[]> {
  const { rows } = await sql<{ channel: Channel; state: DeliveryState; count: number }>`
    select d.channel, coalesce(g.state, d.state) as state, count(*)::int as count
    from deliveries d left join deliveries g on g.id = d.digest_id
    where d.announcement_id = ${announcementId} group by 1, 2`.execute(db)
  const channels = (['mail', 'sms', 'push'] as const).filter((channel) => rows.some((row) => row.channel === channel))
  return channels.map((channel) => {
    const mine = rows.filter((row) => row.channel === channel)
    return {
      channel,
      counts: Object.fromEntries(mine.map(({ state, count }) => [state, count])),
      total: mine.reduce((sum, { count }) => sum + count, 0),
    }
  })
}

/** Whom it did not reach, by why: what the provider or we ourselves said of it, and how many. */
export type Trouble = { channel: Channel; state: DeliveryState; problem: string | null; count: number }

export async function troublesOf(db: Db, announcementId: string): Promise<Trouble[]> {
  const { rows } = await sql<Trouble>`
    select channel, state, problem, count(*)::int as count from deliveries
    where announcement_id = ${announcementId} and (state in ('bounced', 'failed', 'suppressed', 'uncertain') or (state = 'cancelled' and problem is not null)
      or (state = 'queued' and problem is not null))
    group by 1, 2, 3 order by count(*) desc, 1, 2, 3 limit 50`.execute(db)
  return rows
}

/** Some of those whom it did not reach, the latest first. */
export type Unreached = {
  name: string
  address: string | null
  channel: Channel
  state: DeliveryState
  problem: string | null
}

export async function unreachedBy(db: Db, announcementId: string, limit = 100): Promise<Unreached[]> {
  const { rows } = await sql<Unreached>`
    select coalesce(f.name, '') as name, d.address, d.channel, d.state, d.problem
    from deliveries d left join fans f on f.id = d.fan_id
    where d.announcement_id = ${announcementId} and (d.state in ('bounced', 'failed', 'suppressed', 'uncertain') or (d.state = 'cancelled' and d.problem is not null))
    order by d.id desc limit ${limit}`.execute(db)
  return rows
}

export type CameAfter = { opened: number; people: number; listens: number; downloads: number; other: number }

/** What came back of it, of all that it gave together: pages opened by its links, and what was done after. */
export async function cameAfter(db: Db, giftIds: string[]): Promise<CameAfter> {
  const { rows } = await sql<CameAfter>`
    select t.opened, t.people, r.listens, r.downloads, r.other from
      (select count(*) filter (where channel in ('page', 'start'))::int as opened,
        count(distinct person_id) filter (where channel in ('page', 'start'))::int as people from touches where gift_id = any(${giftIds}::uuid[])) t,
      (select count(*) filter (where kind = 'listen')::int as listens, count(*) filter (where kind = 'download')::int as downloads,
        count(*) filter (where kind not in ('listen', 'download'))::int as other from returns where gift_id = any(${giftIds}::uuid[])) r`.execute(
    db,
  )
  return rows[0] as CameAfter
}

/** What came back for one of several things. Without title and path it is not there any more. */
export type ThingAfter = Omit<CameAfter, 'other'> & { title: string | null; path: string | null }

export async function afterEach(db: Db, subjects: Subjects, things: Thing[]): Promise<ThingAfter[]> {
  const known = await describe(
    db,
    subjects,
    things.map(({ subject }) => subject),
  )
  const counted = []
  for (const { subject, giftId } of things) {
    const { title = null, path = null } = known.get(subject) ?? {}
    counted.push({ title, path, ...(await cameAfter(db, giftId ? [giftId] : [])) })
  }
  return counted
}
