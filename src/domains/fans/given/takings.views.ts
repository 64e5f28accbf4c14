import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import type { Subject } from '../../exchange/index.ts'

export type GivenCount = {
  /** Addresses, each once. */
  addresses: number
  /** Of them: asked to be written to, and confirmed it. */
  asked: number
  confirmed: number
  /** Links that still open. */
  open: number
}

/** What was given for an address of a release, its tracks included. */
export async function countGiven(db: Db, givenAs: Subject, now: Date): Promise<GivenCount> {
  const { rows } = await sql<GivenCount>`
    select count(distinct t.mark)::int as addresses, count(distinct t.mark) filter (where t.fan_id is not null)::int as asked,
      count(distinct t.mark) filter (where exists (select from subscriptions s
        where s.fan_id = t.fan_id and s.artist_id = t.artist_id and s.channel = t.channel and s.state = 'active'))::int as confirmed,
      count(*) filter (where t.closed_at is null and t.expires_at > ${now})::int as open
    from takings t where t.given_as = ${givenAs}`.execute(db)
  return rows[0] as GivenCount
}
