import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import { fromLocal } from '../../../platform/zones.ts'
import type { Dated, Span } from '../../exchange/index.ts'
import type { AnnouncementState } from '../tables.ts'
import { WAVE_DAYS, WAVES } from './send.ts'

const DAY_MS = 24 * 3_600_000
/** How long after the first wave the last one may leave. */
const LONGEST = (Math.max(...WAVES) - 1) * Math.max(...WAVE_DAYS) * DAY_MS

type Row = Pick<Dated, 'id' | 'senderId' | 'title' | 'zone' | 'changed' | 'version'> & {
  state: AnnouncementState
  sendAt: Date | null
  localTime: string | null
  leavesAt: Date
  frozenAt: Date | null
  waves: number
  waveDays: number
  windowEndsAt: Date | null
}

/** The announcements of these artists and labels on the day on which they left or are to leave, and their later waves. */
export async function datedAnnouncements(
  db: Db,
  senderIds: string[],
  { from, to, now }: Span,
  lang: Lang,
): Promise<Dated[]> {
  const { rows } = await sql<Row>`
    select a.id, coalesce(a.artist_id, a.label_id) as "senderId", a.time_zone as zone, a.changed_at as changed, a.version, a.state,
      a.send_at as "sendAt", a.local_time as "localTime", coalesce(a.leaves_at, a.frozen_at) as "leavesAt", a.frozen_at as "frozenAt", a.waves,
      a.wave_days as "waveDays", a.window_ends_at as "windowEndsAt",
      coalesce((select t.title from announcement_texts t where t.announcement_id = a.id and t.channel = '' and t.title <> ''
        order by t.language = ${lang} desc, t.language limit 1), '') as title
    from announcements a
    where (a.artist_id = any(${senderIds}::uuid[]) or a.label_id = any(${senderIds}::uuid[]))
      and (a.frozen_at is not null or a.state = 'waiting')
      and coalesce(a.frozen_at, a.leaves_at) >= ${new Date(from.getTime() - LONGEST - DAY_MS)}
      and coalesce(a.frozen_at, a.leaves_at) < ${new Date(to.getTime() + DAY_MS)}
    order by a.id limit 2000`.execute(db)
  return rows.flatMap((row) => wavesOf(row, now)).filter(({ at }) => at !== null && at >= from && at < to)
}

function wavesOf(row: Row, now: Date): Dated[] {
  const { id, senderId, title, zone, changed, version } = row
  const { state, sendAt, localTime, leavesAt, frozenAt, waves, waveDays, windowEndsAt } = row
  // By each fan's own clock it has no one moment: its day is that of the clock.
  const first = frozenAt ?? (localTime ? fromLocal(localTime, zone ?? 'UTC') : null) ?? leavesAt
  const shared = { id, senderId, title, zone, day: null, href: `/studio/announcements/${id}`, changed, version }
  const isTimed = sendAt !== null || localTime !== null
  const told = {
    ...shared,
    kind: 'announcement',
    at: first,
    given: frozenAt !== null,
    stands: frozenAt === null && isTimed ? leavesAt.toISOString() : null,
  }
  const later = Array.from({ length: waves - 1 }, (_, index) => {
    const second = windowEndsAt ?? new Date(first.getTime() + waveDays * DAY_MS)
    const at = new Date(second.getTime() + index * waveDays * DAY_MS)
    return { ...shared, kind: 'wave', number: index + 2, at, given: at <= now, stands: null }
  })
  return [told, ...later.filter(({ given }) => given || state !== 'cancelled')]
}
