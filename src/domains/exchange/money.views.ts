import { sql } from 'kysely'
import { type Db, PREPARED } from '../../platform/database/index.ts'
import type { Money } from '../../platform/money.ts'
import { stands } from './stands.sql.ts'

/** What came back as money of one kind: 'order', 'tip' …; `count` leaves out what went back, `amount` has it off, before tax. */
export type MoneyOfKind = Money & { kind: string; count: number }

/** The money that answered a gift, by currency and kind. What was given back stands as a kind of its own. Read from the tallies. */
export async function moneyOf(db: Db, giftId: string): Promise<MoneyOfKind[]> {
  const { rows } = await sql<MoneyOfKind>`
    ${sql.raw(PREPARED)} select kind, currency, n::int as count, amount from tallies
    where of_id = ${giftId} and by = 't' and currency <> '' and (n <> 0 or amount <> 0) order by 2, 4 desc, 1`.execute(
    db,
  )
  return rows
}

/**
 * Fewer spenders than this are not told of: of two, each would know what the other spent, and of a few an artist may guess. Beside a name stands no amount
 * anywhere in these figures.
 */
export const FEWEST_SPENDERS = 5

export type SpentLater = {
  /** Who took it for nothing, as far as people are told apart. */
  takers: number
  /** Those of them who later spent something, with what went back off; null while they are too few to be told of. */
  spenders: { people: number; money: Money[] } | null
}

/**
 * What people who took a gift for nothing spent afterwards with the same artist. Who had paid for it before they took it did not take it for nothing; a refund
 * is off, whenever it was, and who got all back is no spender.
 */
export async function spentLater(db: Db, artistId: string, gifts: readonly string[]): Promise<SpentLater> {
  const ids = sql`any(${[...gifts]}::uuid[])`
  const { rows } = await sql<{ takers: number; people: number; money: Money[] | null }>`
    with took as (
      select person_id, min(at) as at from returns
      where gift_id = ${ids} and kind in ('download', 'acceptance') and person_id is not null and ${stands('returns')} group by 1
    ), takers as (
      select t.person_id, t.at from took t where not exists (
        select from returns paid where paid.person_id = t.person_id and paid.artist_id = ${artistId} and paid.amount > 0
          and paid.gift_id = ${ids} and paid.kind = 'order' and paid.at <= t.at and ${stands('paid')})
    ), spent as (
      select t.person_id, m.currency, sum(m.amount)::bigint as amount
      from takers t join returns m on m.person_id = t.person_id and m.artist_id = ${artistId} and m.amount is not null and m.at > t.at and ${stands('m')}
      group by 1, 2 having sum(m.amount) > 0
    )
    select (select count(*)::int from takers) as takers, count(distinct person_id)::int as people,
      (select json_agg(json_build_object('currency', currency, 'amount', amount) order by amount desc)
        from (select currency, sum(amount)::bigint as amount from spent group by 1) sums) as money
    from spent`.execute(db)
  const { takers = 0, people = 0, money = null } = rows[0] ?? {}
  return { takers, spenders: people >= FEWEST_SPENDERS ? { people, money: money ?? [] } : null }
}
