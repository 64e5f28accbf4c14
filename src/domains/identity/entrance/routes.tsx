import { type Context, Hono } from 'hono'
import { allow, type Limit, open } from '../../../platform/http/index.ts'
import { isLang } from '../../../platform/i18n/index.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import { accountByMail } from '../accounts.store.ts'
import { deviceName } from '../device.rules.ts'
import { enter } from '../enter.ts'
import { type Posted, readForm, safeNext, smallBody } from '../form.ts'
import { actorOf, guard, type WebEnv } from '../guard.ts'
import { hasOwner, lookAtLink, type OpenLink } from '../links.ts'
import { readMail } from '../mail-address.rules.ts'
import { giveSession, takeSessionAway } from '../session.ts'
import { closeSession } from '../sessions.store.ts'
import { openInvitation } from './invited.views.ts'
import {
  ClosedPage,
  DeadLinkPage,
  EnterPage,
  InvitationPage,
  SentPage,
  SetUpPage,
  SignInPage,
  TakenPage,
  WelcomePage,
} from './pages.tsx'
import { passkeysPossible } from './passkeys.ts'
import { invitationHref, signInHref } from './paths.ts'
import { words } from './words.ts'

const QUARTER = 15 * 60
const BY_ADDRESS: Limit = { name: 'sign-in', most: 20, windowSeconds: QUARTER }
const BY_MAIL: Limit = { name: 'sign-in-mail', most: 5, windowSeconds: QUARTER }
const LINKS: Limit = { name: 'enter', most: 60, windowSeconds: QUARTER }

/** The way in: asking for a link, opening one, signing out. */
export function entranceRoutes(platform: Platform): Hono<WebEnv> {
  const { db, config, mailer, now } = platform
  const passkeys = passkeysPossible(config)
  const app = new Hono<WebEnv>()

  app.get('/studio/sign-in', open, async (c) => {
    const next = safeNext(c.req.query('next'))
    if (c.get('actor')) return c.redirect(next ?? '/studio')
    return c.html(<SignInPage c={c} next={next} mails={mailer.real} passkeys={passkeys} />)
  })

  app.post('/studio/sign-in', open, smallBody, async (c) => {
    const form = await readForm(c)
    const t = words(c.get('page').lang)
    const next = safeNext(form.text('next'))
    const again = (error: string, status: 422 | 429) =>
      c.html(
        <SignInPage
          c={c}
          next={next}
          mails={mailer.real}
          passkeys={passkeys}
          email={form.text('email')}
          errors={{ email: error }}
        />,
        status,
      )
    const email = readMail(form.text('email'))
    if (!(await allow(platform, BY_ADDRESS, c.get('address')))) return again(t('too_many'), 429)
    if (!email) return again(t('email_wrong'), 422)
    if (!(await allow(platform, BY_MAIL, email.toLowerCase()))) return again(t('too_many_mails'), 429)
    // The same work for every address: only the job looks whether it has an account.
    await addJob(db, 'identity.mail-sign-in', { email, next })
    return c.html(<SentPage c={c} email={email} mails={mailer.real} next={next} />)
  })

  app.get('/studio/enter/:token', open, async (c) => {
    if (!(await allow(platform, LINKS, c.get('address')))) return c.text(words(c.get('page').lang)('too_many'), 429)
    const link = await lookAtLink(db, c.req.param('token'), now())
    const owned = await hasOwner(db)
    if (typeof link === 'string') return c.html(<DeadLinkPage c={c} why={link} owned={owned} />, 410)
    return showLink(platform, c, link, owned)
  })

  app.post('/studio/enter/:token', open, smallBody, async (c) => {
    if (!(await allow(platform, LINKS, c.get('address')))) return c.text(words(c.get('page').lang)('too_many'), 429)
    const token = c.req.param('token')
    const link = await lookAtLink(db, token, now())
    const owned = await hasOwner(db)
    if (typeof link === 'string') return c.html(<DeadLinkPage c={c} why={link} owned={owned} />, 410)
    const form = await readForm(c)
    const read = await readEntrance(platform, c, link, form)
    if (read.errors) return showLink(platform, c, link, owned, form, read.errors)
    const entered = await enter(platform, {
      token,
      ...read.values,
      device: deviceName(c.req.header('user-agent')),
      as: form.text('as') === 'me' || isInvited(c, link) ? (c.get('actor')?.accountId ?? null) : null,
    })
    if (entered.ok) {
      if (entered.value.session) await replaceSession(platform, c, entered.value.session)
      return c.redirect(entered.value.next, 303)
    }
    switch (entered.error) {
      case 'dead':
        return c.html(<DeadLinkPage c={c} why={link.purpose === 'set-up' ? 'setup' : 'used'} owned />, 410)
      case 'closed':
        return c.html(<ClosedPage c={c} />, 403)
      case 'sign-in':
        return askToSignIn(platform, c, link)
      case 'taken':
        return c.html(<TakenPage c={c} email={link.email ?? ''} />, 409)
    }
  })

  app.get('/studio/welcome', guard('studio.enter', { kind: 'site' }), (c) =>
    c.html(<WelcomePage c={c} passkeys={passkeys} />),
  )

  app.post('/studio/sign-out', open, async (c) => {
    const actor = c.get('actor')
    if (actor) await closeSession(db, actor.accountId, actor.sessionId)
    takeSessionAway(c)
    return c.redirect('/studio/sign-in', 303)
  })
  return app
}

/** Whether the person signed in in this browser is the one whom the link was mailed to. */
const isInvited = (c: Context<WebEnv>, link: OpenLink): boolean =>
  link.purpose === 'invitation' && c.get('actor')?.email.toLowerCase() === link.email?.toLowerCase()

/** The address has an account: its owner signs in, and comes back to the invitation. Another who is signed in is told again what they may do. */
async function askToSignIn(platform: Platform, c: Context<WebEnv>, link: OpenLink) {
  const invited = await openInvitation(platform.db, link.invitationId ?? '')
  if (!invited || c.get('actor')) return showLink(platform, c, link, true)
  return c.redirect(signInHref(invitationHref(invited.id)), 303)
}

/** A new session in this browser ends the one that it held. */
export async function replaceSession({ db }: Pick<Platform, 'db'>, c: Context<WebEnv>, token: string): Promise<void> {
  if (c.get('actor')) {
    const { accountId, sessionId } = actorOf(c)
    await closeSession(db, accountId, sessionId)
  }
  giveSession(c, token)
}

async function readEntrance({ db }: Platform, c: Context<WebEnv>, link: OpenLink, form: Posted) {
  const t = words(c.get('page').lang)
  const errors: FieldErrors = {}
  const name = form.text('name')
  const language = form.text('language')
  const email = link.purpose === 'set-up' ? readMail(form.text('email')) : link.email
  const asksName =
    link.purpose === 'set-up' ||
    (link.purpose === 'invitation' && form.text('as') !== 'me' && !(await accountByMail(db, link.email ?? '')))
  if (asksName && !name) errors['name'] = t('name_missing')
  if (name.length > 120) errors['name'] = t('name_long')
  if (link.purpose === 'set-up' && !email) errors['email'] = t('email_wrong')
  return {
    errors: Object.keys(errors).length ? errors : null,
    values: { name, email: email ?? '', language: isLang(language) ? language : c.get('page').lang },
  }
}

async function showLink(
  { db }: Platform,
  c: Context<WebEnv>,
  link: OpenLink,
  owned: boolean,
  form?: Posted,
  errors?: FieldErrors,
) {
  const token = c.req.param('token') ?? ''
  const status = errors ? 422 : 200
  const email = link.email ?? ''
  const more = errors ? { errors } : {}
  switch (link.purpose) {
    case 'set-up': {
      if (owned) return c.html(<DeadLinkPage c={c} why="setup" owned />, 410)
      const asked = form?.text('language')
      const language = isLang(asked) ? asked : c.get('page').lang
      const values = { name: form?.text('name') ?? '', email: form?.text('email') ?? '', language }
      return c.html(<SetUpPage c={c} token={token} values={values} {...more} />, status)
    }
    case 'invitation': {
      const invited = await openInvitation(db, link.invitationId ?? '')
      if (!invited) return c.html(<DeadLinkPage c={c} why="unknown" owned={owned} />, 410)
      const name = form ? { name: form.text('name') } : {}
      return c.html(
        <InvitationPage c={c} action={`/studio/enter/${token}`} invited={invited} {...name} {...more} />,
        status,
      )
    }
    case 'sign-in':
      return c.html(<EnterPage c={c} token={token} kind="sign_in" email={email} />)
    case 'recovery':
      return c.html(<EnterPage c={c} token={token} kind="recovery" email={email} />)
    case 'mail-change':
      return c.html(<EnterPage c={c} token={token} kind="mail" email={email} />)
  }
}
