import { type Context, Hono } from 'hono'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { joinAs } from '../enter.ts'
import { smallBody } from '../form.ts'
import { actorOf, guard, type WebEnv } from '../guard.ts'
import { type Invited, openInvitation } from './invited.views.ts'
import { DeadLinkPage, InvitationPage } from './pages.tsx'
import { invitationHref } from './paths.ts'

/**
 * An invitation to somebody who has an account already: the mailed link sends them to sign in, and signing in leads here. The address
 * holds no secret; it opens to the account of the invited mail address alone.
 */
export function invitationRoutes(platform: Platform): Hono<WebEnv> {
  const signedIn = guard('studio.enter', { kind: 'site' })
  const mine = async (c: Context<WebEnv>): Promise<Invited | null> => {
    const id = c.req.param('id') ?? ''
    const invited = isId(id) ? await openInvitation(platform.db, id) : null
    return invited?.email.toLowerCase() === actorOf(c).email.toLowerCase() ? invited : null
  }
  const gone = (c: Context<WebEnv>) => c.html(<DeadLinkPage c={c} why="unknown" owned />, 410)
  return new Hono<WebEnv>()
    .get('/studio/invitations/:id', signedIn, async (c) => {
      const invited = await mine(c)
      return invited ? c.html(<InvitationPage c={c} action={invitationHref(invited.id)} invited={invited} />) : gone(c)
    })
    .post('/studio/invitations/:id', signedIn, smallBody, async (c) => {
      const invited = await mine(c)
      const joined = invited && (await joinAs(platform, { accountId: actorOf(c).accountId, invitationId: invited.id }))
      return joined?.ok ? c.redirect(joined.value.next, 303) : gone(c)
    })
}
