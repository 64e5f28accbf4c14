import type { Child } from 'hono/jsx'
import { formats, type Lang } from '../../platform/i18n/index.ts'
import { JsonBlock } from '../../ui/json.tsx'
import { alternatesOf } from '../../ui/page.ts'
import { type Picture, Sleeve } from '../../ui/sleeve.tsx'
import { refineTitle } from '../../ui/type.ts'
import { SocialHead } from '../pages/head.tsx'
import { SiteLayout } from '../pages/layout.tsx'
import { Cover, Headline, NoticeLine } from '../pages/parts.tsx'
import { PassOn } from '../pages/share.tsx'
import type { Notice, Person, Queue, ReleaseCard, SitePage, Social } from '../pages/types.ts'
import { words } from './words.ts'

export type PostCard = {
  id: string
  title: string
  href: string
  lang: string
  summary: string
  date: Date | null
  picture: Picture | null
  forMembers?: boolean
}

export type PostView = {
  id: string
  title: string
  /** What the words are written in. */
  lang: string
  /** Safe. */
  html: string
  summary: string
  minutes: number
  date: Date | null
  zone: string
  cover: Picture | null
  writer: Person
}

type Turn = { title: string; href: string } | null

export type PostPageProps = SitePage & {
  post: PostView
  queue: Queue
  social: Social
  notice: Notice | undefined
  journalHref: string
  newer: Turn
  older: Turn
  /** The newest sleeve, beside the words on a wide screen. */
  beside: ReleaseCard | undefined
  children?: Child
}

/** A post: the title hung large, then the words in one column that one reads, their pictures wider than they. */
export const PostPage = (props: PostPageProps) => {
  const { page, site, theme, post, queue, social, notice, journalHref } = props
  const t = words(page.lang)
  const { date } = formats(page.lang)
  const title = `${refineTitle(post.title)} – ${post.writer.name}`
  return (
    <SiteLayout
      page={page}
      site={site}
      theme={theme}
      title={title}
      description={social.description}
      canonical={social.canonical}
      alternates={notice ? [] : alternatesOf(social.canonical, social.languages)}
      noindex={Boolean(notice)}
      subject={`post:${post.id}`}
      head={
        <SocialHead
          social={social}
          title={refineTitle(post.title)}
          siteName={site.name ?? post.writer.name}
          lang={page.lang}
          type="article"
        />
      }
    >
      <NoticeLine notice={notice} lang={page.lang} />
      <article class="post">
        <header>
          {post.cover && <Sleeve picture={post.cover} sizes="(min-width: 72rem) 68rem, 100vw" first class="banner" />}
          <p class="facts">
            <a href={post.writer.href ?? ''}>{post.writer.name}</a>
            {' · '}
            <a href={journalHref}>{t('journal')}</a>
          </p>
          <div lang={post.lang}>
            <Headline title={post.title} lang={page.lang} />
          </div>
          <p class="facts">
            {post.date && (
              <>
                <time datetime={post.date.toISOString()}>{date(post.date, post.zone)}</time>
                {' · '}
              </>
            )}
            {t('reading', { n: post.minutes })}
          </p>
        </header>
        <div class="prose words" lang={post.lang} dangerouslySetInnerHTML={{ __html: post.html }} />
        <footer>
          {!notice && <PassOn page={page} subject={`post:${post.id}`} />}
          {props.beside && !queue.length && <Beside card={props.beside} />}
          {props.children}
          <Turns {...props} />
        </footer>
      </article>
      {queue.length > 0 && <JsonBlock data-queue="" value={{ tracks: queue }} />}
    </SiteLayout>
  )
}

const Turns = ({ newer, older, page }: Pick<PostPageProps, 'newer' | 'older' | 'page'>) => {
  const t = words(page.lang)
  if (!newer && !older) return null
  return (
    <nav class="turn" aria-label={t('journal')}>
      {older && (
        <a href={older.href} rel="prev">
          <small>{t('older_post')}</small> {refineTitle(older.title)}
        </a>
      )}
      {newer && (
        <a href={newer.href} rel="next">
          <small>{t('newer_post')}</small> {refineTitle(newer.title)}
        </a>
      )}
    </nav>
  )
}

/** Whoever has read to the end may want to hear. */
const Beside = ({ card }: { card: ReleaseCard }) => (
  <a class="hear-too" href={card.href}>
    <Cover
      picture={card.picture && { ...card.picture, alt: '' }}
      title={card.title}
      artist={card.artists.join(', ')}
      seed={card.id}
      sizes="7rem"
      transition={card.id}
    />
    <span>
      <b>{refineTitle(card.title)}</b>
      <small>{card.artists.join(', ')}</small>
    </span>
  </a>
)

export type JournalPageProps = SitePage & {
  writer: Person
  posts: PostCard[]
  earlierHref: string | null
  newestHref: string | null
  social: Social
}

/** All that an artist or a label wrote, newest first. */
export const JournalPage = (props: JournalPageProps) => {
  const { page, site, theme, writer, posts, social } = props
  const t = words(page.lang)
  return (
    <SiteLayout
      page={page}
      site={site}
      theme={theme}
      title={t('journal_of', { name: writer.name })}
      description={social.description}
      canonical={social.canonical}
      alternates={alternatesOf(social.canonical, social.languages)}
      head={
        <SocialHead
          social={social}
          title={t('journal_of', { name: writer.name })}
          siteName={site.name ?? writer.name}
          lang={page.lang}
          type="website"
        />
      }
    >
      <article class="sheet journal">
        <header class="opening">
          <Headline title={t('journal')} by={[writer]} lang={page.lang} />
        </header>
        {posts.length > 0 ? (
          <Posts posts={posts} lang={page.lang} level={2} first />
        ) : (
          <section class="empty">
            <h2>{t('empty')}</h2>
            <p>{t('empty_words', { name: writer.name })}</p>
          </section>
        )}
        {(props.earlierHref || props.newestHref) && (
          <nav class="turn" aria-label={t('journal')}>
            {props.newestHref && <a href={props.newestHref}>{t('newest')}</a>}
            {props.earlierHref && (
              <a href={props.earlierHref} rel="next">
                {t('earlier')}
              </a>
            )}
          </nav>
        )}
      </article>
    </SiteLayout>
  )
}

type PostsProps = { posts: PostCard[]; lang: Lang; level: 2 | 3; first?: boolean }

/** Posts in a column: when, what, how it begins. */
export const Posts = ({ posts, lang, level, first }: PostsProps) => {
  const t = words(lang)
  const { date } = formats(lang)
  const Heading = level === 2 ? 'h2' : 'h3'
  return (
    <ul class="posts">
      {posts.map((post, index) => (
        <li>
          <a href={post.href}>
            <span>
              {post.date && (
                <time class="facts" datetime={post.date.toISOString()}>
                  {date(post.date)}
                  {post.forMembers && ` · ${t('for_members')}`}
                </time>
              )}
              <Heading lang={post.lang}>{refineTitle(post.title)}</Heading>
              <span class="summary" lang={post.lang}>
                {post.summary}
              </span>
            </span>
            {post.picture && (
              <Sleeve
                picture={{ ...post.picture, alt: '' }}
                sizes="(min-width: 48rem) 16rem, 30vw"
                first={first && index === 0}
              />
            )}
          </a>
        </li>
      ))}
    </ul>
  )
}

/** The newest of them, on the page of whoever wrote them. */
export const LatestPosts = ({ posts, lang, href }: { posts: PostCard[]; lang: Lang; href: string }) => {
  const t = words(lang)
  return (
    <section class="band">
      <h2>{t('journal')}</h2>
      <Posts posts={posts} lang={lang} level={3} />
      <p class="more">
        <a href={href}>{t('read_all')}</a>
      </p>
    </section>
  )
}
