import { isLang, type Lang } from '../../../platform/i18n/index.ts'
import { maxImageBytes, storeImage } from '../../../platform/images/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { digestOf } from '../../../platform/signing.ts'
import { paletteOf } from '../../../ui/colour/palette.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import type { Artist, Label } from '../artists.views.ts'
import type { Posted } from '../form.ts'
import { readMail } from '../mail-address.rules.ts'
import { sortNameOf } from '../sort-name.rules.ts'
import { readZone, zoneOf } from '../zones.ts'
import type { ArtistEdit, LabelEdit } from './edit.ts'
import { linesOf, readLinks, writeLinks } from './inputs.rules.ts'
import type { Charge } from './make.ts'
import type { words } from './words.ts'

type T = ReturnType<typeof words>
const MOST = { name: 200, text: 20_000, lines: 40 }

/** Every field as it was typed, to be shown again. */
export type Typed = Record<string, string>
const typedOf = (form: Posted, names: readonly string[]): Typed =>
  Object.fromEntries(names.map((name) => [name, form.text(name)]))

const ARTIST_FIELDS = ['name', 'sortName', 'biography', 'places', 'links', 'language', 'timeZone'] as const
const LABEL_FIELDS = ['name', 'description', 'links', 'language', 'timeZone'] as const

/** An artist as the form shows them. */
export const artistFields = (artist: Artist): Record<(typeof ARTIST_FIELDS)[number], string> => ({
  name: artist.name,
  sortName: artist.sortName,
  biography: artist.biography,
  places: artist.places.join('\n'),
  links: writeLinks(artist.links),
  language: artist.language,
  timeZone: zoneOf(artist),
})

/** A label as the form shows it. */
export const labelFields = (label: Label): Record<(typeof LABEL_FIELDS)[number], string> => ({
  name: label.name,
  description: label.description,
  links: writeLinks(label.links),
  language: label.language,
  timeZone: zoneOf(label),
})

/**
 * Somebody saved the same form since it was shown: what they wrote, beside each field that differs; null when nobody did. A form without
 * `seen` was not ours.
 */
export function savedMeanwhile(
  form: Posted,
  now: Record<string, string>,
  t: T,
): { errors: FieldErrors; typed: Typed } | null {
  if (!form.has('seen') || form.text('seen') === digestOf(now)) return null
  const typed = typedOf(form, Object.keys(now))
  const different = Object.entries(now).filter(([name, value]) => typed[name] !== value.trim())
  const brief = (value: string) => (value.length > 160 ? `${value.slice(0, 160)}…` : value)
  return {
    typed,
    errors: {
      '': t('changed_meanwhile'),
      ...Object.fromEntries(
        different.map(([name, value]) => [
          name,
          value ? t('changed_field', { value: brief(value) }) : t('emptied_field'),
        ]),
      ),
    },
  }
}

function nameProblem(name: string, t: T): string | null {
  if (!name) return t('name_missing')
  return name.length > MOST.name ? t('too_long', { n: MOST.name }) : null
}

function readShared(form: Posted, t: T, textField: string) {
  const errors: FieldErrors = {}
  const name = nameProblem(form.text('name'), t)
  if (name) errors['name'] = name
  if (form.text(textField).length > MOST.text) errors[textField] = t('too_long', { n: MOST.text })
  const read = readLinks(form.text('links'))
  if ('wrong' in read) errors['links'] = t('link_wrong', { line: read.wrong })
  else if (read.links.length > MOST.lines) errors['links'] = t('links_many', { n: MOST.lines })
  return { errors, links: 'links' in read ? read.links : [] }
}

export async function readArtistEdit(
  platform: Pick<Platform, 'db' | 'storage'>,
  form: Posted,
  t: T,
): Promise<Result<ArtistEdit, { errors: FieldErrors; typed: Typed }>> {
  const { errors, links } = readShared(form, t, 'biography')
  const places = linesOf(form.text('places'))
  if (places.length > MOST.lines || places.some((place) => place.length > MOST.name))
    errors['places'] = t('links_many', { n: MOST.lines })
  if (form.text('sortName').length > MOST.name) errors['sortName'] = t('too_long', { n: MOST.name })
  const picture = Object.keys(errors).length ? null : await readPicture(platform, form, t)
  if (picture && !picture.ok) errors['picture'] = picture.error
  if (Object.keys(errors).length) return fail({ errors, typed: typedOf(form, ARTIST_FIELDS) })
  const name = form.text('name')
  return ok({
    name,
    sortName: form.text('sortName') || sortNameOf(name),
    biography: form.text('biography'),
    places,
    links,
    language: languageIn(form, 'en'),
    timeZone: readZone(form.text('timeZone')),
    ...(picture?.ok && picture.value !== undefined && { imageId: picture.value }),
  })
}

export async function readLabelEdit(
  platform: Pick<Platform, 'db' | 'storage'>,
  form: Posted,
  t: T,
): Promise<Result<LabelEdit, { errors: FieldErrors; typed: Typed }>> {
  const { errors, links } = readShared(form, t, 'description')
  const picture = Object.keys(errors).length ? null : await readPicture(platform, form, t)
  if (picture && !picture.ok) errors['picture'] = picture.error
  if (Object.keys(errors).length) return fail({ errors, typed: typedOf(form, LABEL_FIELDS) })
  return ok({
    name: form.text('name'),
    description: form.text('description'),
    links,
    language: languageIn(form, 'en'),
    timeZone: readZone(form.text('timeZone')),
    ...(picture?.ok && picture.value !== undefined && { imageId: picture.value }),
  })
}

/** The picture that was sent, kept: its id; null when it is to go, undefined when it stays as it is. */
async function readPicture(
  platform: Pick<Platform, 'db' | 'storage'>,
  form: Posted,
  t: T,
): Promise<Result<string | null | undefined, string>> {
  const file = form.file('picture')
  if (!file) return ok(form.has('picture_remove') ? null : undefined)
  if (file.size > maxImageBytes) return fail(t('picture_large'))
  const stored = await storeImage(platform, new Uint8Array(await file.arrayBuffer()), paletteOf)
  if (stored.ok) return ok(stored.value.id)
  const large = stored.error.code === 'too-large' || stored.error.code === 'too-many-bytes'
  return fail(t(large ? 'picture_large' : 'picture_wrong'))
}

export function readNew(
  form: Posted,
  lang: Lang,
  t: T,
): Result<
  { name: string; language: Lang; timeZone: string | null; charge: Charge },
  { errors: FieldErrors; typed: Typed }
> {
  const errors: FieldErrors = {}
  const name = nameProblem(form.text('name'), t)
  if (name) errors['name'] = name
  const email = readMail(form.text('email'))
  const who = form.text('who')
  if (who === 'mail' && !email) errors['email'] = t('mail_wrong')
  if (Object.keys(errors).length) return fail({ errors, typed: typedOf(form, ['name', 'language', 'who', 'email']) })
  const charge: Charge = who === 'mail' && email ? { who, email } : { who: who === 'later' ? 'later' : 'me' }
  return ok({
    name: form.text('name'),
    language: languageIn(form, lang),
    timeZone: readZone(form.text('timeZone')),
    charge,
  })
}

function languageIn(form: Posted, otherwise: Lang): Lang {
  const asked = form.text('language')
  return isLang(asked) ? asked : otherwise
}
