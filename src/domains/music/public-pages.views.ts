import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { isPublic } from './json.fragments.ts'
import { releasePath, trackPath } from './paths.rules.ts'

/** A page that everyone may open, and when what it shows last changed. */
export type PublicPage = { path: string; updatedAt: Date }

type Row = { artist: string; release: string; track: string | null; updatedAt: Date }

/** The pages of releases and their tracks, in an order that new ones do not disturb: for sitemaps. */
export async function publicPages(
  db: Db | Tx,
  now: Date,
  { offset, limit }: { offset: number; limit: number },
): Promise<PublicPage[]> {
  const { rows } = await sql<Row>`
    select a.slug as artist, r.slug as release, page.slug as track, greatest(r.updated_at, page.updated_at) as updated_at
    from releases r join artists a on a.id = r.artist_id
    cross join lateral (
      select null as slug, r.updated_at, 0 as disc, 0 as position
      union all
      select t.slug, rec.updated_at, t.disc, t.position from tracks t join recordings rec on rec.id = t.recording_id
        where t.release_id = r.id
    ) page
    where r.removed_at is null and ${isPublic(now)}
    order by r.id, page.disc, page.position limit ${limit} offset ${offset}`.execute(db)
  return rows.map(({ artist, release, track, updatedAt }) => ({
    path: track ? trackPath(artist, release, track) : releasePath(artist, release),
    updatedAt,
  }))
}

/** How many of them there are. */
export async function countPublicPages(db: Db | Tx, now: Date): Promise<number> {
  const { rows } = await sql<{ pages: number }>`
    select count(*) + coalesce(sum((select count(*) from tracks t where t.release_id = r.id)), 0) as pages
    from releases r where r.removed_at is null and ${isPublic(now)}`.execute(db)
  return Number(rows[0]?.pages ?? 0)
}

/** When the next scheduled release opens by itself; null when none is waiting. */
export async function nextPublication(db: Db | Tx, now: Date): Promise<Date | null> {
  const next = await db
    .selectFrom('releases')
    .select(({ fn }) => fn.min('publishAt').as('at'))
    .where('visibility', '=', 'scheduled')
    .where('publishAt', '>', now)
    .executeTakeFirst()
  return next?.at ?? null
}
