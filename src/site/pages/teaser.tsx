import { formats } from '../../platform/i18n/index.ts'
import { Button } from '../../ui/forms.tsx'
import { alternatesOf } from '../../ui/page.ts'
import type { Picture } from '../../ui/sleeve.tsx'
import { refine, refineTitle } from '../../ui/type.ts'
import { words } from '../words.ts'
import { isoDate, type Precision, writtenDate } from './dates.ts'
import { SocialHead } from './head.tsx'
import { SiteLayout } from './layout.tsx'
import { Cover, Headline } from './parts.tsx'
import type { Kind, Person, SitePage, Social } from './types.ts'

/** What everybody may know of something that is for members. */
export type TeaserView = {
  id: string
  title: string
  kind: Kind | 'post'
  by: Person[]
  picture: Picture | null
  date: Date | null
  precision?: Precision | undefined
  zone: string
  /** The artist's words for everybody, and what they are written in. */
  words: string
  lang: string
  /** When it is everybody's. */
  publicAt: Date | null
  /** The memberships that it is for; none: whichever. */
  plans: string[]
  artist: string
  joinHref: string
}

type Props = SitePage & { teaser: TeaserView; social: Social }

/** The sleeve, the name and the artist's word, with the way in. Nothing of what is inside. */
export const TeaserPage = ({ page, site, theme, teaser, social }: Props) => {
  const names = formats(page.lang).list(teaser.by.map(({ name }) => name))
  const title = `${refineTitle(teaser.title)} – ${names}`
  return (
    <SiteLayout
      page={page}
      site={site}
      theme={theme}
      title={title}
      description={social.description}
      canonical={social.canonical}
      alternates={alternatesOf(social.canonical, social.languages)}
      head={
        <SocialHead
          social={social}
          title={title}
          siteName={site.name ?? names}
          lang={page.lang}
          type={teaser.kind === 'post' ? 'article' : 'music.album'}
        />
      }
    >
      {teaser.picture || teaser.kind !== 'post' ? (
        <article class="release teaser">
          <Cover
            picture={teaser.picture}
            title={teaser.title}
            artist={names}
            seed={teaser.id}
            sizes="(min-width: 56rem) 46vw, 100vw"
            first
            transition={teaser.id}
          />
          <div class="notes">
            <Told page={page} teaser={teaser} />
          </div>
        </article>
      ) : (
        <article class="sheet teaser">
          <Told page={page} teaser={teaser} />
        </article>
      )}
    </SiteLayout>
  )
}

/** Its name, what the artist says of it, and how one comes to it. */
const Told = ({ page, teaser }: Pick<Props, 'page' | 'teaser'>) => {
  const t = words(page.lang)
  const { list, dateTime } = formats(page.lang)
  const made = [
    teaser.kind !== 'post' && t(teaser.kind),
    teaser.date && writtenDate(teaser.date, teaser.precision, page.lang),
  ].filter(Boolean)
  return (
    <>
      <header class="opening">
        <Headline title={teaser.title} by={teaser.by} lang={page.lang} />
        {made.length > 0 && (
          <p class="facts">
            {teaser.date ? <time datetime={isoDate(teaser.date, teaser.precision)}>{made.join(', ')}</time> : made}
          </p>
        )}
      </header>
      {teaser.words && (
        <p class="prose" lang={teaser.lang}>
          {refine(teaser.words, teaser.lang)}
        </p>
      )}
      <section>
        <h2>{t('for_members')}</h2>
        <p>
          {teaser.plans.length > 0
            ? t('for_members_of', { name: teaser.artist, plans: list(teaser.plans) })
            : t('for_members_words', { name: teaser.artist })}{' '}
          {teaser.publicAt && t('for_everybody_from', { date: dateTime(teaser.publicAt, teaser.zone) })}
        </p>
        <p>
          <Button href={teaser.joinHref}>{t('become_member')}</Button>
        </p>
        <p class="facts">
          {t('member_already')} <a href="/library">{t('member_open')}</a>
        </p>
      </section>
    </>
  )
}
