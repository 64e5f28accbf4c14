import type { Context, MiddlewareHandler } from 'hono'
import type { Lang } from '../../platform/i18n/index.ts'
import { guard, type WebEnv } from './guard.ts'
import type { Action } from './rights.rules.ts'
import { type Sender, senderThing } from './sender.rules.ts'

export type SenderAtDesk = { id: string; name: string; slug: string; language: Lang; sender: Sender }

/** The artist or label whom the signed-in person works for now. */
export function currentSender(c: Context<WebEnv>): SenderAtDesk | null {
  const { current } = c.get('desk')
  if (!current) return null
  const isArtist = current.kind === 'artist'
  const { id, name, slug, language } = isArtist ? current.artist : current.label
  return { id, name, slug, language, sender: isArtist ? { artistId: id } : { labelId: id } }
}

/** The same on a route that `senderAtDesk` guards. */
export function senderHere(c: Context<WebEnv>): SenderAtDesk {
  const own = currentSender(c)
  if (!own) throw new Error('This route is not guarded by who is at the desk')
  return own
}

/** Lets those pass who may do this for the artist or label at the desk. */
export const senderAtDesk = (action: Action): MiddlewareHandler<WebEnv> =>
  guard(action, (c) => {
    const own = currentSender(c)
    return own && senderThing(own.sender)
  })
