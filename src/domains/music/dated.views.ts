import { sql } from 'kysely'
import type { Db } from '../../platform/database/index.ts'
import { dayIn } from '../../platform/days.ts'
import type { Dated, Span } from '../exchange/index.ts'
import { visibilityAt } from './given.rules.ts'
import type { Visibility } from './tables.ts'

type Row = Pick<Dated, 'id' | 'senderId' | 'title' | 'zone' | 'changed' | 'version'> & {
  visibility: Visibility
  publishAt: Date | null
  publishedAt: Date | null
  releaseDate: string | null
  isRemoved: boolean
}

/** The releases of these artists on the day on which they were given or are to be, and drafts on the day that is written on them, if it is to come. */
export async function datedReleases(db: Db, artistIds: string[], { from, to, now }: Span): Promise<Dated[]> {
  const [today, lastDay] = [dayIn(now, 'UTC'), dayIn(to, 'UTC')]
  const { rows } = await sql<Row>`
    select id, artist_id as "senderId", title, publish_zone as zone, updated_at as changed, version, visibility, publish_at as "publishAt",
      published_at as "publishedAt", release_date as "releaseDate", removed_at is not null as "isRemoved"
    from releases where artist_id = any(${artistIds}::uuid[]) and (
      (visibility = 'scheduled' and publish_at >= ${from} and publish_at < ${to})
      or (published_at >= ${from} and published_at < ${to})
      or (removed_at is null and published_at is null and visibility in ('draft', 'unlisted')
        and release_date ~ '^\\d{4}-\\d{2}-\\d{2}$' and release_date >= ${today} and release_date <= ${lastDay}))
    order by id limit 2000`.execute(db)
  return rows.map(({ visibility, publishAt, publishedAt, releaseDate, isRemoved, ...row }) => {
    const isWaiting = visibilityAt({ visibility, publishAt }, now) === 'scheduled'
    const at = visibility === 'scheduled' ? publishAt : publishedAt
    return {
      ...row,
      kind: at ? 'release' : 'meant',
      at,
      day: at ? null : releaseDate,
      given: !isWaiting && at !== null,
      href: isRemoved ? null : `/studio/music/${row.id}`,
      stands: isWaiting && publishAt ? publishAt.toISOString() : null,
    }
  })
}
