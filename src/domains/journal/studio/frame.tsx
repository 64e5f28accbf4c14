import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { StudioPage, type WebEnv, zoneAt, zoneName } from '../../identity/index.ts'
import type { Visibility } from '../../music/index.ts'
import type { StudioPost } from '../studio.views.ts'
import { words } from '../words.ts'

const SECTIONS = ['write', 'access', 'comments', 'preview'] as const
export type PostSection = (typeof SECTIONS)[number]

export const postHref = (id: string, section: PostSection = 'write'): string =>
  section === 'write' ? `/studio/journal/${id}` : `/studio/journal/${id}/${section}`

type FrameProps = {
  c: Context<WebEnv>
  post: StudioPost
  section: PostSection
  notice?: Child
  scripts?: string[]
  wide?: boolean
  children?: Child
}

/** What every page of one post has around it: its name, its state, the way to its other pages. */
export const PostFrame = ({ c, post, section, notice, scripts, wide, children }: FrameProps) => {
  const { lang } = c.get('page')
  const t = words(lang)
  const title = post.title || t('untitled')
  return (
    <StudioPage
      c={c}
      title={title}
      current="journal"
      artistId={post.artist.id}
      notice={notice}
      scripts={scripts}
      wide={wide}
    >
      <p class="quiet">
        <a href="/studio/journal">{t('journal')}</a>
      </p>
      <h1 style="margin-bottom:0.25rem">{title}</h1>
      <p class="quiet">{stateSentence(post, lang, zoneAt(c, post.artist.id))}</p>
      <nav class="actions" aria-label={t('sections')} style="margin:0.25rem 0 1.5rem;gap:0 0.9rem">
        {SECTIONS.map((name) => (
          <a
            href={postHref(post.id, name)}
            aria-current={name === section ? 'page' : undefined}
            style={
              name === section
                ? 'font-weight:700;text-decoration:none;padding:0.6rem 0'
                : 'text-underline-offset:0.25em;padding:0.6rem 0'
            }
          >
            {t(`section_${name}`)}
            {name === 'comments' && post.waiting > 0 && ` (${post.waiting})`}
          </a>
        ))}
      </nav>
      {children}
    </StudioPage>
  )
}

type State = { visibility: Visibility; publishAt: Date | null; publishZone: string | null; publishedAt: Date | null }

/** Who sees it, in a sentence. Hours are those of the zone in which they were chosen, else of `own`. */
export function stateSentence(post: State, lang: Lang, own: string): string {
  const t = words(lang)
  const zone = post.publishZone ?? own
  const { dateTime } = formats(lang)
  switch (post.visibility) {
    case 'draft':
      return t('state_draft')
    case 'unlisted':
      return t('state_unlisted')
    case 'scheduled':
      return t('state_scheduled', { date: dateTime(post.publishAt ?? new Date(0), zone), zone: zoneName(zone) })
    case 'public':
      return t('state_public', { date: dateTime(post.publishedAt ?? post.publishAt ?? new Date(0), zone) })
  }
}
