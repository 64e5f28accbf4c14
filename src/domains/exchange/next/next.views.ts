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

/** The weekday on which people do most for this artist, of the twelve whole weeks before this one, in `zone`. 0 is Monday. */
export async function favouriteDay(db: Db, artistId: string, now: Date, zone: string): Promise<Favourite | null> {
  const { rows } = await sql<{ persons: number | null; days: number[] }>`
    with span as (select date_trunc('week', ${now}::timestamptz at time zone ${zone}) as until), did as (
      select distinct coalesce(o.is_person, r.person_id) as person, (r.at at time zone ${zone})::date as day
      from span, returns r left join one_person o on o.person_id = r.person_id and (o.since is null or o.since <= r.at)
      where r.artist_id = ${artistId} and r.person_id is not null and r.kind <> 'refund' and ${stands('r')}
        and r.at >= ((span.until - ${WEEKS} * interval '1 week') at time zone ${zone}) and r.at < (span.until at time zone ${zone})
    ), by_person as (select ${BY_WEEKDAY} as days from did group by person),
    by_week as (select ${BY_WEEKDAY} as days from did group by date_trunc('week', day))
    select count(*)::int as persons, days from by_person group by days union all select null, days from by_week`.execute(
    db,
  )
  return favouriteOf(
    rows.flatMap(({ persons, days }) => (persons === null ? [] : [{ persons, days }])),
    rows.flatMap(({ persons, days }) => (persons === null ? [days] : [])),
  )
}

const BY_WEEKDAY = sql`array[${sql.join(
  [1, 2, 3, 4, 5, 6, 7].map((day) => sql`count(*) filter (where extract(isodow from day) = ${sql.lit(day)})::int`),
)}]`

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
