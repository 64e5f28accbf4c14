import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { audit } from '../identity/index.ts'
import { isPublic } from './json.fragments.ts'
import { releasePath } from './paths.rules.ts'
import type { By } from './publish-release.ts'

type Piece = RawBuilder<unknown>

/** `r` names this artist, on the whole or on a track, and is somebody else's. */
const named = (artistId: string): Piece => sql`(r.artist_id <> ${artistId} and (
  exists (select from release_artists x where x.release_id = r.id and x.artist_id = ${artistId})
  or exists (select from tracks t join recording_artists x on x.recording_id = t.recording_id
    where t.release_id = r.id and x.artist_id = ${artistId})))`

/** Somebody answers for both artists, or both let the same label publish for them. */
const sameHands = (artistId: string): Piece => sql`(
  exists (select from memberships a join memberships b on b.account_id = a.account_id
    where a.artist_id = r.artist_id and b.artist_id = ${artistId} and a.role = 'artist' and b.role = 'artist')
  or exists (select from living_mandates a join living_mandates b on b.label_id = a.label_id
    where a.artist_id = r.artist_id and b.artist_id = ${artistId}
      and 'music.publish' = any(a.permissions) and 'music.publish' = any(b.permissions)))`

const answer = (artistId: string): Piece =>
  sql`(select shown from appearances where release_id = r.id and artist_id = ${artistId})`

/**
 * `r` may stand on this artist's page though it is another's: they said so, or nobody but themselves named them. A name alone puts nothing
 * there: anybody could write it.
 */
export const appearsWith = (artistId: string): Piece =>
  sql`(${named(artistId)} and coalesce(${answer(artistId)}, ${sameHands(artistId)}))`

/** A public release of somebody else that names an artist. `answer` null: they have not said whether it stands on their page. */
export type Appearance = {
  releaseId: string
  title: string
  artistName: string
  path: string
  shown: boolean
  answer: boolean | null
}

export async function appearancesOf(db: Db | Tx, artistId: string, now: Date): Promise<Appearance[]> {
  const { rows } = await sql<Omit<Appearance, 'path'> & { artistSlug: string; slug: string }>`
    select r.id as release_id, r.title, a.name as artist_name, a.slug as artist_slug, r.slug, ${answer(artistId)} as answer,
      coalesce(${answer(artistId)}, ${sameHands(artistId)}) as shown
    from releases r join artists a on a.id = r.artist_id
    where r.removed_at is null and ${isPublic(now)} and ${named(artistId)}
    order by r.published_at desc nulls first, r.id desc limit 200`.execute(db)
  return rows.map(({ artistSlug, slug, ...row }) => ({ ...row, path: releasePath(artistSlug, slug) }))
}

/** Says whether a release that names an artist stands on their page. */
export async function answerAppearance(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { artistId, releaseId, shown, by }: { artistId: string; releaseId: string; shown: boolean } & By,
): Promise<Result<Appearance, 'missing'>> {
  return db.transaction().execute(async (tx) => {
    const found = (await appearancesOf(tx, artistId, now())).find((one) => one.releaseId === releaseId)
    if (!found) return fail('missing')
    await tx
      .insertInto('appearances')
      .values({ artistId, releaseId, shown, at: now() })
      .onConflict((conflict) => conflict.columns(['artistId', 'releaseId']).doUpdateSet({ shown, at: now() }))
      .execute()
    const action = shown ? 'release.appear' : 'release.disappear'
    await audit(tx, { accountId: by, action, artistId, subject: found.title })
    return ok({ ...found, shown, answer: shown })
  })
}
