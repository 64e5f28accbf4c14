import type { Context } from 'hono'
import { isId } from '../../platform/ids.ts'
import { guard, type WebEnv } from './guard.ts'
import type { Thing } from './rights.rules.ts'

/** What routes are about, read from their addresses. */
export const artistInPath = (c: Context<WebEnv>): Thing | null => {
  const artistId = c.req.param('artistId')
  return isId(artistId) ? { kind: 'artist', artistId } : null
}

export const labelInPath = (c: Context<WebEnv>): Thing | null => {
  const labelId = c.req.param('labelId')
  return isId(labelId) ? { kind: 'label', labelId } : null
}

/** The account that is signed in: one edits one's own only. */
export const ownAccount = guard('account.edit', (c) => {
  const actor = c.get('actor')
  return actor && { kind: 'account', accountId: actor.accountId }
})

export const hostOnly = guard('site.manage', { kind: 'site' })
