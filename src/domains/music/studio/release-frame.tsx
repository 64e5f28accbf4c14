import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { StudioPage, type WebEnv, zoneAt, zoneName } from '../../identity/index.ts'
import type { StudioRelease } from '../studio.views.ts'
import type { Visibility } from '../tables.ts'
import { words } from '../words.ts'

export const SECTIONS = ['tracks', 'details', 'cover', 'extras', 'access', 'preview'] as const
export type ReleaseSection = (typeof SECTIONS)[number]

export const releaseHref = (id: string, section: ReleaseSection = 'tracks'): string =>
  section === 'tracks' ? `/studio/music/${id}` : `/studio/music/${id}/${section}`

type FrameProps = {
  c: Context<WebEnv>
  release: StudioRelease
  section: ReleaseSection
  notice?: Child
  heading?: string
  scripts?: string[]
  children?: Child
}

/** What every page of one release has around it: its name, its state, the way to its other pages. */
export const ReleaseFrame = ({ c, release, section, notice, heading, scripts, children }: FrameProps) => {
  const { lang } = c.get('page')
  const t = words(lang)
  return (
    <StudioPage
      c={c}
      title={heading ?? release.title}
      current="music"
      artistId={release.artist.id}
      notice={notice}
      scripts={scripts}
    >
      <p class="quiet">
        <a href="/studio/music">{t('music')}</a>
      </p>
      <h1 style="margin-bottom:0.25rem">{release.title}</h1>
      <p class="quiet">{stateSentence(release, lang, zoneAt(c, release.artist.id))}</p>
      <nav class="actions" aria-label={t('sections')} style="margin:0.25rem 0 1.5rem;gap:0 0.9rem">
        {SECTIONS.map((name) => (
          <a
            href={releaseHref(release.id, name)}
            aria-current={name === section ? 'page' : undefined}
            style={
              name === section
                ? 'font-weight:700;text-decoration:none;padding:0.6rem 0'
                : 'text-underline-offset:0.25em;padding:0.6rem 0'
            }
          >
            {t(`section_${name}`)}
          </a>
        ))}
      </nav>
      {children}
    </StudioPage>
  )
}

type State = { visibility: Visibility; publishAt: Date | null; publishZone: string | null; publishedAt: Date | null }

/** Who sees it, in a sentence. Hours are those of the zone in which they were chosen, else of `own`. */
export function stateSentence(release: State, lang: Lang, own: string): string {
  const t = words(lang)
  const zone = release.publishZone ?? own
  const { dateTime } = formats(lang)
  switch (release.visibility) {
    case 'draft':
      return t('state_draft')
    case 'unlisted':
      return t('state_unlisted')
    case 'scheduled':
      return t('state_scheduled', { date: dateTime(release.publishAt ?? new Date(0), zone), zone: zoneName(zone) })
    case 'public':
      return t('state_public', { date: dateTime(release.publishedAt ?? release.publishAt ?? new Date(0), zone) })
  }
}
