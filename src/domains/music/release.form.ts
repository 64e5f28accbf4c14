import { readReleaseDate } from './dates.rules.ts'
import { parseBarcode, tidyCatalogueNumber } from './identifiers.rules.ts'
import { isLanguageCode } from './languages.rules.ts'
import { licenceTerms } from './licences.rules.ts'
import {
  type ArtistLine,
  type CreditEntry,
  readArtists,
  readCredits,
  readWords,
  writeArtists,
  writeCredits,
} from './lists.rules.ts'
import type { PublicRelease } from './public.types.ts'
import { roleName } from './roles.rules.ts'
import type { ReleaseKind } from './tables.ts'

export const KINDS: readonly ReleaseKind[] = ['album', 'ep', 'single', 'live', 'compilation']

/** The fields of the form, as texts. */
export const RELEASE_FIELDS = [
  'title',
  'artists',
  'kind',
  'date',
  'description',
  'genres',
  'tags',
  'language',
  'licence',
  'label',
  'catalogue',
  'barcode',
  'copyright',
  'credits',
] as const
export type ReleaseField = (typeof RELEASE_FIELDS)[number]
export type ReleaseFields = Record<ReleaseField, string>

/** What is wrong with one field: a key of this domain's words, and what goes into the sentence. */
export type Wrong = { code: string; values?: Record<string, string | number> }
export type Wrongs<F extends string> = Partial<Record<F, Wrong>>

export type ReleaseEdit = {
  title: string
  artists: ArtistLine[]
  kind: ReleaseKind
  releaseDate: string | null
  description: string
  genres: string[]
  tags: string[]
  language: string | null
  licence: string
  label: string | null
  catalogueNumber: string | null
  barcode: string | null
  copyright: string | null
  credits: CreditEntry[]
}

/** A release as its form shows it. */
export const releaseFields = (release: PublicRelease, lang: 'en' | 'fr'): ReleaseFields => ({
  title: release.title,
  artists: writeArtists(release.artists),
  kind: release.kind,
  date: release.date ?? '',
  description: release.description,
  genres: release.genres.join(', '),
  tags: release.tags.join(', '),
  language: release.language ?? '',
  licence: release.licence,
  label: release.label?.name ?? '',
  catalogue: release.catalogueNumber ?? '',
  barcode: release.barcode ?? '',
  copyright: release.copyright ?? '',
  credits: writeCredits(release.credits, ({ role, detail }) => roleName(role, lang, detail)),
})

/** Reads the form. Every field that is wrong is told, so that one need not try again and again. */
export function readReleaseForm(
  fields: ReleaseFields,
): { ok: true; value: ReleaseEdit } | { ok: false; wrong: Wrongs<ReleaseField> } {
  const wrong: Wrongs<ReleaseField> = {}
  const title = line(fields.title)
  if (!title) wrong.title = { code: 'error_title' }
  const artists = readArtists(fields.artists)
  if (!artists.some((artist) => !artist.isFeatured)) wrong.artists = { code: 'error_artists' }
  const kind = KINDS.find((known) => known === fields.kind)
  if (!kind) wrong.kind = { code: 'error_choice' }
  const releaseDate = fields.date.trim() ? readReleaseDate(fields.date) : null
  if (fields.date.trim() && !releaseDate) wrong.date = { code: 'error_date' }
  if (!licenceTerms(fields.licence)) wrong.licence = { code: 'error_choice' }
  if (fields.language && !isLanguageCode(fields.language)) wrong.language = { code: 'error_choice' }
  const barcode = fields.barcode.trim() ? parseBarcode(fields.barcode) : null
  if (barcode && !barcode.ok) wrong.barcode = { code: `error_barcode_${barcode.error.replace('-', '_')}` }
  const credits = readCredits(fields.credits)
  if ('wrongLine' in credits) wrong.credits = { code: 'error_credits', values: { line: credits.wrongLine } }
  if (Object.keys(wrong).length > 0 || !kind || 'wrongLine' in credits) return { ok: false, wrong }
  return {
    ok: true,
    value: {
      title,
      artists,
      kind,
      releaseDate,
      description: fields.description.normalize('NFC').replace(/\r\n?/g, '\n').trim().slice(0, 20_000),
      genres: readWords(fields.genres, 10),
      tags: readWords(fields.tags, 20),
      language: fields.language || null,
      licence: fields.licence,
      label: line(fields.label) || null,
      catalogueNumber: tidyCatalogueNumber(fields.catalogue),
      barcode: barcode?.ok ? barcode.value.digits : null,
      copyright: line(fields.copyright) || null,
      credits: credits.credits,
    },
  }
}

export const line = (text: string, most = 300): string =>
  text.normalize('NFC').replace(/\s+/g, ' ').trim().slice(0, most).trim()

/** Takes the fields of a form out of what was posted; what is missing is empty. Line ends are those of our texts. */
export const pickFields = <F extends string>(names: readonly F[], posted: Record<string, unknown>): Record<F, string> =>
  Object.fromEntries(
    names.map((name) => {
      const value = posted[name]
      return [name, typeof value === 'string' ? value.replace(/\r\n?/g, '\n') : '']
    }),
  ) as Record<F, string>
