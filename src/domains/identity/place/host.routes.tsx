import { type Context, Hono } from 'hono'
import { isId } from '../../../platform/ids.ts'
import { failedJobs, giveUpJob, retryJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { digestOf } from '../../../platform/signing.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import { savedMeanwhile } from '../artists/inputs.ts'
import { words as artistWords } from '../artists/words.ts'
import { artistById, labelById } from '../artists.views.ts'
import { audit } from '../audit.ts'
import { readForm, smallBody } from '../form.ts'
import { actorOf, guard, type WebEnv } from '../guard.ts'
import { DEFAULT_SETTINGS, type SiteSettings, saveSiteSettings, siteSettings } from '../site-settings.ts'
import { artistInPath, hostOnly, labelInPath } from '../things.ts'
import { zoneAt, zoneOf } from '../zones.ts'
import { ACCOUNT_CHANGES, type AccountChange, accountList, changeAccount } from './accounts.ts'
import { AccountsPage } from './accounts-page.tsx'
import { history } from './history.views.ts'
import { HistoryPage } from './history-page.tsx'
import { JobsPage } from './jobs-page.tsx'
import { reportList, settleReport } from './report-abuse.ts'
import { ReportsPage } from './reports-page.tsx'
import { SettingsPage } from './settings-page.tsx'
import { words } from './words.ts'

const LONGEST = 20_000

/** The host's pages: what the place says of itself, who may come in, what failed, what was complained of, who changed what. */
export function hostRoutes(platform: Platform): Hono<WebEnv> {
  const { db, mailer, now } = platform
  const app = new Hono<WebEnv>()
  const say = (c: Context<WebEnv>) => words(c.get('page').lang)
  const done = (c: Context<WebEnv>, path: string, what: string) => c.redirect(`${path}?done=${what}`, 303)
  const noticeOf = (c: Context<WebEnv>) => notice(c)

  const settings = async (c: Context<WebEnv>, wrong?: { values: SiteSettings; errors: FieldErrors }) => {
    const now = await siteSettings(db)
    return c.html(
      <SettingsPage
        c={c}
        mails={mailer.real}
        notice={noticeOf(c)}
        values={wrong?.values ?? now}
        seen={digestOf(now)}
        {...(wrong && { errors: wrong.errors })}
      />,
      wrong ? 422 : 200,
    )
  }
  app.get('/studio/settings', hostOnly, (c) => settings(c))
  app.post('/studio/settings', hostOnly, smallBody, async (c) => {
    const form = await readForm(c)
    const names = Object.keys(DEFAULT_SETTINGS) as (keyof SiteSettings)[]
    const values = Object.fromEntries(names.map((name) => [name, form.text(name)])) as SiteSettings
    const meanwhile = savedMeanwhile(form, await siteSettings(db), artistWords(c.get('page').lang))
    if (meanwhile) return settings(c, { values, errors: meanwhile.errors })
    const errors: FieldErrors = {}
    for (const name of names) {
      const most = /^(legal|privacy)(En|Fr)$/.test(name) ? LONGEST : 500
      if (values[name].length > most) errors[name] = say(c)('too_long', { n: most })
    }
    if (Object.keys(errors).length) return settings(c, { values, errors })
    await db.transaction().execute(async (tx) => {
      await saveSiteSettings(tx, values, now())
      await audit(tx, { accountId: actorOf(c).accountId, action: 'site.settings' })
    })
    return done(c, '/studio/settings', 'saved')
  })

  app.get('/studio/jobs', hostOnly, async (c) =>
    c.html(<JobsPage c={c} jobs={await failedJobs(db)} notice={noticeOf(c)} />),
  )
  app.post('/studio/jobs/retry-all', hostOnly, async (c) => {
    const jobs = await failedJobs(db)
    await db.transaction().execute(async (tx) => {
      for (const { id } of jobs) await retryJob(tx, id)
      const subject = String(jobs.length)
      await audit(tx, { accountId: actorOf(c).accountId, action: 'job.retry', subject })
    })
    return c.redirect(`/studio/jobs?done=retried_all&n=${jobs.length}`, 303)
  })
  for (const [verb, act, what] of [
    ['retry', retryJob, 'retried'],
    ['give-up', giveUpJob, 'given_up'],
  ] as const)
    app.post(`/studio/jobs/:id{[0-9]{1,18}}/${verb}`, hostOnly, async (c) => {
      const id = c.req.param('id') ?? ''
      // Only what failed: a job that runs, or waits for its hour, is nobody's to stop here.
      const job = (await failedJobs(db, 10_000)).find((one) => one.id === id)
      const changed =
        job &&
        (await db.transaction().execute(async (tx) => {
          const action = `job.${verb}` as const
          await audit(tx, { accountId: actorOf(c).accountId, action, subject: job.name })
          return act(tx, id)
        }))
      return done(c, '/studio/jobs', changed ? what : 'gone')
    })

  app.get('/studio/reports', hostOnly, async (c) =>
    c.html(<ReportsPage c={c} reports={await reportList(db)} notice={noticeOf(c)} />),
  )
  for (const verb of ['settle', 'reopen'] as const)
    app.post(`/studio/reports/:id/${verb}`, hostOnly, async (c) => {
      const id = c.req.param('id') ?? ''
      const changed = isId(id) && (await settleReport(platform, actorOf(c), id, verb === 'settle'))
      return changed ? done(c, '/studio/reports', verb === 'settle' ? 'handled' : 'reopened') : c.notFound()
    })

  const accounts = async (c: Context<WebEnv>, errors?: FieldErrors) =>
    c.html(
      <AccountsPage c={c} accounts={await accountList(db)} notice={noticeOf(c)} {...(errors && { errors })} />,
      errors ? 422 : 200,
    )
  app.get('/studio/accounts', hostOnly, (c) => accounts(c))
  app.post('/studio/accounts/:id/:change', hostOnly, async (c) => {
    const { id, change } = c.req.param()
    if (!isId(id) || !isChange(change)) return c.notFound()
    const outcome = await changeAccount(platform, actorOf(c), id, change)
    if (outcome === 'none') return c.notFound()
    if (outcome === 'last') return accounts(c, { '': say(c)('account_last') })
    const left = change === 'unhost' && id === actorOf(c).accountId
    return left ? c.redirect('/studio/account?done=saved', 303) : done(c, '/studio/accounts', DID[change])
  })

  const before = (c: Context<WebEnv>) => {
    const id = c.req.query('before')
    return isId(id) ? id : null
  }
  app.get('/studio/history', hostOnly, async (c) =>
    c.html(<HistoryPage c={c} zone={zoneAt(c, '')} {...(await history(db, { site: true }, before(c)))} />),
  )
  app.get('/studio/artists/:artistId/history', guard('artist.edit', artistInPath), async (c) => {
    const artistId = c.req.param('artistId')
    const artist = await artistById(db, artistId)
    if (!artist) return c.notFound()
    const shown = await history(db, { artistId }, before(c))
    return c.html(<HistoryPage c={c} of={{ name: artist.name, artistId }} zone={zoneOf(artist)} {...shown} />)
  })
  app.get('/studio/labels/:labelId/history', guard('label.edit', labelInPath), async (c) => {
    const labelId = c.req.param('labelId')
    const label = await labelById(db, labelId)
    if (!label) return c.notFound()
    const shown = await history(db, { labelId }, before(c))
    return c.html(<HistoryPage c={c} of={{ name: label.name, labelId }} zone={zoneOf(label)} {...shown} />)
  })
  return app
}

const isChange = (change: string): change is AccountChange => (ACCOUNT_CHANGES as readonly string[]).includes(change)

const DID = { close: 'closed', open: 'opened', host: 'hosted', unhost: 'unhosted' } as const

const DONE = [
  'saved',
  'retried',
  'given_up',
  'gone',
  'handled',
  'reopened',
  'closed',
  'opened',
  'hosted',
  'unhosted',
] as const

function notice(c: Context<WebEnv>): string | undefined {
  const t = words(c.get('page').lang)
  const asked = c.req.query('done')
  if (asked === 'retried_all') return t('done_retried_all', { n: Number(c.req.query('n')) || 0 })
  const known = DONE.find((one) => one === asked)
  return known && t(`done_${known}`)
}
