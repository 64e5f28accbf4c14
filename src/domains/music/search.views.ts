import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { cover, isPublic, releaseArtists } from './json.fragments.ts'
import { releasePath, trackPath } from './paths.rules.ts'
import type { Cover, Named } from './public.types.ts'
import { within } from './release.store.ts'

export type SearchHit = {
  kind: 'artist' | 'release' | 'track'
  id: string
  title: string
  path: string
  /** Whose it is; empty for an artist. */
  artists: Named[]
  /** The release that a track is on. */
  release: string | null
  cover: Cover | null
}

/** Below this share of common trigrams a word is another word. One wrong letter in six still passes. */
const LIKENESS = 0.42

/**
 * Artists, releases and tracks whose names hold something like these words: accents, case and a wrong letter forgiven. Best
 * first; at equal likeness artists before releases before tracks. Only what everyone may see.
 */
export async function search(db: Db | Tx, text: string, now: Date, limit = 30): Promise<SearchHit[]> {
  const asked = text.normalize('NFC').replace(/\s+/g, ' ').trim().slice(0, 120)
  if (!asked) return []
  return within(db, async (tx) => {
    // Asked first, so that what follows compares with constants and walks its indexes.
    const { rows: said } = await sql<{ q: string }>`
      select searchable(${asked}) as q, set_config('pg_trgm.word_similarity_threshold', ${String(LIKENESS)}, true)`.execute(
      tx,
    )
    const q = said[0]?.q ?? ''
    const { like, likeness } = likenessTo(q)
    const { rows } = await sql<Omit<SearchHit, 'path'> & { slugs: string[] }>`
      with hits as (
        (select 'artist' as kind, 0 as rank, a.id, ${likeness(sql`a.name`)} as likeness, searchable(a.name) as found
          from artists a where ${like(sql`a.name`)} and a.goes_at is null
          order by 4 desc limit ${limit})
        union all
        (select 'release', 1, r.id, ${likeness(sql`r.title`)}, searchable(r.title)
          from releases r where ${like(sql`r.title`)} and ${isPublic(now)}
          order by 4 desc limit ${limit})
        union all
        (select 'track', 2, t.id, ${likeness(sql`rec.title`)}, searchable(rec.title)
          from recordings rec join tracks t on t.recording_id = rec.id join releases r on r.id = t.release_id
          where ${like(sql`rec.title`)} and ${isPublic(now)}
          order by 4 desc limit ${limit})
      )
      select h.kind, h.id, coalesce(rec.title, r.title, a.name) as title,
        case h.kind when 'track' then r.title end as release,
        case h.kind when 'artist' then '[]'::json else ${releaseArtists(sql`r.id`)} end as artists,
        ${cover(sql`coalesce(r.cover_image_id, a.portrait_image_id)`)} as cover,
        array_remove(array[coalesce(home.slug, a.slug), r.slug, t.slug], null) as slugs
      from hits h
        left join tracks t on h.kind = 'track' and t.id = h.id
        left join recordings rec on rec.id = t.recording_id
        left join releases r on r.id = coalesce(t.release_id, case h.kind when 'release' then h.id end)
        left join artists home on home.id = r.artist_id
        left join artists a on h.kind = 'artist' and a.id = h.id
      order by h.found = ${q} desc, starts_with(h.found, ${q}) desc, round(h.likeness::numeric, 1) desc, h.rank,
        length(h.found), h.found, h.id
      limit ${limit}`.execute(tx)
    return rows.map(({ slugs, ...hit }) => ({ ...hit, path: pathOf(slugs) }))
  })
}

type Name = RawBuilder<unknown>

/** One or two letters begin a word of the name: likeness would look at every name there is. From three on, a wrong letter is forgiven. */
function likenessTo(q: string): { like: (name: Name) => Name; likeness: (name: Name) => Name } {
  const escaped = q.replace(/[\\%_]/g, '\\$&')
  if ([...q].length < 3)
    return {
      like: (name) => sql`(searchable(${name}) like ${`${escaped}%`} or searchable(${name}) like ${`% ${escaped}%`})`,
      likeness: (name) => sql`1.0 / length(searchable(${name}))`,
    }
  return {
    like: (name) => sql`(${q} <% searchable(${name}) or searchable(${name}) like ${`%${escaped}%`})`,
    likeness: (name) => sql`word_similarity(${q}, searchable(${name}))`,
  }
}

const pathOf = ([artist = '', release, track]: string[]): string =>
  release
    ? track
      ? trackPath(artist, release, track)
      : releasePath(artist, release)
    : `/${encodeURIComponent(artist)}`
