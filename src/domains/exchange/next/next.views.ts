import '../tables.ts'
import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import { LASTING_HOURS } from '../lasting/lasting.rules.ts'
import type { Lasting } from '../lasting/lasting.views.ts'
import { giftLasting } from '../returns.views.ts'
import { stands } from '../stands.sql.ts'
import type { Subject } from '../subjects.ts'
import { type Favourite, favouriteOf } from './next.rules.ts'

const WEEKS = 12

/** When most is done for an artist: on which weekday (0 is Monday), and in which part of the day (0 from midnight, then each six hours). */
export type Favourites = { day: Favourite | null; part: Favourite | null }

/** Of the twelve whole weeks before this one, in `zone`. */
export async function favouriteTimes(db: Db, artistId: string, now: Date, zone: string): Promise<Favourites> {
  const { rows } = await sql<{ persons: number | null; days: number[]; parts: number[] }>`
    with span as (select date_trunc('week', ${now}::timestamptz at time zone ${zone}) as until), did as (
      select distinct coalesce(o.is_person, r.person_id) as person, date_trunc('day', r.at at time zone ${zone}) as day,
        floor(extract(hour from r.at at time zone ${zone}) / 6)::int as part
      from span, returns r left join one_person o on o.person_id = r.person_id and (o.since is null or o.since <= r.at)
      where r.artist_id = ${artistId} and r.person_id is not null and r.kind <> 'refund' and ${stands('r')}
        and r.at >= ((span.until - ${WEEKS} * interval '1 week') at time zone ${zone}) and r.at < (span.until at time zone ${zone})
    ), by_person as (select ${BY_WEEKDAY} as days, ${BY_PART} as parts from did group by person),
    by_week as (select ${BY_WEEKDAY} as days, ${BY_PART} as parts from did group by date_trunc('week', day))
    select count(*)::int as persons, days, parts from by_person group by days, parts union all select null, days, parts from by_week`.execute(
    db,
  )
  const favourite = (of: 'days' | 'parts') =>
    favouriteOf(
      rows.flatMap(({ persons, ...row }) => (persons === null ? [] : [{ persons, times: row[of] }])),
      rows.flatMap(({ persons, ...row }) => (persons === null ? [row[of]] : [])),
      WEEKDAYS.length + PARTS.length,
    )
  return { day: favourite('days'), part: favourite('parts') }
}

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7]
const PARTS = [0, 1, 2, 3]
/** A person counts once a day, whatever part of it they came in. */
const BY_WEEKDAY = sql`array[${sql.join(
  WEEKDAYS.map(
    (day) => sql`count(distinct (person, day)) filter (where extract(isodow from day) = ${sql.lit(day)})::int`,
  ),
)}]`
const BY_PART = sql`array[${sql.join(PARTS.map((part) => sql`count(*) filter (where part = ${sql.lit(part)})::int`))}]`

export type Faded = {
  /** The last gift of which it is known when half of what it brought in twelve weeks had come. */
  gift: { id: string; subject: Subject }
  half: NonNullable<Lasting['half']>
  people: number
  /** When something was given last. */
  last: Date
}

const LOOKED_AT = 8

/** How soon half of what a gift brought had come, by the latest gift that tells, and when something was given last. Null when none tells. */
export async function fadedGift(db: Db, artistId: string, now: Date): Promise<Faded | null> {
  const gifts = await db
    .selectFrom('gifts')
    .select(['id', 'subject', 'at'])
    .where('artistId', '=', artistId)
    .where('operationId', 'is', null)
    .orderBy('at', 'desc')
    .limit(50)
    .execute()
  const last = gifts[0]?.at
  const whole = gifts.filter(({ at }) => now.getTime() - at.getTime() >= LASTING_HOURS * 3_600_000)
  for (const { id, subject } of whole.slice(0, LOOKED_AT)) {
    const lasting = await giftLasting(db, artistId, id, now)
    if (last && lasting?.half)
      return { gift: { id, subject: subject as Subject }, half: lasting.half, people: lasting.people, last }
  }
  return null
}

/** How many people did something for this artist in the last twelve weeks, as far as they are told apart. */
export async function peopleLately(db: Db, artistId: string, now: Date): Promise<number> {
  const { rows } = await sql<{ people: number }>`
    select count(distinct coalesce(o.is_person, r.person_id))::int as people
    from returns r left join one_person o on o.person_id = r.person_id and (o.since is null or o.since <= r.at)
    where r.artist_id = ${artistId} and r.at >= ${new Date(now.getTime() - WEEKS * 7 * 86_400_000)} and ${stands('r')}`.execute(
    db,
  )
  return rows[0]?.people ?? 0
}
