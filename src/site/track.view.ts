import type { TrackPage, Translation } from '../domains/music/index.ts'
import { pictureOf, releasePath } from '../domains/music/index.ts'
import type { TrackView } from './pages/track.tsx'
import { credits, licence, people, type Shown, trackDownloads, trackHref } from './release.view.ts'

export function trackView(
  shown: Shown,
  { release, track, previous, next }: TrackPage,
  translations: { shown: Translation[]; isMore: boolean; page: number },
): TrackView {
  const { visit, sounds, linkTo } = shown
  const { lang } = visit.page
  const turn = (other: TrackPage['track'] | null) => other && { title: other.title, href: trackHref(shown, other) }
  const pageOf = (at: number) => {
    const href = trackHref(shown, track)
    return `${href}${href.includes('?') ? '&' : '?'}translations=${at}#translations`
  }
  return {
    id: track.id,
    title: track.title,
    version: track.version,
    number: track.position,
    artists: people(track.artists.length ? track.artists : release.artists, visit),
    durationMs: sounds.get(track.recordingId)?.durationMs ?? 0,
    explicit: track.isExplicit,
    isrc: track.isrc,
    bpm: track.bpm,
    key: track.musicalKey,
    language: track.language && languageName(track.language, lang),
    lyrics: track.lyrics
      ? { text: track.lyrics, lang: track.language ?? release.language ?? release.artist.language }
      : null,
    earlier: translations.page > 0 ? pageOf(translations.page - 1) : null,
    later: translations.isMore ? pageOf(translations.page + 1) : null,
    translations: translations.shown.map(({ language, text, name }) => ({
      ...{ text, name, lang: language },
      language: languageName(language, lang) ?? language,
    })),
    story: null,
    credits: credits(track.credits, lang),
    licence: licence(release, lang),
    downloads: trackDownloads(shown, track),
    release: {
      id: release.id,
      title: release.title,
      href: linkTo(releasePath(release.artist.slug, release.slug)),
      artists: release.artists.map(({ name }) => ({ name })),
      picture: release.cover && pictureOf(release.cover, ''),
    },
    previous: turn(previous),
    next: turn(next),
  }
}

/** "French" for `fr`, in the reader's language; nothing for a piece without words (`zxx`) or a code that nobody knows. */
function languageName(code: string, lang: string): string | null {
  if (code === 'zxx') return null
  try {
    const name = new Intl.DisplayNames(lang, { type: 'language' }).of(code)
    return name && name !== code ? name : null
  } catch {
    return null
  }
}
