import { type RawBuilder, sql } from 'kysely'

/** Rows `d` of `deliveries` with `g`, the week's digest that carried them: its own row says what became of it, and theirs stay as they were. */
export const CARRIED = sql`left join deliveries g on g.id = d.digest_id`

/** When that was told; null: not yet. Of what nobody knows whether it arrived: when it was decided, or begun. */
export const TOLD_AT = sql<Date | null>`coalesce(g.handed_at, d.handed_at,
  case when coalesce(g.state, d.state) = 'uncertain' then coalesce(g.settled_at, d.settled_at, g.handing_at, d.handing_at, g.due_at, d.due_at) end)`

/**
 * Whether it counts among what somebody was told since then: what is on its way does, what was withdrawn or never arrived does not. What waits behind an announcement
 * that was paused may never leave.
 */
export const countsSince = (since: Date): RawBuilder<boolean> =>
  sql`coalesce(g.state, d.state) in ('held', 'queued', 'handing', 'handed', 'delivered', 'uncertain') and (${TOLD_AT} is null or ${TOLD_AT} > ${since})
    and not (d.state = 'queued' and exists (select from announcements a where a.id = d.announcement_id and a.state = 'paused'))`
