import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { publicationSentence, ThingPage, type WebEnv, zoneAt } from '../../identity/index.ts'
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
export const PostFrame = ({ c, post, section, ...rest }: FrameProps) => {
  const { lang } = c.get('page')
  const t = words(lang)
  const links = SECTIONS.map((name) => ({
    href: postHref(post.id, name),
    label: t(`section_${name}`) + (name === 'comments' && post.waiting > 0 ? ` (${post.waiting})` : ''),
    current: name === section,
  }))
  return (
    <ThingPage
      c={c}
      heading={post.title || t('untitled')}
      current="journal"
      {...post.writer.sender}
      back={{ href: '/studio/journal', label: t('journal') }}
      state={publicationSentence(post, lang, zoneAt(c, post.writer.id))}
      sections={{ label: t('sections'), links }}
      {...rest}
    />
  )
}
