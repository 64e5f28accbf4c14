import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import type { Channel } from '../../fans/index.ts'
import { type Sender, senderColumns, senderId } from '../../identity/index.ts'
import type { Segment } from '../segment.rules.ts'
import { CARRIED, countsSince } from '../told.ts'
import { drawWaves } from '../waves/draw.store.ts'
import { type Due, dueOf, type Recipients, type When } from './due.rules.ts'
import { publicHolidays } from './holidays.ts'
import { callingCodes } from './number-countries.ts'
import { inSegment, type Parts } from './segment.sql.ts'
import type { AnnouncementSettings } from './settings.store.ts'
import { toldIn } from './words.rules.ts'

export type Aim = {
  sender: Sender
  announcementId: string
  channels: Channel[]
  segment: Segment
  parts: Parts
  written: Lang[]
  when: When
  settings: AnnouncementSettings
  /** In how many, and how many days apart. */
  waves: { count: number; days: number }
  now: Date
}

const columnOf = (sender: Sender) => ('artistId' in sender ? 'artistId' : 'labelId')

/** Rows `d` of `deliveries` that are theirs. */
export const deliveriesOf = (sender: Sender): RawBuilder<boolean> =>
  sql`d.${sql.ref(columnOf(sender))} = ${senderId(sender)}`

/** So long after it was frozen the last message of an announcement may leave: its waves, and what somebody paused meanwhile. */
const LONGEST_WAY_DAYS = 90

/** Everybody whom an announcement is for, an address a row, and why some of them are not told after all. */
function aimed({ sender, announcementId, channels, segment, parts, settings: { capMost, capDays }, now }: Aim) {
  const id = senderId(sender)
  const since = new Date(now.getTime() - capDays * 24 * 3_600_000)
  const others = (frozenSince: Date) =>
    sql`(select id from announcements where ${id} in (artist_id, label_id) and id <> ${announcementId} and frozen_at > ${frozenSince})`
  const saidByArtist = sql`
    select d.fan_id, d.announcement_id as said from deliveries d where d.announcement_id in ${others(since)}
      and d.fan_id is not null and d.state in ('queued', 'handing', 'handed', 'delivered', 'uncertain')`
  // What a label says to its fans has one limit, whatever says it; what has not left counts as if it left now (docs/decisions/0119).
  const counted = sql`d.fan_id is not null and ${countsSince(since)}`
  const longBefore = new Date(since.getTime() - LONGEST_WAY_DAYS * 24 * 3_600_000)
  const saidByLabel = sql`
    select d.fan_id, d.announcement_id::text as said from deliveries d ${CARRIED}
      where d.announcement_id in ${others(longBefore)} and ${counted}
    union all select d.fan_id, d.id::text from deliveries d ${CARRIED} join letters l on l.id = d.letter_id where l.label_id = ${id} and ${counted}`
  const codes = sql`json_to_recordset(${JSON.stringify(callingCodes())}::json) as codes(code text, main text, countries jsonb)`
  const tired = capMost
    ? sql`sub.cadence = 'each' and s.fan_id in (
        select fan_id from (${'labelId' in sender ? saidByLabel : saidByArtist}) said group by fan_id having count(distinct said) >= ${capMost})`
    : sql`false`
  return sql`
    with codes as materialized (select * from ${codes}),
    aimed as (
      select s.fan_id, s.listens + s.takes as activity, sub.address_id, a.address, sub.channel, sub.cadence, f.language, coalesce(f.time_zone, '') as zone,
        case when sub.channel <> 'sms' then f.country
          when coalesce(c3.countries, c2.countries, c1.countries) ? coalesce(f.country, '') then f.country
          else coalesce(c3.main, c2.main, c1.main, f.country) end as country,
        case when sub.channel = 'mail' then lower(substring(a.address from '[^@]*$')) end as domain,
        x.reason as silence, ${tired} as tired
      from standings s
      join subscriptions sub on sub.${sql.ref(columnOf(sender))} = s.artist_id and sub.fan_id = s.fan_id and sub.state = 'active'
        and sub.channel = any(${channels}::text[]) and (sub.paused_until is null or sub.paused_until <= ${now})
      join fans f on f.id = s.fan_id
      join fan_addresses a on a.id = sub.address_id and a.removed_at is null
      left join suppressions x on x.channel = sub.channel and x.address_hash = a.address_hash
      left join codes c1 on sub.channel = 'sms' and c1.code = substr(a.address_key, 2, 1)
      left join codes c2 on sub.channel = 'sms' and c2.code = substr(a.address_key, 2, 2)
      left join codes c3 on sub.channel = 'sms' and c3.code = substr(a.address_key, 2, 3)
      where s.artist_id = ${id} and s.channels <> 0 and (${inSegment(segment, { id, parts, now })})
    )`
}

type Group = Recipients & { language: Lang; people: number; weekly: number; silent: number; tired: number }

/** Whom an announcement would leave for at this moment, grouped by all that decides when. */
export async function groupsOf(tx: Tx, aim: Aim): Promise<Group[]> {
  const { rows } = await sql<Group>`${aimed(aim)}
    select channel, nullif(zone, '') as zone, country, language, count(distinct fan_id)::int as people,
      count(distinct fan_id) filter (where cadence = 'weekly' and silence is null)::int as weekly,
      count(distinct fan_id) filter (where silence is not null)::int as silent,
      count(distinct fan_id) filter (where tired and silence is null)::int as tired
    from aimed group by 1, 2, 3, 4`.execute(tx)
  return rows
}

/** How many people are told at all: who is on two channels is one. */
export async function peopleOf(tx: Tx, aim: Aim): Promise<number> {
  const { rows } = await sql<{ people: number }>`${aimed(aim)}
    select count(distinct fan_id)::int as people from aimed where silence is null and not tired`.execute(tx)
  return rows[0]?.people ?? 0
}

/** When each of these groups is told. */
export async function duesOf(
  groups: Recipients[],
  { when, now, settings }: Pick<Aim, 'when' | 'now' | 'settings'>,
): Promise<(Due | null)[]> {
  const texts = groups.some(({ channel }) => channel === 'sms')
  const isHoliday = texts ? await publicHolidays() : () => false
  return groups.map((group) => dueOf(group, when, now, settings.quiet, isHoliday))
}

/**
 * Whom waves are drawn from, a fan a row, with what they did before. Who gets one letter a week gets it when it comes, and is in no wave.
 */
export const drawable = (aim: Aim) => sql`${aimed(aim)}
  select fan_id, max(activity) as activity from aimed group by fan_id
  having bool_or(silence is null and not tired) and bool_and(cadence <> 'weekly')`

/** The same some days after: what was to leave at a fan's own hour leaves at that hour of another day. */
function later(aim: Aim, days: number): Pick<Aim, 'when' | 'now' | 'settings'> {
  const move = (moment: Date) => new Date(moment.getTime() + days * 24 * 3_600_000)
  const { localTime, zone } = aim.when
  return {
    settings: aim.settings,
    now: move(aim.now),
    when: {
      zone,
      localTime:
        localTime &&
        move(new Date(`${localTime}Z`))
          .toISOString()
          .slice(0, 16),
    },
  }
}

/**
 * Freezes the audience: one row an address, in one statement. Whoever wants a weekly digest is held for it; whom nothing may be sent to, whom the
 * limit spares this time, and who lives where no hour is allowed have their row as well, which says so. Answers with how many there are.
 */
export async function freezeAudience(tx: Tx, aim: Aim): Promise<number> {
  const own = senderColumns(aim.sender)
  const groups = await groupsOf(tx, aim)
  const seen = new Map(groups.map((group) => [`${group.channel} ${group.zone} ${group.country}`, group]))
  const clocks = [...seen.values()]
  const planned = []
  for (let wave = 1; wave <= aim.waves.count; wave++) {
    const dues = await duesOf(clocks, later(aim, (wave - 1) * aim.waves.days))
    for (const [at, { channel, zone, country }] of clocks.entries())
      planned.push({
        wave,
        channel,
        zone: zone ?? '',
        country: country ?? '',
        at: dues[at]?.at ?? null,
        notAfter: dues[at]?.notAfter ?? null,
      })
  }
  const rows = JSON.stringify(planned)
  if (aim.waves.count > 1) {
    await drawWaves(tx, drawable(aim), { announcementId: aim.announcementId, waves: aim.waves.count })
    const second = planned.flatMap(({ wave, at }) => (wave === 2 && at ? [at.getTime()] : []))
    const windowEndsAt = second.length ? new Date(Math.min(...second)) : null
    await tx.updateTable('announcements').set({ windowEndsAt }).where('id', '=', aim.announcementId).execute()
  }
  const languages = JSON.stringify(
    (['en', 'fr'] as const).map((language) => ({ language, told: toldIn(language, aim.written) })),
  )
  const { numAffectedRows } = await sql`${aimed(aim)},
    dues as materialized (select * from json_to_recordset(${rows}::json) as t(wave int, channel text, zone text, country text, at timestamptz, "notAfter" timestamptz)),
    told as materialized (select * from json_to_recordset(${languages}::json) as t(language text, told text))
    insert into deliveries (kind, announcement_id, artist_id, label_id, fan_id, address_id, address, channel, language, state, problem, due_at, not_after,
      domain, created_at, settled_at)
    select 'announcement', ${aim.announcementId}, ${own.artistId}::uuid, ${own.labelId}::uuid, m.fan_id, m.address_id, m.address, m.channel, told.told,
      case when m.silence is not null then 'suppressed' when m.tired or dues.at is null then 'cancelled'
        when m.cadence = 'weekly' then 'held' else 'queued' end,
      case when m.silence is not null then m.silence when m.tired then 'tired' when dues.at is null then 'no-hour' end,
      coalesce(dues.at, ${aim.now}), dues."notAfter", coalesce(m.domain, m.country, ''), ${aim.now},
      case when m.silence is not null or m.tired or dues.at is null then ${aim.now}::timestamptz end
    from aimed m
    left join wave_assignments w on w.announcement_id = ${aim.announcementId} and w.fan_id = m.fan_id
    join dues on dues.wave = coalesce(w.wave, 1) and dues.channel = m.channel and dues.zone = m.zone and dues.country = coalesce(m.country, '')
    join told on told.language = m.language
    on conflict do nothing`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

/** Text messages whose hours passed before they could leave find their next ones. Answers with how many there were. */
export async function replanLate(
  tx: Tx,
  { settings, sender, now }: { settings: AnnouncementSettings; sender: Sender; now: Date },
): Promise<number> {
  const late = sql`d.waits and d.state = 'queued' and ${deliveriesOf(sender)} and d.not_after <= ${now}`
  const { rows: clocks } = await sql<Recipients>`
    select distinct d.channel, f.time_zone as zone, nullif(d.domain, '') as country
    from deliveries d left join fans f on f.id = d.fan_id where ${late}`.execute(tx)
  if (!clocks.length) return 0
  const dues = await duesOf(clocks, { when: { localTime: null, zone: settings.digestZone }, now, settings })
  const rows = JSON.stringify(
    clocks.map(({ zone, country }, at) => ({
      zone: zone ?? '',
      country: country ?? '',
      at: dues[at]?.at ?? null,
      notAfter: dues[at]?.notAfter ?? null,
    })),
  )
  const { numAffectedRows } = await sql`
    update deliveries d set due_at = coalesce(dues.at, d.due_at), late_since = coalesce(d.late_since, d.due_at), not_after = coalesce(dues."notAfter", d.not_after),
      state = case when dues.at is null then 'cancelled' else d.state end,
      problem = case when dues.at is null then 'no-hour' else d.problem end, settled_at = case when dues.at is null then ${now}::timestamptz end
    from json_to_recordset(${rows}::json) as dues(zone text, country text, at timestamptz, "notAfter" timestamptz),
      deliveries mine left join fans f on f.id = mine.fan_id
    where mine.id = d.id and ${late} and dues.zone = coalesce(f.time_zone, '') and dues.country = d.domain`.execute(tx)
  return Number(numAffectedRows ?? 0)
}
