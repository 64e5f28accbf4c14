import { type Context, Hono } from 'hono'
import { allow, forOneReader, type Limit, open } from '../../../platform/http/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { WebEnv } from '../../identity/index.ts'
import { libraryPath, memberPath, orderPath, readMemberToken } from '../links.ts'
import type { ShopSite } from '../public.routes.tsx'
import { resumeMembership, stopMembership } from './change-membership.ts'
import { MemberBody } from './member-page.tsx'
import { memberById } from './members.views.ts'

/** Each resuming may make an order and a mail. */
const RESUMES: Limit = { name: 'member-resume', most: 10, windowSeconds: 3600 }

/** One's own membership, for whoever has its link. GET shows, POST acts: a machine that follows the link of a mail changes nothing. */
export function memberPublic(platform: Platform, { frame }: Pick<ShopSite, 'frame'>): Hono<WebEnv> {
  const { db, signer, now } = platform
  const idOf = (c: Context<WebEnv>) => readMemberToken(signer, c.req.param('token') ?? '')

  return new Hono<WebEnv>()
    .get('/member/:token', open, async (c) => {
      const id = idOf(c)
      const member = id && (await memberById(db, id))
      if (!member) return c.notFound()
      forOneReader(c)
      const { page } = c.var
      const children = (
        <MemberBody
          page={page}
          member={member}
          href={memberPath(signer, member.id)}
          payHref={member.openOrder && orderPath(signer, member.openOrder)}
          libraryHref={libraryPath(signer, member.mailKey)}
          orderHref={(orderId) => orderPath(signer, orderId)}
          now={now()}
        />
      )
      const of = member.artistId ? { artistId: member.artistId } : null
      return c.html(await frame({ c, title: member.title, of, children }))
    })
    .post('/member/:token/:what{pause|leave}', open, async (c) => {
      const id = idOf(c)
      if (!id) return c.notFound()
      await stopMembership(platform, id, c.req.param('what') === 'leave' ? 'left' : 'paused')
      return c.redirect(memberPath(signer, id), 303)
    })
    .post('/member/:token/resume', open, async (c) => {
      const id = idOf(c)
      if (!id) return c.notFound()
      const orderId = (await allow(platform, RESUMES, id)) ? await resumeMembership(platform, id) : null
      return c.redirect(orderId ? orderPath(signer, orderId) : memberPath(signer, id), 303)
    })
}
