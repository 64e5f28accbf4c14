import { type Context, Hono } from 'hono'
import { allow, type Limit } from '../../../platform/http/index.ts'
import { isLang } from '../../../platform/i18n/index.ts'
import { isId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import { audit } from '../audit.ts'
import { passkeysPossible } from '../entrance/passkeys.ts'
import { readForm, smallBody } from '../form.ts'
import { actorOf, type WebEnv } from '../guard.ts'
import { readMail } from '../mail-address.rules.ts'
import { takeSessionAway } from '../session.ts'
import { closeSession, closeSessions } from '../sessions.store.ts'
import { ownAccount } from '../things.ts'
import { deleteAccount, editAccount, leave, whyNotDelete } from './account.ts'
import { accountPage } from './account.views.ts'
import { DeletedPage, DeletePage } from './delete-page.tsx'
import { AccountPage } from './page.tsx'
import { words } from './words.ts'

const MAIL_CHANGES: Limit = { name: 'mail-change', most: 5, windowSeconds: 3600 }
const PAGE = '/studio/account'

export function accountRoutes(platform: Platform): Hono<WebEnv> {
  const { db, config, mailer, now } = platform
  const app = new Hono<WebEnv>()
  const done = (c: Context<WebEnv>, what: string, more = '') => c.redirect(`${PAGE}?done=${what}${more}`, 303)

  const show = async (
    c: Context<WebEnv>,
    wrong?: { errors: FieldErrors; values?: { name?: string; email?: string }; status?: 422 | 429 },
  ) =>
    c.html(
      <AccountPage
        c={c}
        data={await accountPage(db, actorOf(c).accountId, now())}
        passkeys={passkeysPossible(config)}
        notice={noticeOf(c, mailer.real)}
        {...(wrong && { errors: wrong.errors, ...(wrong.values && { values: wrong.values }) })}
      />,
      wrong ? (wrong.status ?? 422) : 200,
    )

  app.get(PAGE, ownAccount, (c) => show(c))

  app.post(PAGE, ownAccount, smallBody, async (c) => {
    const form = await readForm(c)
    const t = words(c.get('page').lang)
    const name = form.text('name')
    const language = form.text('language')
    if (!name) return show(c, { errors: { name: t('name_missing') }, values: { name } })
    if (name.length > 120) return show(c, { errors: { name: t('name_long') }, values: { name } })
    await editAccount(platform, actorOf(c), { name, language: isLang(language) ? language : actorOf(c).language })
    return done(c, 'saved')
  })

  app.post(`${PAGE}/mail`, ownAccount, smallBody, async (c) => {
    const typed = (await readForm(c)).text('email')
    const t = words(c.get('page').lang)
    const actor = actorOf(c)
    const wrong = (error: string, status: 422 | 429 = 422) =>
      show(c, { errors: { email: error }, values: { email: typed }, status })
    const email = readMail(typed)
    if (!email) return wrong(t('mail_wrong'))
    if (email === actor.email) return wrong(t('mail_same'))
    if (!(await allow(platform, MAIL_CHANGES, actor.accountId))) return wrong(t('mail_too_many'), 429)
    await addJob(db, 'identity.mail-change', { accountId: actor.accountId, email })
    return done(c, 'mail_sent', `&email=${encodeURIComponent(email)}`)
  })

  app.post(`${PAGE}/passkeys/:id`, ownAccount, smallBody, async (c) => {
    const name = (await readForm(c)).text('name').slice(0, 80)
    await db
      .updateTable('passkeys')
      .set({ name })
      .where('id', '=', c.req.param('id'))
      .where('accountId', '=', actorOf(c).accountId)
      .execute()
    return done(c, 'saved')
  })

  app.post(`${PAGE}/passkeys/:id/remove`, ownAccount, async (c) => {
    const { accountId } = actorOf(c)
    await db.transaction().execute(async (tx) => {
      const removed = await tx
        .deleteFrom('passkeys')
        .where('id', '=', c.req.param('id'))
        .where('accountId', '=', accountId)
        .returning('name')
        .executeTakeFirst()
      if (removed) await audit(tx, { accountId, action: 'account.passkey-remove', subject: removed.name })
    })
    return done(c, 'passkey_removed')
  })

  app.post(`${PAGE}/sessions/end-others`, ownAccount, async (c) => {
    const { accountId, sessionId } = actorOf(c)
    await closeSessions(db, accountId, sessionId)
    return done(c, 'sessions_ended')
  })

  app.post(`${PAGE}/sessions/:id/end`, ownAccount, async (c) => {
    const id = c.req.param('id')
    if (isId(id)) await closeSession(db, actorOf(c).accountId, id)
    return done(c, 'session_ended')
  })

  app.post(`${PAGE}/memberships/:id/leave`, ownAccount, async (c) => {
    const id = c.req.param('id')
    const left = isId(id) ? await leave(platform, actorOf(c), id) : null
    if (left?.ok) return done(c, 'left', `&name=${encodeURIComponent(left.value.name)}`)
    if (left?.error !== 'last') return c.notFound()
    const { work } = await accountPage(db, actorOf(c).accountId, now())
    const name = work.find((one) => one.id === id)?.name ?? ''
    return show(c, { errors: { work: words(c.get('page').lang)('leave_last', { name }) } })
  })

  app.get(`${PAGE}/delete`, ownAccount, async (c) =>
    c.html(<DeletePage c={c} reason={await whyNotDelete(db, actorOf(c).accountId)} />),
  )

  app.post(`${PAGE}/delete`, ownAccount, smallBody, async (c) => {
    const email = (await readForm(c)).text('email')
    const t = words(c.get('page').lang)
    if (email.toLowerCase() !== actorOf(c).email.toLowerCase())
      return c.html(<DeletePage c={c} reason={null} email={email} errors={{ email: t('delete_differs') }} />, 422)
    const deleted = await deleteAccount(platform, actorOf(c))
    if (!deleted.ok) return c.html(<DeletePage c={c} reason={deleted.error} />, 409)
    takeSessionAway(c)
    return c.html(<DeletedPage c={c} />)
  })
  return app
}

const DONE = [
  'recovered',
  'saved',
  'mail_changed',
  'passkey_added',
  'passkey_removed',
  'session_ended',
  'sessions_ended',
] as const

function noticeOf(c: Context<WebEnv>, mails: boolean): string | undefined {
  const t = words(c.get('page').lang)
  const asked = c.req.query('done')
  if (asked === 'mail_sent')
    return t(mails ? 'done_mail_sent' : 'done_mail_sent_console', { email: c.req.query('email') ?? '' })
  if (asked === 'left') return t('done_left', { name: c.req.query('name') ?? '' })
  const known = DONE.find((one) => one === asked)
  return known && t(`done_${known}`)
}
