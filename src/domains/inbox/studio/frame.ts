import type { Context } from 'hono'
import type { Db } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import { isId } from '../../../platform/ids.ts'
import {
  actorOf,
  artistsFor,
  can,
  currentSender,
  type Sender,
  senderOf,
  senderThing,
  type WebEnv,
} from '../../identity/index.ts'
import { ownerOfConversation } from '../inbox.views.ts'
import { words } from '../words.ts'

export const inboxHref = (id = ''): string => (id ? `/studio/inbox/${id}` : '/studio/inbox')

/** Whose inbox stands on the desk: one artist's or label's, or when nobody's does, that of all whom one answers for. */
export async function ownersAt(db: Db, c: Context<WebEnv>): Promise<string[]> {
  const own = ownerAtDesk(c)
  if (own) return [...Object.values(own)]
  return (await artistsFor(db, actorOf(c), 'inbox.answer')).map(({ id }) => id)
}

export function ownerAtDesk(c: Context<WebEnv>): Sender | null {
  const own = currentSender(c)?.sender
  return own && can(c.get('actor'), 'inbox.answer', senderThing(own)) ? own : null
}

/** The artist or label whose conversation the address names, for the gate. */
export const thingOfConversation = (db: Db) => async (c: Context<WebEnv>) => {
  const id = c.req.param('id') ?? ''
  const row = isId(id) ? await ownerOfConversation(db, id) : undefined
  return row ? senderThing(senderOf(row)) : null
}

/** How long somebody waits, in one word or two. */
export function age(since: Date, now: Date, lang: Lang): string {
  const t = words(lang)
  const minutes = Math.floor((now.getTime() - since.getTime()) / 60_000)
  if (minutes < 1) return t('age_now')
  if (minutes < 60) return t('age_minutes', { n: minutes })
  if (minutes < 48 * 60) return t('age_hours', { n: Math.floor(minutes / 60) })
  return t('age_days', { n: Math.floor(minutes / (24 * 60)) })
}
