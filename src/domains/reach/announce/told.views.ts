import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import type { Told } from '../../exchange/index.ts'
import { stands } from '../../exchange/index.ts'

/** In so many days after they were told, people who come count as having come by it. */
const WINDOW_DAYS = 14
const MOST = 40

/**
 * The announcements of an artist that are over, by what their first thing was ('release', 'post', 'operation', or 'words' alone): how many people each told, and
 * how many came back by its links or for what it gave. Of one in waves the window is that of the last.
 */
export async function toldByKind(db: Db, artistId: string, now: Date): Promise<Map<string, Told[]>> {
  const { rows } = await sql<Told & { kind: string }>`
    with announced as (
      select a.id, a.gift_id, coalesce(split_part(t.subject, ':', 1), 'words') as kind, a.frozen_at,
        a.frozen_at + (${WINDOW_DAYS} + (a.waves - 1) * a.wave_days) * interval '1 day' as until
      from announcements a left join announcement_things t on t.announcement_id = a.id and t.position = 0
      where a.artist_id = ${artistId} and a.frozen_at is not null and a.state <> 'cancelled' order by a.frozen_at desc limit ${MOST}
    )
    select case when kind = 'track' then 'release' else kind end as kind, d.people, r.came
    from announced a
    cross join lateral (select count(distinct fan_id)::int as people from deliveries where announcement_id = a.id and handed_at is not null) d
    cross join lateral (
      select count(distinct coalesce(o.is_person, r.person_id))::int as came
      from returns r left join one_person o on o.person_id = r.person_id and (o.since is null or o.since <= r.at)
      where r.gift_id = any(array(select a.gift_id union select gift_id from announcement_things where announcement_id = a.id and gift_id is not null))
        and r.at >= a.frozen_at and r.at < a.until and ${stands('r')}
    ) r
    where a.until <= ${now} and d.people > 0`.execute(db)
  const byKind = Map.groupBy(rows, ({ kind }) => kind)
  return new Map([...byKind].map(([kind, told]) => [kind, told.map(({ people, came }) => ({ people, came }))]))
}

/** What an artist or a label has told people of: subjects of announcements that left, or wait to. */
export async function announcedSubjects(db: Db, senderId: string): Promise<Set<string>> {
  const { rows } = await sql<{ subject: string }>`
    select distinct t.subject from announcement_things t join announcements a on a.id = t.announcement_id
    where ${senderId} in (a.artist_id, a.label_id) and (a.frozen_at is not null or a.state = 'waiting')`.execute(db)
  return new Set(rows.map(({ subject }) => subject))
}
