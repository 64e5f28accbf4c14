import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import type { Subject } from './subjects.ts'

export type Coming = { artistId: string; personId: string; by: string; givenAs: Subject; at: Date }

/**
 * Somebody came by a link that another passed on. Written for whom the artist did not know: who has been here, or passed something on, was not brought, and
 * the first who brought somebody did. False when nothing is to be said of it.
 */
export async function recordBrought(db: Db | Tx, { artistId, personId, by, givenAs, at }: Coming): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into brought (artist_id, person_id, by_person, gift_id, at)
    select ${artistId}::uuid, ${personId}::uuid, ${by}::uuid, (select g.id from gifts g where g.subject = ${givenAs} order by g.at limit 1), ${at}::timestamptz
    where ${personId} <> ${by}
      and not exists (select from shares where person_id = ${personId} and artist_id = ${artistId})
      and not exists (select from touches where person_id = ${personId} and artist_id = ${artistId})
      and not exists (select from returns where person_id = ${personId} and artist_id = ${artistId})
      and not exists (
        select from one_person a, one_person b where a.person_id = ${personId} and b.is_person = a.is_person and ${by} in (b.person_id, b.is_person))
    on conflict do nothing`.execute(db)
  return Number(numAffectedRows ?? 0) > 0
}
