import { type Context, Hono } from 'hono'
import type { Child } from 'hono/jsx'
import { allow, type Limit, open } from '../../../platform/http/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import { readForm, smallBody } from '../form.ts'
import type { WebEnv } from '../guard.ts'
import { readMail } from '../mail-address.rules.ts'
import { siteSettings } from '../site-settings.ts'
import { legalBlocks } from './legal-text.ts'
import type { PublicFrame } from './public-frame.tsx'
import { LegalText, Reported, ReportForm } from './public-pages.tsx'
import { REASONS, reportAbuse } from './report-abuse.ts'
import { words } from './words.ts'

const REPORTS: Limit = { name: 'report', most: 5, windowSeconds: 3600 }

/** What the law asks of a public place: who it is, what it keeps of people, and how to complain. */
export function publicRoutes(platform: Platform, frame: PublicFrame): Hono<WebEnv> {
  const { db, config } = platform
  const app = new Hono<WebEnv>()
  const framed = async (c: Context<WebEnv>, title: string, children: Child, status: 200 | 422 | 429 = 200) =>
    c.html(await frame({ c, title, canonical: `${config.baseUrl}${c.req.path}`, children }), status)

  for (const kind of ['legal', 'privacy'] as const)
    app.get(`/${kind}`, open, async (c) => {
      const { lang } = c.get('page')
      const blocks = legalBlocks(kind, await siteSettings(db), lang, config)
      return framed(c, words(lang)(kind), <LegalText blocks={blocks} />)
    })

  app.get('/report', open, (c) => {
    const asked = ownUrl(c, config.baseUrl, c.req.query('url') ?? c.req.header('referer') ?? '')
    const values = { url: asked && new URL(asked).pathname !== '/report' ? asked : '' }
    return framed(c, words(c.get('page').lang)('report_title'), <ReportForm c={c} values={values} />)
  })

  app.post('/report', open, smallBody, async (c) => {
    const form = await readForm(c)
    const t = words(c.get('page').lang)
    const values = Object.fromEntries(['url', 'reason', 'message', 'contact'].map((name) => [name, form.text(name)]))
    const errors: FieldErrors = {}
    const url = ownUrl(c, config.baseUrl, form.text('url'))
    const reason = REASONS.find((one) => one === form.text('reason'))
    const message = form.text('message').slice(0, 10_000)
    const contact = readMail(form.text('contact'))
    if (!url) errors['url'] = t('report_url_wrong')
    if (!reason) errors['reason'] = t('report_reason_missing')
    if (!message) errors['message'] = t('report_message_missing')
    if (form.text('contact') && !contact) errors['contact'] = t('report_mail_wrong')
    const again = (status: 422 | 429) =>
      framed(c, t('report_title'), <ReportForm c={c} values={values} errors={errors} />, status)
    if (!url || !reason || Object.keys(errors).length) return again(422)
    if (!(await allow(platform, REPORTS, c.get('address')))) {
      errors[''] = t('report_too_many')
      return again(429)
    }
    await reportAbuse(platform, { url, reason, message, contact })
    return framed(c, t('reported_title'), <Reported c={c} />)
  })
  return app
}

/** A page of this site, on whichever of its hosts: artists may have a domain of their own. */
function ownUrl(c: Context<WebEnv>, base: string, typed: string): string | null {
  if (!typed || typed.length > 1000 || !URL.canParse(typed, base)) return null
  const url = new URL(typed, base)
  // `javascript://this.host/` names our host too, and the host of the place will press it.
  if (!/^https?:$/.test(url.protocol)) return null
  return url.origin === new URL(base).origin || url.host === c.req.header('host') ? url.href : null
}
