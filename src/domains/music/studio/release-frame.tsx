import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { publicationSentence, ThingPage, type WebEnv, zoneAt } from '../../identity/index.ts'
import type { StudioRelease } from '../studio.views.ts'
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
export const ReleaseFrame = ({ c, release, section, heading, ...rest }: FrameProps) => {
  const { lang } = c.get('page')
  const t = words(lang)
  const links = SECTIONS.map((name) => ({
    href: releaseHref(release.id, name),
    label: t(`section_${name}`),
    current: name === section,
  }))
  return (
    <ThingPage
      c={c}
      heading={release.title}
      title={heading}
      current="music"
      artistId={release.artist.id}
      back={{ href: '/studio/music', label: t('music') }}
      state={publicationSentence(release, lang, zoneAt(c, release.artist.id))}
      sections={{ label: t('sections'), links }}
      {...rest}
    />
  )
}
