import { type Context, Hono } from 'hono'
import { allow, forOneReader, type Limit, open } from '../../../platform/http/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail } from '../../../platform/result.ts'
import { can, readForm, smallBody, type WebEnv } from '../../identity/index.ts'
import { agreeAnew } from '../cards/agree-anew.ts'
import type { CardProps } from '../cards/card-parts.tsx'
import { cardOfMember, chargesOfMember } from '../cards/cards.views.ts'
import { askForCard, lookForCard, openSetup } from '../cards/give-card.ts'
import { forgetCard } from '../cards/keep-card.ts'
import { memberFeedPath, memberPath, orderPath, readMemberToken } from '../links.ts'
import { openFor } from '../payments/providers.ts'
import type { ShopSite } from '../public.routes.tsx'
import { resumeMembership, stopMembership } from './change-membership.ts'
import type { Door } from './door-page.tsx'
import { closeDoors, doorOf, enter, goOut, isInside } from './doors.ts'
import { openingOf } from './member.rules.ts'
import { MemberBody } from './member-page.tsx'
import { type MemberDetails, memberById } from './members.views.ts'

/** Each resuming may make an order and a mail. */
const RESUMES: Limit = { name: 'member-resume', most: 10, windowSeconds: 3600 }
/** Asking a provider of payments for a page, or what became of it. */
const LOOKS: Limit = { name: 'member-card', most: 20, windowSeconds: 3600 }

/** One's own membership, for whoever has its link. GET shows, POST acts: a machine that follows the link of a mail changes nothing. */
export function memberPublic(
  platform: Platform,
  { frame, insideOf }: Pick<ShopSite, 'frame' | 'insideOf'>,
): Hono<WebEnv> {
  const { db, signer, now } = platform
  const idOf = (c: Context<WebEnv>) => readMemberToken(signer, c.req.param('token') ?? '')
  /** A key that moves no money is for those who work on the shop. */
  const mayTest = (c: Context<WebEnv>, artistId: string | null) =>
    artistId !== null && can(c.get('actor'), 'shop.edit', { kind: 'artist', artistId })

  async function show(c: Context<WebEnv>, id: string | null, problem?: CardProps['problem']) {
    const member = id && (await memberById(db, id))
    if (!member) return c.notFound()
    forOneReader(c)
    const { page } = c.var
    const isBack = c.req.query('from') === 'card'
    if (isBack && (await allow(platform, LOOKS, member.id))) await lookForCard(platform, member.id)
    const account = member.productId === null ? null : await openFor(db, member.sellerId)
    const setup = await openSetup(platform, member.id)
    const byCard: CardProps = {
      card: await cardOfMember(db, member.id),
      charges: await chargesOfMember(db, member.id),
      mayGive: account !== null && (account.isLive || mayTest(c, member.artistId)),
      giveHref: isBack ? null : (setup?.url ?? null),
      isBack,
      problem,
    }
    const children = (
      <MemberBody
        page={page}
        member={member}
        href={memberPath(signer, member.id)}
        payHref={member.openOrder && orderPath(signer, member.openOrder)}
        orderHref={(orderId) => orderPath(signer, orderId)}
        door={await doorFor(c, member)}
        now={now()}
        byCard={byCard}
      />
    )
    const of = member.artistId ? { artistId: member.artistId } : null
    return c.html(await frame({ c, title: member.title, of, children }), problem ? 422 : 200)
  }

  async function doorFor(c: Context<WebEnv>, member: MemberDetails): Promise<Door | null> {
    const { id, artistId, productId } = member
    if (!artistId || !openingOf(member, now()).isOpen) return null
    const { feedKey } = await doorOf(db, id)
    return {
      isInside: await isInside(c, db, id),
      feed: memberFeedPath(feedKey),
      inside: await insideOf({ ref: id, artistId, plan: productId }),
    }
  }

  /** Lets this browser in, and out again; closes all at once. */
  const doors: Record<string, (c: Context<WebEnv>, id: string) => Promise<void>> = {
    enter: (c, id) => enter(c, db, id),
    out: async (c, id) => goOut(c, id),
    close: (_, id) => closeDoors(db, id),
  }

  return new Hono<WebEnv>()
    .post('/member/:token/:door{enter|out|close}', open, async (c) => {
      const id = idOf(c)
      const member = id && (await memberById(db, id))
      if (!id || !member) return c.notFound()
      await doors[c.req.param('door')]?.(c, id)
      forOneReader(c)
      return c.redirect(memberPath(signer, id), 303)
    })
    .get('/member/:token', open, (c) => show(c, idOf(c)))
    .post('/member/:token/card', open, smallBody, async (c) => {
      const id = idOf(c)
      const member = id && (await memberById(db, id))
      if (!member) return c.notFound()
      // What is agreed to is the sum that stood in the box.
      if ((await readForm(c)).text('keep') !== String(member.price)) return show(c, member.id, 'must_agree')
      const asked = (await allow(platform, LOOKS, member.id))
        ? await askForCard(platform, member.id, { lang: c.var.page.lang, mayTest: mayTest(c, member.artistId) })
        : fail('unreachable' as const)
      return asked.ok || asked.error === 'over'
        ? c.redirect(memberPath(signer, member.id), 303)
        : show(c, member.id, 'unreachable')
    })
    .post('/member/:token/again', open, smallBody, async (c) => {
      const id = idOf(c)
      if (!id) return c.notFound()
      // What is agreed to is the sum that stood in the box.
      const amount = Number((await readForm(c)).text('keep'))
      const agreed = await agreeAnew(platform, id, { amount, lang: c.var.page.lang })
      return agreed.ok || agreed.error === 'over'
        ? c.redirect(memberPath(signer, id), 303)
        : show(c, id, 'must_agree_anew')
    })
    .post('/member/:token/forget', open, async (c) => {
      const id = idOf(c)
      if (!id) return c.notFound()
      await forgetCard(platform, id)
      return c.redirect(memberPath(signer, id), 303)
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
