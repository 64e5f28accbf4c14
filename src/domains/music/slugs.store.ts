import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import { slugify } from '../identity/index.ts'
import { freeReleaseSlug, freeSlug } from './slug.rules.ts'

const slugOf = (title: string) => slugify(title, 'untitled')

/**
 * A free address for a release of this artist, given now. Addresses of one artist are given one at a time, so that two
 * releases of the same title made in the same instant get two. `self` may take back an address that it had.
 */
export async function giveReleaseSlug(
  tx: Tx,
  of: { artistId: string; title: string; self?: { id: string; slug: string } },
): Promise<string> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`release-slugs:${of.artistId}`}, 0))`.execute(tx)
  const base = slugOf(of.title)
  const self = of.self?.id ?? null
  const { rows } = await sql<{ slug: string }>`
    select slug from releases where artist_id = ${of.artistId} and starts_with(slug, ${base}) and id is distinct from ${self}::uuid
    union select slug from release_slugs
      where artist_id = ${of.artistId} and starts_with(slug, ${base}) and release_id is distinct from ${self}::uuid`.execute(
    tx,
  )
  const slug = freeReleaseSlug(base, new Set(rows.map((row) => row.slug)))
  if (of.self && of.self.slug !== slug) {
    await tx
      .insertInto('releaseSlugs')
      .values({ artistId: of.artistId, slug: of.self.slug, releaseId: of.self.id })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await tx.deleteFrom('releaseSlugs').where('artistId', '=', of.artistId).where('slug', '=', slug).execute()
  }
  return slug
}

/** The same for a track within its release, whose row the caller has locked. */
export async function giveTrackSlug(
  tx: Tx,
  of: { releaseId: string; title: string; self?: { id: string; slug: string } },
): Promise<string> {
  const self = of.self?.id ?? null
  const { rows } = await sql<{ slug: string }>`
    select slug from tracks where release_id = ${of.releaseId} and id is distinct from ${self}::uuid
    union select slug from removed_tracks where release_id = ${of.releaseId}
    union select slug from track_slugs where release_id = ${of.releaseId} and track_id is distinct from ${self}::uuid`.execute(
    tx,
  )
  const slug = freeSlug(slugOf(of.title), new Set(rows.map((row) => row.slug)))
  if (of.self && of.self.slug !== slug) {
    await tx
      .insertInto('trackSlugs')
      .values({ releaseId: of.releaseId, slug: of.self.slug, trackId: of.self.id })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await tx.deleteFrom('trackSlugs').where('releaseId', '=', of.releaseId).where('slug', '=', slug).execute()
  }
  return slug
}
