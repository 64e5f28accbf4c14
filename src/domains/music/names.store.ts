import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'

/** An artist as written on a release or a recording. */
export type NameInput = { name: string; isFeatured?: boolean; musicbrainz?: string | null }
export type CreditInput = { role: string; name: string; detail?: string | null }
export type Of = { releaseId: string } | { recordingId: string }

/**
 * Sets the artists of a release or a recording, in this order. Names of artists who live here lead to their pages; MusicBrainz
 * identifiers are kept for names that stay.
 */
export async function setArtists(tx: Tx, of: Of, names: readonly NameInput[]): Promise<void> {
  const onRelease = 'releaseId' in of
  const table = onRelease ? ('releaseArtists' as const) : ('recordingArtists' as const)
  const owner = onRelease ? ('releaseId' as const) : ('recordingId' as const)
  const id = onRelease ? of.releaseId : of.recordingId
  const before = await tx.selectFrom(table).select(['name', 'musicbrainz']).where(owner, '=', id).execute()
  const ids = new Map(before.map((row) => [row.name, row.musicbrainz]))
  const homes = await artistsNamed(
    tx,
    of,
    names.map(({ name }) => name),
  )
  await tx.deleteFrom(table).where(owner, '=', id).execute()
  const rows = names.map(({ name, isFeatured, musicbrainz }, position) => ({
    position,
    name,
    isFeatured: isFeatured ?? false,
    artistId: homes.get(name) ?? null,
    musicbrainz: musicbrainz ?? ids.get(name) ?? null,
  }))
  if (rows.length === 0) return
  if (onRelease)
    await tx
      .insertInto('releaseArtists')
      .values(rows.map((row) => ({ ...row, releaseId: id })))
      .execute()
  else
    await tx
      .insertInto('recordingArtists')
      .values(rows.map((row) => ({ ...row, recordingId: id })))
      .execute()
}

/** Sets the credits of a release or a recording, in this order. */
export async function setCredits(tx: Tx, of: Of, credits: readonly CreditInput[], newId: () => string): Promise<void> {
  const owner = 'releaseId' in of ? ('releaseId' as const) : ('recordingId' as const)
  const id = 'releaseId' in of ? of.releaseId : of.recordingId
  await tx.deleteFrom('credits').where(owner, '=', id).execute()
  if (credits.length === 0) return
  const rows = credits.map(({ role, name, detail }, position) => ({
    id: newId(),
    releaseId: 'releaseId' in of ? id : null,
    recordingId: 'releaseId' in of ? null : id,
    position,
    role,
    name,
    detail: detail ?? null,
  }))
  await tx.insertInto('credits').values(rows).execute()
}

/**
 * Who among these names lives here, by name as given; accents and case forgiven. Of two of one name it is the one in whose
 * catalogue this stands, else nobody.
 */
async function artistsNamed(tx: Tx, of: Of, names: string[]): Promise<Map<string, string>> {
  if (names.length === 0) return new Map()
  const owner =
    'releaseId' in of
      ? sql`(select artist_id from releases where id = ${of.releaseId})`
      : sql`(select artist_id from recordings where id = ${of.recordingId})`
  const { rows } = await sql<{ asked: string; id: string | null }>`
    select asked, coalesce(min(a.id::text) filter (where a.id = ${owner}), case when count(*) = 1 then min(a.id::text) end) as id
    from unnest(${[...new Set(names)]}::text[]) asked join artists a on searchable(a.name) = searchable(asked)
    group by asked`.execute(tx)
  return new Map(rows.flatMap((row) => (row.id ? [[row.asked, row.id]] : [])))
}
