import type { Context, MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Platform } from '../../platform/platform.ts'
import { type Desk, presenceOf } from './actor.views.ts'
import type { ArtistSummary, LabelSummary } from './artists.views.ts'
import type { WebEnv } from './guard.ts'
import { chooseDesk, SESSION_DAYS, touchSession } from './sessions.store.ts'

const HOUR_MS = 3_600_000

/** `__Host-` binds a cookie to this very host, over HTTPS only; browsers refuse the prefix without HTTPS. */
const isHttps = (c: Context<WebEnv>) => c.get('https') === true
const cookieName = (https: boolean) => (https ? '__Host-session' : 'session')

/**
 * Finds who asks, from the session cookie, and whom they work for: `?desk=slug` chooses that, for this request and from then
 * on. Forms of the studio carry it in their action, so that a second tab that turned to another artist changes nothing.
 */
export function withActor({ db, config, now }: Pick<Platform, 'db' | 'config' | 'now'>): MiddlewareHandler<WebEnv> {
  const https = config.baseUrl.startsWith('https:')
  return async (c, next) => {
    c.set('https', https)
    c.set('actor', null)
    c.set('desk', { current: null, artists: [], labels: [] })
    const token = getCookie(c, cookieName(https))
    const presence = token ? await presenceOf(db, token, now()) : null
    if (token && presence) {
      const { actor, seenAt } = presence
      c.set('actor', actor)
      c.set('desk', presence.desk)
      if (now().getTime() - seenAt.getTime() > HOUR_MS) {
        await touchSession(db, actor.sessionId, now())
        giveSession(c, token)
      }
      const asked = c.req.query('desk')
      if (asked !== undefined)
        await turnTo(c, presence.desk, asked, (chosen) => chooseDesk(db, actor.sessionId, chosen))
    }
    await next()
  }
}

type Chosen = { artistId: string } | { labelId: string }

async function turnTo(c: Context<WebEnv>, desk: Desk, slug: string, keep: (chosen: Chosen) => Promise<void>) {
  const artist = desk.artists.find((one) => one.slug === slug)
  const label = desk.labels.find((one) => one.slug === slug)
  if (artist) c.set('desk', { ...desk, current: { kind: 'artist', artist } })
  else if (label) c.set('desk', { ...desk, current: { kind: 'label', label } })
  if (artist && currentArtistOf(desk)?.id !== artist.id) await keep({ artistId: artist.id })
  else if (label && currentLabelOf(desk)?.id !== label.id) await keep({ labelId: label.id })
}

/** Puts the session's token in the browser. */
export function giveSession(c: Context<WebEnv>, token: string): void {
  const https = isHttps(c)
  setCookie(c, cookieName(https), token, {
    path: '/',
    httpOnly: true,
    secure: https,
    sameSite: 'Lax',
    maxAge: SESSION_DAYS * 86_400,
  })
}

export function takeSessionAway(c: Context<WebEnv>): void {
  const https = isHttps(c)
  deleteCookie(c, cookieName(https), { path: '/', secure: https })
}

const currentArtistOf = ({ current }: Desk) => (current?.kind === 'artist' ? current.artist : null)
const currentLabelOf = ({ current }: Desk) => (current?.kind === 'label' ? current.label : null)

/** The artist whom the signed-in person works for now; null when they turned to a label, or work for nobody. */
export const currentArtist = (c: Context<WebEnv>): ArtistSummary | null => currentArtistOf(c.get('desk'))

/** The label that they work for now, when it is one. */
export const currentLabel = (c: Context<WebEnv>): LabelSummary | null => currentLabelOf(c.get('desk'))
