import type { Child } from 'hono/jsx'
import { formats } from '../../platform/i18n/index.ts'
import { Button } from '../../ui/forms.tsx'
import { alternatesOf } from '../../ui/page.ts'
import { words } from '../words.ts'
import { SiteLayout } from './layout.tsx'
import { Headline, Text } from './parts.tsx'
import type { Prose, SitePage } from './types.ts'

/** A page that says one thing, set as the others are. */
const Plain = ({ title, children, ...around }: SitePage & { title: string; noindex?: boolean; children?: Child }) => (
  <SiteLayout {...around} title={title}>
    <div class="sheet">
      <header class="opening">
        <Headline title={title} lang={around.page.lang} />
      </header>
      {children}
    </div>
  </SiteLayout>
)

/** 404: nothing here, and two ways on. */
export const NotFoundPage = ({ page, site, theme }: SitePage) => {
  const t = words(page.lang)
  return (
    <Plain page={page} site={site} theme={theme} title={t('not_found')} noindex>
      <p class="prose band">{t('not_found_help')}</p>
      <p class="ways">
        <Button href={site.searchHref}>{t('find')}</Button>
        <Button href={site.homeHref} kind="plain">
          {t('home')}
        </Button>
      </p>
    </Plain>
  )
}

/** 410: it was here, and was deleted. */
export const GonePage = ({ page, site, theme }: SitePage) => {
  const t = words(page.lang)
  return (
    <Plain page={page} site={site} theme={theme} title={t('gone')} noindex>
      <p class="prose band">{t('gone_help')}</p>
      <p class="ways">
        <Button href={site.homeHref}>{t('home')}</Button>
      </p>
    </Plain>
  )
}

/** What stopped the request: our fault, too many at once, not allowed, a form's token gone. */
export type ProblemKind = 'error' | 'too_many' | 'refused' | 'expired'

/** `id` is what the log knows the error by; only worth showing for our own faults. */
export type ProblemPageProps = SitePage & { kind?: ProblemKind; id?: string | undefined }

export const ProblemPage = ({ page, site, theme, kind = 'error', id }: ProblemPageProps) => {
  const t = words(page.lang)
  const key = kind === 'error' ? 'problem' : (`problem_${kind}` as const)
  return (
    <Plain page={page} site={site} theme={theme} title={t(key)} noindex>
      <p class="prose band">{t(`${key}_help`)}</p>
      <p class="ways">
        {kind !== 'expired' && <Button href={page.path}>{t('try_again')}</Button>}
        <Button href={site.homeHref} kind="plain">
          {t('home')}
        </Button>
      </p>
      {id && <p class="reference figures">{t('problem_reference', { id })}</p>}
    </Plain>
  )
}

export type LegalPageProps = SitePage & { title: string; text: Prose; updated: Date | null; canonical: string }

/** Legal notice, privacy, conditions: a long text, well set. */
export const LegalPage = ({ page, site, theme, title, text, updated, canonical }: LegalPageProps) => (
  <SiteLayout
    page={page}
    site={site}
    theme={theme}
    title={title}
    canonical={canonical}
    alternates={alternatesOf(canonical, ['en', 'fr'])}
  >
    <article class="sheet">
      <header class="opening">
        <Headline title={title} lang={page.lang} />
        {updated && <p class="facts">{words(page.lang)('updated', { date: formats(page.lang).date(updated) })}</p>}
      </header>
      <div class="band">
        <Text text={text} />
      </div>
    </article>
  </SiteLayout>
)
