import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { Lang } from '../../platform/i18n/index.ts'
import { Document } from '../../ui/document.tsx'
import { Icon } from '../../ui/icons.tsx'
import { type Alternate, inLanguage } from '../../ui/page.ts'
import { Player } from '../../ui/player.tsx'
import { words } from '../words.ts'
import type { SitePage } from './types.ts'

type LayoutProps = SitePage & {
  title: string
  description?: string | undefined
  canonical?: string | undefined
  alternates?: Alternate[] | undefined
  head?: Child
  noindex?: boolean | undefined
  /** What the page is about, for counting: `release:UUID`. */
  subject?: string | undefined
  giftToken?: string | undefined
  children?: Child
}

/** A public page: name and search above, the page, the few quiet links below, the player outside of what navigation replaces. */
export const SiteLayout = (props: LayoutProps) => {
  const { page, site, theme } = props
  return (
    <Document
      page={page}
      kind="site"
      title={props.title}
      description={props.description}
      canonical={props.canonical}
      alternates={props.alternates}
      theme={theme}
      styles={['site.css']}
      scripts={['main.js']}
      noindex={props.noindex}
      icons={site.icons}
      head={
        <>
          {site.manifestHref && <link rel="manifest" href={site.manifestHref} />}
          {(site.feeds ?? []).map((feed) => (
            <link rel="alternate" {...feed} />
          ))}
          {props.head}
        </>
      }
    >
      <Masthead {...props} />
      <main id="page" tabindex={-1} data-subject={props.subject} data-gift-token={props.giftToken}>
        {props.children}
      </main>
      <Colophon {...props} />
      {playerOf(page.lang)}
    </Document>
  )
}

const players = new Map<Lang, HtmlEscapedString>()

/** The player says the same on every page of a language: it is drawn once. */
function playerOf(lang: Lang): HtmlEscapedString {
  const found = players.get(lang) ?? raw(String(<Player lang={lang} />))
  players.set(lang, found)
  return found
}

const Masthead = ({ page, site }: SitePage) => {
  const t = words(page.lang)
  return (
    <header class="masthead" data-swap="masthead">
      <a class="name" href={site.homeHref}>
        {site.name ?? t('home')}
      </a>
      <nav aria-label={t('site_nav')}>
        {site.studioHref && <a href={site.studioHref}>{t('studio')}</a>}
        <a class="find" href={site.searchHref} aria-label={t('find')}>
          <Icon name="search" />
        </a>
      </nav>
    </header>
  )
}

const Colophon = ({ page, site }: SitePage) => {
  const t = words(page.lang)
  const other = page.lang === 'fr' ? 'en' : 'fr'
  return (
    <footer class="colophon" data-swap="colophon">
      <nav aria-label={t('about_site')}>
        <ul>
          {site.feeds?.[0] && (
            <li>
              <a href={site.feeds[0].href} title={site.feeds[0].title}>
                {t('feed')}
              </a>
            </li>
          )}
          <li>
            <a href={site.visitorHref}>{t('visitor_data')}</a>
          </li>
          <li>
            <a href={site.privacyHref}>{t('privacy')}</a>
          </li>
          <li>
            <a href={site.legalHref}>{t('legal')}</a>
          </li>
          <li>
            <a href={site.reportHref}>{t('report')}</a>
          </li>
          <li>
            <a href={inLanguage(page.url, other)} lang={other} hreflang={other} rel="alternate">
              {t('other_language')}
            </a>
          </li>
        </ul>
      </nav>
      <p>{t('made_with')}</p>
    </footer>
  )
}
