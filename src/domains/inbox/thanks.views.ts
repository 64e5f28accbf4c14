import './tables.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { bringersOf, milestoneOf } from '../exchange/index.ts'
import type { Channel } from '../fans/index.ts'

export type ThanksDue = { fanId: string; name: string; people: number }

/**
 * Fans of an artist who passed a milestone of people brought about which nothing was written yet, those who brought most first. Only who follows the artist now is named: others gave
 * no name for this.
 */
export async function thanksDue(db: Db | Tx, artistId: string): Promise<ThanksDue[]> {
  // Most artists have nobody of that kind, and need not read the whole tree for it.
  const { rows: some } = await sql`
    select from brought b join one_person o on o.person_id = b.by_person where b.artist_id = ${artistId}
    union all select from brought b join fans f on f.person_id = b.by_person where b.artist_id = ${artistId} limit 1`.execute(
    db,
  )
  if (!some.length) return []
  const passed = (await bringersOf(db, artistId)).flatMap(({ personId, directly }) => {
    const people = milestoneOf(directly)
    return people === null ? [] : [{ personId, people }]
  })
  if (!passed.length) return []
  const { rows } = await sql<ThanksDue>`
    select f.id as "fanId", f.name, p.people
    from unnest(${passed.map(({ personId }) => personId)}::uuid[], ${passed.map(({ people }) => people)}::int[]) as p (person_id, people)
    join fans f on f.person_id = p.person_id and f.merged_into is null and f.erased_at is null
    where exists (select from subscriptions s where s.fan_id = f.id and s.artist_id = ${artistId} and s.state = 'active')
      and not exists (select from thanks t where t.artist_id = ${artistId} and t.fan_id = f.id and t.people >= p.people)
    order by p.people desc, f.id`.execute(db)
  return rows
}

export type Reachable = { addressId: string; address: string; channel: Exclude<Channel, 'push'>; language: Lang }

/** Where an artist may write to a fan who said nothing yet: an address by which they follow and have not paused, mail before telephone. */
export async function writtenAt(db: Db | Tx, artistId: string, fanId: string, now: Date): Promise<Reachable | null> {
  const { rows } = await sql<Reachable>`
    select a.id as "addressId", a.address, a.channel, f.language from subscriptions s
      join fan_addresses a on a.id = s.address_id join fans f on f.id = s.fan_id
    where s.artist_id = ${artistId} and s.fan_id = ${fanId} and s.state = 'active' and a.removed_at is null and a.channel in ('mail', 'sms')
      and (s.paused_until is null or s.paused_until <= ${now})
    order by a.channel = 'mail' desc, s.joined_at, a.id limit 1`.execute(db)
  return rows[0] ?? null
}
