import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import {
  type ByGifts,
  byGifts,
  type Months,
  type Slope,
  stands,
  type Together,
  tailsOf,
  together,
  within,
} from '../../exchange/index.ts'
import { type Sender, senderColumns, senderId } from '../../identity/index.ts'
import { type Figure, OUTCOMES, type Outcome } from '../waves/figure.types.ts'

/** What several gifts drawn by lot brought of one outcome. */
export type Lot = { outcome: Outcome; currency: string | null } & Together

export type More = {
  /** Where chance decided who was told first. */
  lots: Lot[]
  /** Announcements in waves that were read to their end, and whether any told enough. */
  waved: number
  /** Everything else: the same people in months with more and with fewer gifts. */
  slope: Slope | null
  groups: ByGifts[]
  months: number
  people: number
}

/** What came back for more gifts, over an artist's or a label's whole history. */
export async function moreOf(db: Db, sender: Sender, zone: string, now: Date): Promise<More> {
  const [drawn, observed] = await Promise.all([lotsOf(db, sender), monthsOf(db, sender, zone, now)])
  return {
    ...drawn,
    slope: within(observed),
    groups: byGifts(observed),
    months: observed.person.length,
    people: (observed.person.at(-1) ?? -1) + 1,
  }
}

/** The last readings of all announcements that left in waves, an outcome at a time. */
async function lotsOf(db: Db, sender: Sender): Promise<Pick<More, 'lots' | 'waved'>> {
  const { artistId, labelId } = senderColumns(sender)
  const rows = await db
    .selectFrom('waveReadings')
    .innerJoin('announcements', 'announcements.id', 'waveReadings.announcementId')
    .select('figures')
    .where('isFinal', '=', true)
    .where(artistId ? 'announcements.artistId' : 'announcements.labelId', '=', artistId ?? labelId)
    .execute()
  const figures: Figure[] = rows.flatMap((row) => row.figures)
  const kinds = OUTCOMES.flatMap((outcome) =>
    [...new Set(figures.filter((one) => one.outcome === outcome).map(({ currency }) => currency))].map((currency) => ({
      ...{ outcome, currency },
      of: figures.filter((one) => one.outcome === outcome && one.currency === currency),
    })),
  )
  const told = kinds.filter(({ of }) => of.some((one) => !('tooFew' in one))).length
  const tails = tailsOf({ outcomes: Math.max(1, told), looks: 1 })
  return {
    waved: rows.length,
    lots: kinds.flatMap(({ outcome, currency, of }) => {
      const one = together(of, tails)
      return one ? [{ outcome, currency, ...one }] : []
    }),
  }
}

const MONTHS = 24
/** So many people at most are learnt from, drawn by a hash of their ids. */
const PEOPLE = 10_000

type Row = { person: number; month: number; gifts: number; returns: number }

/**
 * Whole months of fans who could be recognised all the while, from when they came until they left: how many gifts they were told of on a channel of theirs, and what they
 * did, in `zone`. What is money counts once, what was paid back or set right not at all.
 */
async function monthsOf(db: Db, sender: Sender, zone: string, now: Date): Promise<Months> {
  const { artistId, labelId } = senderColumns(sender)
  const id = senderId(sender)
  const { rows } = await sql<Row>`
    with people as (
      select f.id as fan_id, f.person_id, greatest(f.recognised_since, min(s.joined_at)) as since, max(coalesce(s.left_at, 'infinity')) as until
      from fans f join subscriptions s on s.fan_id = f.id
      where ${sql.ref(artistId ? 's.artist_id' : 's.label_id')} = ${artistId ?? labelId} and s.joined_at is not null
        and f.recognised_since is not null and f.erased_at is null and f.merged_into is null
      group by f.id order by md5(f.id::text) limit ${PEOPLE}
    ), months as (
      select n, (this - (${MONTHS} - n) * interval '1 month') at time zone ${zone} as since, (this - (${MONTHS} - n - 1) * interval '1 month') at time zone ${zone} as until
      from (select date_trunc('month', ${now}::timestamptz at time zone ${zone}) as this) t, generate_series(0, ${MONTHS - 1}) n
    ), whole as (
      select p.fan_id, p.person_id, m.n, m.since, m.until from people p join months m on m.since >= p.since and m.until <= p.until
    ), told as (
      select w.fan_id, w.n, count(distinct coalesce(g.operation_id, g.id)) as gifts
      from (select distinct fan_id, person_id from whole) p
        join touches t on t.person_id = p.person_id and t.artist_id = ${id} and t.channel in ('mail', 'sms', 'push')
        join whole w on w.fan_id = p.fan_id and t.at >= w.since and t.at < w.until
        join gifts g on g.id = t.gift_id and g.artist_id = ${id} group by 1, 2
    ), persons as (
      select distinct fan_id, person_id, null::timestamptz as since from whole
      union select w.fan_id, o.person_id, o.since from (select distinct fan_id, person_id from whole) w join one_person o on o.is_person = w.person_id
    ), did as (
      select w.fan_id, w.n, count(*) as returns
      from persons p join returns r on r.person_id = p.person_id and r.artist_id = ${id} and (p.since is null or p.since <= r.at)
        join whole w on w.fan_id = p.fan_id and r.at >= w.since and r.at < w.until
      where r.kind not in ('sign-up', 'confirmation', 'refund') and ${stands('r')} group by 1, 2
    )
    select (dense_rank() over (order by w.fan_id))::int - 1 as person, w.n as month, coalesce(t.gifts, 0)::int as gifts, coalesce(d.returns, 0)::int as returns
    from whole w left join told t using (fan_id, n) left join did d using (fan_id, n) order by w.fan_id, w.n`.execute(
    db,
  )
  return {
    person: Int32Array.from(rows, (row) => row.person),
    month: Int32Array.from(rows, (row) => row.month),
    gifts: Float64Array.from(rows, (row) => row.gifts),
    returns: Float64Array.from(rows, (row) => row.returns),
  }
}
