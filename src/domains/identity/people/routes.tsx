import { type Context, Hono } from 'hono'
import type { Child } from 'hono/jsx'
import { dayIn } from '../../../platform/days.ts'
import { isLang } from '../../../platform/i18n/index.ts'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { Button, Form } from '../../../ui/forms.tsx'
import { artistById } from '../artists.views.ts'
import { type Posted, readForm, smallBody } from '../form.ts'
import { actorOf, guard, type WebEnv } from '../guard.ts'
import { readMail } from '../mail-address.rules.ts'
import type { Place } from '../members.store.ts'
import { can, MANDATE_PERMISSIONS, type Role, type Thing } from '../rights.rules.ts'
import { currentArtist, currentLabel } from '../session.ts'
import { artistInPath, labelInPath } from '../things.ts'
import { zoneAt } from '../zones.ts'
import { dayProblem } from './ask.routes.tsx'
import { settleRequest } from './ask-mandate.ts'
import { invite, sendAgain, withdraw } from './invite.ts'
import { grantMandate, lastDayOf, revokeMandate } from './mandates.ts'
import { Granted } from './mandates-section.tsx'
import { changeRole, removeMember, restoreMember } from './members.ts'
import { PeoplePage } from './page.tsx'
import { pathOf } from './paths.ts'
import { type PlaceFacts, peoplePage, placeOf } from './people.views.ts'
import { words } from './words.ts'

type PageProps = Parameters<typeof PeoplePage>[0]
type Wrong = Partial<Pick<PageProps, 'errors' | 'values' | 'mandate'>>

/** People of artists and of labels: the same pages under two addresses, each behind its own right. */
export function peopleRoutes(platform: Platform): Hono<WebEnv> {
  const { db } = platform
  const app = new Hono<WebEnv>()

  app.get('/studio/people', guard('studio.enter', { kind: 'site' }), (c) => {
    const artist = currentArtist(c)
    const label = currentLabel(c)
    if (artist) return c.redirect(pathOf({ kind: 'artist', id: artist.id }))
    return label ? c.redirect(pathOf({ kind: 'label', id: label.id })) : c.notFound()
  })

  for (const kind of ['artist', 'label'] as const) {
    const base = `/studio/${kind}s/:${kind}Id/people`
    const mayPeople = kind === 'artist' ? guard('artist.people', artistInPath) : guard('label.people', labelInPath)
    const placeIn = (c: Context<WebEnv>): Place => ({ kind, id: c.req.param(`${kind}Id`) ?? '' })

    const show = async (c: Context<WebEnv>, wrong?: Wrong, notice?: Child) => {
      const place = await placeOf(db, placeIn(c))
      if (!place) return c.notFound()
      const data = await peoplePage(db, place)
      const mayGrant = can(c.get('actor'), 'artist.mandate', thingOf(place))
      const chosen = [...data.requests, ...data.mandates].find(({ labelId }) => labelId === c.req.query('label'))
      return c.html(
        <PeoplePage
          c={c}
          data={data}
          mayGrant={mayGrant}
          notice={notice ?? noticeOf(c, place, platform.mailer.real)}
          {...(chosen && { mandate: { ...chosen, lastDay: chosen.lastDay ?? '' } })}
          {...wrong}
        />,
        wrong ? 422 : 200,
      )
    }
    const done = (c: Context<WebEnv>, what: string, about: Record<string, string> = {}) =>
      c.redirect(`${pathOf(placeIn(c))}?${new URLSearchParams({ done: what, ...about })}`, 303)

    app.get(base, mayPeople, (c) => show(c))

    app.post(`${base}/invite`, mayPeople, smallBody, async (c) => {
      const form = await readForm(c)
      const t = words(c.get('page').lang)
      const email = readMail(form.text('email'))
      const language = form.text('language')
      const role = roleIn(form, kind, can(c.get('actor'), 'artist.mandate', thingOf(placeIn(c))))
      const values = { email: form.text('email'), role, language }
      if (!email) return show(c, { errors: { email: t('invite_wrong') }, values })
      const input = { email, role, language: isLang(language) ? language : c.get('page').lang }
      const invited = await invite(platform, actorOf(c), placeIn(c), input)
      if (invited.ok) return done(c, 'invited', { email })
      const sentence = invited.error === 'member' ? t('invite_member') : t('invite_too_many')
      return show(c, { errors: { email: sentence }, values })
    })

    app.post(`${base}/invitations/:id/send`, mayPeople, async (c) => {
      const id = c.req.param('id') ?? ''
      const sent = isId(id) && (await sendAgain(platform, actorOf(c), placeIn(c), id))
      return sent ? done(c, 'sent') : c.notFound()
    })

    app.post(`${base}/invitations/:id/withdraw`, mayPeople, async (c) => {
      const id = c.req.param('id') ?? ''
      const gone = isId(id) && (await withdraw(platform, actorOf(c), placeIn(c), id))
      return gone ? done(c, 'withdrawn') : c.notFound()
    })

    app.post(`${base}/members/undo`, mayPeople, smallBody, async (c) => {
      const entry = (await readForm(c)).text('entry')
      const back = isId(entry) ? await restoreMember(platform, actorOf(c), placeIn(c), entry) : null
      return back?.ok ? done(c, 'restored', { name: back.value.name }) : c.notFound()
    })

    app.post(`${base}/members/:id/remove`, mayPeople, async (c) => {
      const id = c.req.param('id') ?? ''
      const removed = isId(id) ? await removeMember(platform, actorOf(c), placeIn(c), id) : null
      if (removed?.ok) return done(c, 'removed', { name: removed.value.name, undo: removed.value.entry })
      if (removed?.error.kind !== 'last') return c.notFound()
      return show(c, { errors: { members: words(c.get('page').lang)('last', { name: removed.error.name }) } })
    })

    if (kind === 'artist')
      app.post(`${base}/members/:id/role`, mayPeople, smallBody, async (c) => {
        const id = c.req.param('id') ?? ''
        const role: Role = (await readForm(c)).text('role') === 'artist' ? 'artist' : 'editor'
        const changed = isId(id) ? await changeRole(platform, actorOf(c), placeIn(c), id, role) : null
        // Who gave up the right to see this page is led to one that they may see.
        if (changed?.ok)
          return changed.value.accountId === actorOf(c).accountId && role === 'editor'
            ? c.redirect('/studio/account?done=saved', 303)
            : done(c, 'role')
        if (changed?.error.kind !== 'last') return c.notFound()
        return show(c, { errors: { members: words(c.get('page').lang)('last', { name: changed.error.name }) } })
      })

    if (kind === 'artist') {
      const mayGrant = guard('artist.mandate', artistInPath)

      app.post(`${base}/mandates`, mayGrant, smallBody, async (c) => {
        const form = await readForm(c)
        const t = words(c.get('page').lang)
        const labelId = form.text('labelId')
        const permissions = MANDATE_PERMISSIONS.filter((one) => form.texts('permissions').includes(one))
        const lastDay = form.text('lastDay')
        const again = (errors: Record<string, string>) =>
          show(c, { errors, mandate: { labelId, permissions, lastDay } })
        if (!isId(labelId)) return again({ labelId: t('mandate_missing') })
        if (!permissions.length) return again({ permissions: t('mandate_nothing') })
        const today = dayIn(platform.now(), zoneAt(c, placeIn(c).id))
        const wrongDay = dayProblem(c, lastDay, today)
        if (wrongDay['lastDay']) return again(wrongDay)
        const grant = { artistId: placeIn(c).id, labelId, permissions, lastDay: lastDay || null }
        const given = await grantMandate(platform, actorOf(c), grant)
        if (given === 'past') return again({ lastDay: t('mandate_day_past') })
        return given === 'given' ? done(c, 'granted') : again({ labelId: t('mandate_missing') })
      })

      app.post(`${base}/mandates/:id/revoke`, mayGrant, async (c) => {
        const id = c.req.param('id') ?? ''
        const gone = isId(id) ? await revokeMandate(platform, actorOf(c), { artistId: placeIn(c).id }, id) : null
        if (!gone) return c.notFound()
        const { labelId, label, permissions, endsAt } = gone
        const artist = await artistById(db, placeIn(c).id)
        const lastDay = endsAt && artist ? lastDayOf(endsAt, artist) : ''
        return done(c, 'revoked', { name: label, back: labelId, may: permissions.join(' '), lastDay })
      })

      app.post(`${base}/requests/:id/decline`, mayGrant, async (c) => {
        const id = c.req.param('id') ?? ''
        const settled = isId(id) && (await settleRequest(platform, actorOf(c), { artistId: placeIn(c).id }, id))
        return settled ? done(c, 'declined') : c.notFound()
      })
    }
  }
  return app
}

const thingOf = ({ kind, id }: Place): Thing => (kind === 'artist' ? { kind, artistId: id } : { kind, labelId: id })

function roleIn(form: Posted, kind: Place['kind'], mayChoose: boolean): Role {
  if (kind === 'label') return 'label_manager'
  return mayChoose && form.text('role') !== 'artist' ? 'editor' : 'artist'
}

/** What just happened, with the way back where there is one. */
function noticeOf(c: Context<WebEnv>, place: PlaceFacts, mails: boolean): Child {
  const t = words(c.get('page').lang)
  const page = c.get('page')
  const name = c.req.query('name') ?? ''
  const email = c.req.query('email') ?? ''
  switch (c.req.query('done')) {
    case 'invited':
      return t(mails ? 'done_invited' : 'done_invited_console', { email })
    case 'sent':
      return t(mails ? 'done_sent' : 'done_sent_console')
    case 'withdrawn':
      return t('done_withdrawn')
    case 'role':
      return t('done_role')
    case 'granted':
      return t('done_granted')
    case 'declined':
      return t('done_declined')
    case 'restored':
      return t('done_restored', { name })
    case 'removed':
      return (
        <Form page={page} action={`${pathOf(place)}/members/undo`}>
          {t('done_removed', { name })} <input type="hidden" name="entry" value={c.req.query('undo') ?? ''} />
          <Button kind="quiet">{t('undo')}</Button>
        </Form>
      )
    case 'revoked':
      return (
        <Form page={page} action={`${pathOf(place)}/mandates`}>
          {t('done_revoked', { name })}{' '}
          <Granted
            labelId={c.req.query('back') ?? ''}
            permissions={(c.req.query('may') ?? '').split(' ')}
            lastDay={c.req.query('lastDay') ?? null}
          />
          <Button kind="quiet">{t('undo')}</Button>
        </Form>
      )
    default:
      return null
  }
}
