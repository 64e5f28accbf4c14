import { downloadFormats, type Sound, soundsOf, waitingPath } from '../domains/audio/index.ts'
import {
  type CreditLine,
  inSleeveOrder,
  licenceTerms,
  type Named,
  type PublicRelease,
  type PublicTrack,
  pictureOf,
  proseHtml,
  type ReleaseCard,
  roleName,
  trackPath,
} from '../domains/music/index.ts'
import type { Lang } from '../platform/i18n/index.ts'
import type { Platform } from '../platform/platform.ts'
import { refine } from '../ui/type.ts'
import type { ReleaseView } from './pages/release.tsx'
import type {
  ReleaseCard as CardView,
  Credit,
  Download,
  Licence,
  Notice,
  Person,
  Prose,
  TrackLine,
} from './pages/types.ts'
import { type Heard, queueOf } from './queue.ts'
import { carriedBy, passFor, queryOf, type Sight } from './sight.ts'
import { type Sleeve, sleeveOf } from './sleeve.ts'
import type { Visit } from './visit.ts'
import { served } from './words.ts'

/** A release as a page is drawn from it: its sleeve, what plays, and how its links are written for this visitor. */
export type Shown = {
  release: PublicRelease
  sight: Sight
  visit: Visit
  sounds: Map<string, Sound>
  pass: string | null
  sleeve: Sleeve
  heard: Heard
  linkTo(path: string): string
}

export async function show(
  platform: Pick<Platform, 'db' | 'signer' | 'now'>,
  release: PublicRelease,
  sight: Sight,
  visit: Visit,
): Promise<Shown> {
  const sounds = await soundsOf(
    platform.db,
    release.tracks.map(({ recordingId }) => recordingId),
  )
  const pass = passFor(platform, release.id, sight)
  const linkTo = (path: string) => visit.to(path, carriedBy(sight))
  const sleeve = sleeveOf(release, queryOf(sight))
  return {
    release,
    sight,
    visit,
    sounds,
    pass,
    sleeve,
    linkTo,
    heard: queueOf({ release, sounds, pass, sleeve, linkTo }),
  }
}

export const trackHref = ({ release, linkTo }: Pick<Shown, 'release' | 'linkTo'>, track: { slug: string }): string =>
  linkTo(trackPath(release.artist.slug, release.slug, track.slug))

export function releaseView(shown: Shown, more: ReleaseCard[]): ReleaseView {
  const { release, visit, linkTo } = shown
  const { lang } = visit.page
  return {
    id: release.id,
    title: release.title,
    kind: release.kind,
    artists: people(release.artists, visit),
    label: release.label && {
      name: release.label.name,
      href: release.label.slug && visit.to(`/${encodeURIComponent(release.label.slug)}`),
    },
    ...dated(release.date),
    picture: release.cover && pictureOf(release.cover, served(lang)('sleeve_of', { title: release.title })),
    tracks: release.tracks.map((track) => trackLine(shown, track)),
    story: prose(release.description, release.language ?? release.artist.language),
    credits: credits([...release.credits, ...release.tracks.flatMap((track) => track.credits)], lang),
    licence: licence(release, lang),
    catalogueNumber: release.catalogueNumber,
    barcode: release.barcode,
    tags: [...new Set([...release.genres, ...release.tags])].map((name) => ({ name, href: '' })),
    bonus:
      release.gives.download && !asks(shown)
        ? release.bonus.map((file) => ({
            title: file.fileName,
            href: linkTo(`/media/bonus/${release.id}/${file.id}`),
            bytes: file.size,
          }))
        : [],
    downloads: releaseDownloads(shown),
    more: more.map((card) => cardView(card, visit)),
  }
}

export const people = (artists: Named[], visit: Visit): Person[] =>
  artists.map(({ name, slug }) => ({ name, href: slug && visit.to(`/${encodeURIComponent(slug)}`) }))

export const cardView = (card: ReleaseCard, visit: Visit): CardView => ({
  id: card.id,
  title: card.title,
  href: visit.to(card.path),
  artists: card.artists.map(({ name }) => name),
  kind: card.kind,
  date: dated(card.date).date,
  picture: card.cover && pictureOf(card.cover, ''),
})

function trackLine(shown: Shown, track: PublicTrack): TrackLine {
  const { release, visit, sounds, heard } = shown
  const same = namesOf(track.artists) === namesOf(release.artists)
  return {
    id: track.id,
    number: track.position,
    disc: track.disc,
    discTitle: release.discTitles[track.disc] ?? null,
    title: track.title,
    version: track.version,
    artists: same ? [] : people(track.artists, visit),
    href: trackHref(shown, track),
    durationMs: sounds.get(track.recordingId)?.durationMs ?? 0,
    explicit: track.isExplicit,
    queueIndex: heard.places.get(track.id) ?? null,
  }
}

export const namesOf = (artists: { name: string }[]): string => artists.map(({ name }) => name).join('\n')

/** `2026`, `2026-11` and `2026-11-23` alike, with how much of the date is known. */
export function dated(text: string | null): { date: Date | null; precision: 'year' | 'month' | 'day' } {
  const date = text ? new Date(`${text}${'-01-01'.slice(0, 10 - text.length)}T00:00:00Z`) : null
  const precision = text?.length === 4 ? 'year' : text?.length === 7 ? 'month' : 'day'
  return { date: date && !Number.isNaN(date.getTime()) ? date : null, precision }
}

export const prose = (text: string, lang: string): Prose | null =>
  text.trim() ? { html: proseHtml(refine(text, lang)), lang } : null

/** Who did what, one line a role, in a sleeve's order. */
export function credits(lines: CreditLine[], lang: Lang): Credit[] {
  const byRole = new Map<string, Set<string>>()
  for (const { role, detail, name } of inSleeveOrder(lines)) {
    const line = roleName(role, lang, detail)
    byRole.set(line, (byRole.get(line) ?? new Set()).add(name))
  }
  return [...byRole].map(([role, names]) => ({ role, people: [...names].map((name) => ({ name })) }))
}

export function licence({ licence, copyright }: PublicRelease, lang: Lang): Licence | null {
  const terms = licenceTerms(licence)
  if (!terms) return copyright ? { name: copyright, href: null } : null
  const name = terms.name[lang]
  return { name: copyright && !terms.url ? `${copyright}. ${name}` : name, href: terms.url }
}

const isReady = ({ sounds }: Shown, track: PublicTrack) => sounds.get(track.recordingId)?.state === 'ready'

/** Whether this visitor is asked for an address first: whoever came by a secret link, or works on it, is not. */
export const asks = ({ release, sight }: Pick<Shown, 'release' | 'sight'>): boolean =>
  release.asksAddress && sight.kind === 'public'

/** An archive leaves complete or not at all. */
export function releaseDownloads(shown: Shown): Download[] {
  const { release } = shown
  const given = release.tracks.filter((track) => track.gives.download)
  if (!release.gives.download || !given.length || !given.every((track) => isReady(shown, track))) return []
  return downloads(shown, 'release', release.id)
}

export const trackDownloads = (shown: Shown, track: PublicTrack): Download[] =>
  track.gives.download && isReady(shown, track) ? downloads(shown, 'track', track.id) : []

const downloads = ({ pass, visit }: Shown, kind: 'release' | 'track', id: string): Download[] =>
  downloadFormats.map((format) => ({ format, href: visit.to(waitingPath(kind, id, format, pass)), bytes: null }))

/** What stands above a page that not everyone sees. */
export function noticeFor({ release, sight }: Shown): Notice | undefined {
  if (release.visibility === 'public') return undefined
  if (sight.kind === 'member') return { kind: 'members' }
  if (release.visibility === 'members') return { kind: 'for_members' }
  const isTheirs = release.givenTo !== null
  if (sight.kind === 'key' && !isTheirs) return { kind: 'unlisted' }
  if (release.visibility === 'scheduled' && release.publishAt)
    return { kind: isTheirs ? 'early' : 'scheduled', at: release.publishAt, zone: release.publishZone ?? 'UTC' }
  return { kind: release.visibility === 'unlisted' ? 'unlisted' : 'draft' }
}
