import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import { stands } from '../../exchange/index.ts'
import { type Sender, senderColumns, senderId } from '../../identity/index.ts'
import { ACTIVE_DAYS, AFTER_DAYS, type Cohort } from './staying.rules.ts'

const days = (count: number) => sql`${count} * interval '1 day'`

/**
 * Fans of an artist or label by the month in which they came, in `zone`, the newest first. It is read from the log of consents, where nothing is lost: who left, came back or was
 * erased is in their month. A fan is there while the last word for one of their addresses is yes, and nothing forbids to write there.
 */
export async function cohortsOf(db: Db, sender: Sender, zone: string, now: Date): Promise<Cohort[]> {
  const { artistId, labelId } = senderColumns(sender)
  const column = sql.ref(artistId ? 'c.artist_id' : 'c.label_id')
  const { rows } = await sql<Cohort>`
    with lines as (
      select coalesce(a.fan_id, f.merged_into, c.fan_id) as fan_id, c.event, c.at as since, a.channel, a.address_hash,
        coalesce(lead(c.at) over (partition by c.address_id order by c.at, c.id), 'infinity') as until
      from consents c left join fan_addresses a on a.id = c.address_id left join fans f on f.id = c.fan_id
      where ${column} = ${artistId ?? labelId} and c.event in ('confirmed', 'imported', 'withdrawn', 'erased') and c.at <= ${now}
    ), stays as (
      select l.fan_id, l.since, least(l.until, coalesce(s.at, 'infinity')) as until
      from lines l left join suppressions s on s.channel = l.channel and s.address_hash = l.address_hash
      where l.event in ('confirmed', 'imported')
    ), came as (
      select fan_id, min(since) as at from stays group by 1
    ), doers as (
      select distinct coalesce(o.is_person, r.person_id) as person
      from returns r left join one_person o on o.person_id = r.person_id and (o.since is null or o.since <= r.at)
      where r.artist_id = ${senderId(sender)} and r.person_id is not null and r.at > ${now}::timestamptz - ${days(ACTIVE_DAYS)} and r.at <= ${now}
        and r.kind not in ('sign-up', 'confirmation', 'refund') and ${stands('r')}
    ), fans_here as (
      select c.fan_id, date_trunc('month', c.at at time zone ${zone}) as month,
        array[${sql.join(AFTER_DAYS.map((after) => sql`bool_or(s.since <= c.at + ${days(after)} and s.until > c.at + ${days(after)})`))}] as after,
        bool_or(s.until = 'infinity') as now
      from came c join stays s on s.fan_id = c.fan_id group by c.fan_id, c.at
    )
    select to_char(h.month, 'YYYY-MM') as month, count(*)::int as arrived,
      array[${sql.join(
        AFTER_DAYS.map(
          (after, at) => sql`case when (h.month + interval '1 month') at time zone ${zone} + ${days(after)} <= ${now}
            then (count(*) filter (where h.after[${sql.lit(at + 1)}]))::int end`,
        ),
      )}] as after,
      (count(*) filter (where h.now))::int as now, count(d.person)::int as active
    from fans_here h left join fans f on f.id = h.fan_id left join doers d on d.person = f.person_id
    group by h.month order by h.month desc`.execute(db)
  return rows
}
