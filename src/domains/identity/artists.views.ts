import { type Selectable, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { type Action, type Actor, can, type MandatePermission } from './rights.rules.ts'
import { asSlug } from './slug.rules.ts'
import type { ArtistTable, LabelTable } from './tables.ts'

export type Artist = Selectable<ArtistTable>
export type Label = Selectable<LabelTable>

/** Enough of an artist to name, file and link to them. */
export type ArtistSummary = {
  id: string
  slug: string
  name: string
  sortName: string
  language: Lang
  timeZone: string | null
  portraitImageId: string | null
}
export type LabelSummary = { id: string; slug: string; name: string; language: Lang; timeZone: string | null }

const SUMMARY = [
  'artists.id',
  'artists.slug',
  'artists.name',
  'artists.sortName',
  'artists.language',
  'artists.timeZone',
  'artists.portraitImageId',
] as const

/** The artists to whom this person may do `action`, by their sort names. */
export async function artistsFor(db: Db | Tx, actor: Actor, action: Action): Promise<ArtistSummary[]> {
  const ids = [...actor.memberships.flatMap((m) => m.artistId ?? []), ...actor.mandates.map((m) => m.artistId)]
  const allowed = [...new Set(ids)].filter((artistId) => can(actor, action, { kind: 'artist', artistId }))
  if (!allowed.length) return []
  return db.selectFrom('artists').select(SUMMARY).where('id', 'in', allowed).orderBy('sortName').execute()
}

export type Found =
  | { kind: 'artist'; artist: Artist }
  | { kind: 'label'; label: Label }
  | { kind: 'moved'; slug: string }

/** Whose public address this first segment is; `moved` when they go by another one now, null when nobody's, or of somebody who is gone. */
export async function artistBySlug(db: Db | Tx, segment: string): Promise<Found | null> {
  const asked = asSlug(segment)
  const row = await db.selectFrom('slugs').selectAll().where('slug', '=', asked).executeTakeFirst()
  if (row?.artistId) {
    const artist = await artistById(db, row.artistId)
    if (artist && !artist.goesAt)
      return artist.slug === segment ? { kind: 'artist', artist } : { kind: 'moved', slug: artist.slug }
  }
  if (row?.labelId) {
    const label = await labelById(db, row.labelId)
    if (label && !label.goesAt)
      return label.slug === segment ? { kind: 'label', label } : { kind: 'moved', slug: label.slug }
  }
  return null
}

/** Whether this first segment was the address of somebody who was deleted, or is being deleted. */
export async function isGone(db: Db | Tx, segment: string): Promise<boolean> {
  const row = await db
    .selectFrom('slugs')
    .leftJoin('artists', 'artists.id', 'slugs.artistId')
    .leftJoin('labels', 'labels.id', 'slugs.labelId')
    .select(['slugs.goneAt', 'artists.goesAt as artistGoes', 'labels.goesAt as labelGoes'])
    .where('slugs.slug', '=', asSlug(segment))
    .executeTakeFirst()
  return Boolean(row && (row.goneAt || row.artistGoes || row.labelGoes))
}

export const artistById = async (db: Db | Tx, id: string): Promise<Artist | null> =>
  (await db.selectFrom('artists').selectAll().where('id', '=', id).executeTakeFirst()) ?? null

export const labelById = async (db: Db | Tx, id: string): Promise<Label | null> =>
  (await db.selectFrom('labels').selectAll().where('id', '=', id).executeTakeFirst()) ?? null

/** The artists that a label speaks for: those whose mandate is in force, whatever it allows. */
export const labelRoster = (db: Db | Tx, labelId: string): Promise<ArtistSummary[]> =>
  db
    .selectFrom('artists')
    .innerJoin('livingMandates', 'livingMandates.artistId', 'artists.id')
    .select(SUMMARY)
    .where('livingMandates.labelId', '=', labelId)
    .where('artists.goesAt', 'is', null)
    .orderBy('sortName')
    .execute()

/** The artists who let a label do this for them, by their sort names. */
export async function lendingTo(db: Db | Tx, labelId: string, permission: MandatePermission): Promise<string[]> {
  const rows = await db
    .selectFrom('livingMandates')
    .innerJoin('artists', 'artists.id', 'livingMandates.artistId')
    .select('artists.id')
    .where('livingMandates.labelId', '=', labelId)
    .where('artists.goesAt', 'is', null)
    .where(sql<boolean>`${permission} = any(living_mandates.permissions)`)
    .orderBy('sortName')
    .execute()
  return rows.map(({ id }) => id)
}

export const allArtists = (db: Db | Tx): Promise<Artist[]> =>
  db.selectFrom('artists').selectAll().where('goesAt', 'is', null).orderBy('sortName').orderBy('id').execute()

export const allLabels = (db: Db | Tx): Promise<Label[]> =>
  db.selectFrom('labels').selectAll().where('goesAt', 'is', null).orderBy('name').orderBy('id').execute()
