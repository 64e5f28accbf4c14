import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { Button, Form } from '../../ui/forms.tsx'
import type { Page } from '../../ui/page.ts'
import { refineTitle } from '../../ui/type.ts'
import { words } from '../words.ts'
import { SiteLayout } from './layout.tsx'
import { Headline } from './parts.tsx'
import type { SitePage } from './types.ts'

type SharePageProps = SitePage & {
  title: string
  /** The page of what is passed on. */
  back: string
  link: string
  /** The link is one person's own; else it is everybody's. */
  own: boolean
  /** The link as SVG that a telephone reads. */
  qr: string
  /** The same as files, to print. */
  pictures: string[] | null
}

/** A link to pass on: to select, to copy, to hand to the telephone's own way of sharing, to be read from this screen. */
export const SharePage = ({ page, site, theme, title, back, link, own, qr, pictures }: SharePageProps) => {
  const t = words(page.lang)
  const heading = t('share_title', { title: refineTitle(title) })
  const island = { title: refineTitle(title), link, copied: t('share_copied'), failed: t('share_failed') }
  return (
    <SiteLayout page={page} site={site} theme={theme} title={heading} noindex>
      <div class="sheet">
        <header class="opening">
          <Headline title={heading} lang={page.lang} />
        </header>
        <div
          class="band pass-on"
          data-island="share"
          data-src={page.assets('islands/share.js')}
          data-when="idle"
          data-props={JSON.stringify(island)}
        >
          <p class="prose">{t(own ? 'share_own' : 'share_plain')}</p>
          <input class="copy" readonly aria-label={t('share_link')} value={link} />
          <p class="ways">
            <Button data-share="" hidden>
              {t('share_send')}
            </Button>
            <Button kind="plain" data-copy="" hidden>
              {t('share_copy')}
            </Button>
          </p>
          <p class="aside" role="status" data-said="" />
          <figure class="code">
            <div role="img" aria-label={t('share_code', { link })}>
              {raw(qr)}
            </div>
            <figcaption>{t('share_scan')}</figcaption>
          </figure>
          {pictures && (
            <p class="ways">
              {pictures.map((href) => (
                <a href={href} download="">
                  {t(href.endsWith('.svg') ? 'share_svg' : 'share_png')}
                </a>
              ))}
            </p>
          )}
          <p class="aside">{t('share_what')}</p>
        </div>
        <p class="ways">
          <a href={back}>{t('share_back', { title: refineTitle(title) })}</a>
        </p>
      </div>
    </SiteLayout>
  )
}

/** Leads to a link of one's own: a press, since pages are everybody's and opening one changes nothing. */
export const PassOn = ({ page, subject }: { page: Page; subject: string }): Child => {
  const t = words(page.lang)
  return (
    <Form page={page} action={`/share?lang=${page.lang}`} class="pass-on">
      <input type="hidden" name="subject" value={subject} />
      <Button kind="plain">{t('share_pass')}</Button>
    </Form>
  )
}
