import { type Context, Hono } from 'hono'
import { addDays, dayIn, isDay } from '../../../platform/days.ts'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import { artistBySlug, labelById } from '../artists.views.ts'
import { readForm, smallBody } from '../form.ts'
import { actorOf, guard, type WebEnv } from '../guard.ts'
import { MANDATE_PERMISSIONS, type MandatePermission } from '../rights.rules.ts'
import { labelInPath } from '../things.ts'
import { zoneOf } from '../zones.ts'
import { askMandate, settleRequest } from './ask-mandate.ts'
import { AskPage, type AskValues } from './ask-page.tsx'
import { words } from './words.ts'

const LONGEST = 1000

/** A label asks for a mandate, and takes its question back. */
export function askRoutes(platform: Platform): Hono<WebEnv> {
  const { db } = platform
  const app = new Hono<WebEnv>()
  const mayAsk = guard('label.edit', labelInPath)

  const show = async (c: Context<WebEnv>, values: AskValues, errors?: FieldErrors) => {
    const label = await labelById(db, c.req.param('labelId') ?? '')
    if (!label) return c.notFound()
    return c.html(<AskPage c={c} label={label} values={values} {...(errors && { errors })} />, errors ? 422 : 200)
  }

  app.get('/studio/labels/:labelId/ask', mayAsk, async (c) => {
    const artist = c.req.query('artist') ?? ''
    const has = artist ? await permissionsOf(platform, c.req.param('labelId'), artist) : []
    return show(c, { artist, permissions: has, lastDay: '', message: '' })
  })

  app.post('/studio/labels/:labelId/ask', mayAsk, smallBody, async (c) => {
    const form = await readForm(c)
    const t = words(c.get('page').lang)
    const { labelId } = c.req.param()
    const permissions = MANDATE_PERMISSIONS.filter((one) => form.texts('permissions').includes(one))
    const values = {
      artist: form.text('artist'),
      permissions,
      lastDay: form.text('lastDay'),
      message: form.text('message'),
    }
    const found = await artistBySlug(db, lastSegment(values.artist))
    const wanted = found?.kind === 'moved' ? await artistBySlug(db, found.slug) : found
    const artist = wanted?.kind === 'artist' ? wanted.artist : null
    const errors: FieldErrors = {
      ...(!artist && { artist: t('ask_none') }),
      ...(!permissions.length && { permissions: t('mandate_nothing') }),
      ...(artist && dayProblem(c, values.lastDay, dayIn(platform.now(), zoneOf(artist)))),
      ...(values.message.length > LONGEST && { message: t('ask_long', { n: LONGEST }) }),
    }
    if (!artist || Object.keys(errors).length) return show(c, values, errors)
    const lastDay = values.lastDay || null
    const asked = await askMandate(platform, actorOf(c), {
      ...{ artistId: artist.id, labelId, permissions, lastDay, message: values.message },
    })
    if (!asked.ok) return show(c, values, { artist: t(`ask_${asked.error}`, { name: artist.name }) })
    const about = new URLSearchParams({ done: 'asked', name: asked.value.artist })
    return c.redirect(`/studio/labels/${labelId}?${about}`, 303)
  })

  app.post('/studio/labels/:labelId/requests/:id/withdraw', mayAsk, async (c) => {
    const { labelId, id } = c.req.param()
    const gone = isId(id) && (await settleRequest(platform, actorOf(c), { labelId }, id))
    return gone ? c.redirect(`/studio/labels/${labelId}?done=asked-back`, 303) : c.notFound()
  })
  return app
}

/** What is wrong with a mandate's last day as it was typed; nothing when it is left open. */
export function dayProblem(c: Context<WebEnv>, typed: string, today: string): FieldErrors {
  const t = words(c.get('page').lang)
  if (!typed) return {}
  if (!isDay(typed)) return { lastDay: t('mandate_day_wrong') }
  if (typed < today) return { lastDay: t('mandate_day_past') }
  return typed > addDays(today, 36_525) ? { lastDay: t('mandate_day_wrong') } : {}
}

/** An artist is named by the address of their page or the end of it. */
const lastSegment = (typed: string): string =>
  decoded(typed.replace(/^https?:\/\/[^/]+\/|^\/|\/+$/g, '').split('/')[0] ?? '')

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

async function permissionsOf({ db }: Platform, labelId: string, slug: string): Promise<MandatePermission[]> {
  const found = await db
    .selectFrom('livingMandates')
    .innerJoin('artists', 'artists.id', 'artistId')
    .select('permissions')
    .where('labelId', '=', labelId)
    .where('slug', '=', slug)
    .executeTakeFirst()
  return found?.permissions ?? []
}
