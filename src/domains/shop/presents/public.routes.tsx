import { type Context, Hono } from 'hono'
import { forOneReader, open } from '../../../platform/http/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { WebEnv } from '../../identity/index.ts'
import { libraryPath, presentPath, readPresentToken } from '../links.ts'
import { isGivenBack } from '../order.rules.ts'
import { isLost } from '../order.store.ts'
import { orderById } from '../order.views.ts'
import type { ShopSite } from '../public.routes.tsx'
import { presentOf } from './present.store.ts'
import { PresentBody } from './present-page.tsx'
import { takePresent } from './take-present.ts'
import { words } from './words.ts'

/** Where a friend takes what was bought for them. GET shows, POST takes: a machine that follows the link of the mail takes nothing. */
export function presentPublic(platform: Platform, { frame }: Pick<ShopSite, 'frame'>): Hono<WebEnv> {
  const { db, signer } = platform

  /** What the link is of, unless the address was changed since, or the money went back. */
  async function presentAt(c: Context<WebEnv>) {
    const id = (c.req.param('token') ?? '').split('.')[0] ?? ''
    const order = /^[0-9a-f-]{36}$/.test(id) ? await orderById(db, id) : null
    const present = order && (await presentOf(db, order.id))
    if (!order || !present || !readPresentToken(signer, c.req.param('token') ?? '', present.mailKey)) return null
    const isThere = order.state === 'paid' && !isGivenBack(order) && !(await isLost(db, order.id))
    return isThere ? { order, present } : null
  }

  return new Hono<WebEnv>()
    .get('/present/:token', open, async (c) => {
      const found = await presentAt(c)
      if (!found) return c.notFound()
      const { order, present } = found
      forOneReader(c)
      const { page } = c.var
      const children = (
        <PresentBody
          page={page}
          present={present}
          titles={order.lines.flatMap(({ subject, title }) => (subject ? [title] : []))}
          artistName={order.seller.artistName ?? order.seller.legalName}
          href={presentPath(signer, order.id, present.mailKey)}
        />
      )
      const of = order.artistId ? { artistId: order.artistId } : null
      return c.html(await frame({ c, title: words(page.lang)('for_you'), of, children }))
    })
    .post('/present/:token', open, async (c) => {
      const found = await presentAt(c)
      if (!found) return c.notFound()
      const { order, present } = found
      const taken = await takePresent(platform, order.id, present.mailKey)
      return taken ? c.redirect(libraryPath(signer, present.mailKey), 303) : c.notFound()
    })
}
