import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import type { Sample } from '../../exchange/index.ts'
import { BY_BROWSER, OUTCOMES, type Outcome } from './figure.types.ts'

const WEEKS_BEFORE = 12

export type Asked = {
  /** Rows of `fan_id`, `stratum`, `wave`. */
  whom: RawBuilder<unknown>
  /** In whose books. */
  artistIds: string[]
  /** The moment of the draw: whoever was recognised later is not, here. */
  from: Date
  until: Date
  currency: string | null
}

type Row = { wave: number; stratum: number; known: boolean; now: number[]; past: number[] }

/** What each did in that time, beside what they had done in the twelve weeks before it. */
export async function whatTheyDid(db: Db | Tx, asked: Asked): Promise<Map<Outcome, Sample>> {
  const { whom, artistIds, from, until, currency } = asked
  const before = new Date(from.getTime() - WEEKS_BEFORE * 7 * 24 * 3_600_000)
  const each = (during: RawBuilder<unknown>) => sql`array[
    coalesce(sum(n) filter (where ${during} and own and kind in ('reply', 'comment')), 0),
    coalesce(sum(n) filter (where ${during} and kind = 'taking'), 0),
    coalesce(sum(n) filter (where ${during} and own and kind = 'sign-up'), 0),
    coalesce(sum(n) filter (where ${during} and not own and kind = 'listen'), 0),
    coalesce(sum(n) filter (where ${during} and not own and kind = 'order'), 0),
    coalesce(sum(amount) filter (where ${during} and not own), 0)]::float8[]`
  const { rows } = await sql<Row>`
    with people as materialized (
      select w.fan_id, w.wave, w.stratum, f.person_id, f.recognised_since
      from (${whom}) w join fans f on f.id = w.fan_id where f.erased_at is null
    ), browsers as materialized (
      select p.fan_id, b.person_id from people p join person_fans b on b.fan_id = p.fan_id
      where b.since <= ${from} and p.recognised_since <= ${from} and b.person_id <> p.person_id
        and not exists (select from fans own where own.person_id = b.person_id)
    ), persons as (
      select fan_id, person_id, true as own from people union all select fan_id, person_id, false from browsers
    ), facts as (
      select p.fan_id, p.own, r.kind, r.at >= ${from} as during, case when r.reverses is null then 1 else -1 end as n,
        case when r.currency = ${currency} then r.amount else 0 end as amount
      from persons p join returns r on r.person_id = p.person_id
      where r.artist_id = any(${artistIds}::uuid[]) and r.at >= ${before} and r.at < ${until}
      union all
      select p.fan_id, true, 'taking', t.asked_at >= ${from}, 1, 0
      from people p join takings t on t.fan_id = p.fan_id
      where t.artist_id = any(${artistIds}::uuid[]) and t.asked_at >= ${before} and t.asked_at < ${until}
    ), sums as (
      select fan_id, ${each(sql`during`)} as now, ${each(sql`not during`)} as past from facts group by fan_id
    )
    select p.wave, p.stratum, exists (select from browsers b where b.fan_id = p.fan_id) as known,
      coalesce(s.now, '{0,0,0,0,0,0}') as now, coalesce(s.past, '{0,0,0,0,0,0}') as past
    from people p left join sums s using (fan_id)`.execute(db)
  return new Map(
    OUTCOMES.map((outcome, at) => {
      const theirs = BY_BROWSER.includes(outcome) ? rows.filter(({ known }) => known) : rows
      return [
        outcome,
        {
          told: Uint8Array.from(theirs, ({ wave }) => Number(wave === 1)),
          stratum: Uint8Array.from(theirs, ({ stratum }) => stratum),
          outcome: Float64Array.from(theirs, ({ now }) => now[at] as number),
          past: [Float64Array.from(theirs, ({ past }) => past[at] as number)],
        },
      ]
    }),
  )
}

/** In whose books what comes back of an announcement (`a`) stands: of whoever gives its things, and of its sender. */
export const IN_WHOSE_BOOKS = sql<string[]>`
  array(select distinct coalesce(t.given_by, a.artist_id, a.label_id) from announcement_things t where t.announcement_id = a.id
    union select coalesce(a.artist_id, a.label_id))`

/** In which currency most of what came back in these books came; null when none did. */
export async function currencyOf(db: Db | Tx, artistIds: string[]): Promise<string | null> {
  const { rows } = await sql<{ currency: string }>`
    select currency from returns where artist_id = any(${artistIds}::uuid[]) and amount is not null group by 1 order by count(*) desc, 1 limit 1`.execute(
    db,
  )
  return rows[0]?.currency ?? null
}
