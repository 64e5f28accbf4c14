import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import { allow, type Limit, open } from '../../../platform/http/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { joinByPush, leaveByAddress } from '../../fans/index.ts'
import { artistBySlug, type Sender, type WebEnv } from '../../identity/index.ts'
import { pushWords } from '../words.ts'
import { SERVICE_WORKER } from './service-worker.ts'
import { pushKey } from './vapid.store.ts'

const Subscription = z.object({
  endpoint: z.string().max(1_000),
  keys: z.object({ p256dh: z.string().max(100), auth: z.string().max(40) }),
})
const Leaving = Subscription.pick({ endpoint: true })

const LIMIT = bodyLimit({ maxSize: 4_096 })
const BY_NETWORK: Limit = { name: 'push', most: 300, windowSeconds: 900 }

/** Notices in the browser: its key, its worker, and the yes or no of somebody who pressed a button. */
export function pushRoutes(platform: Platform): Hono<WebEnv> {
  const { db, signer, now } = platform

  async function whose(slug: string): Promise<{ to: Sender; name: string } | null> {
    const found = await artistBySlug(db, slug)
    if (found?.kind === 'artist') return { to: { artistId: found.artist.id }, name: found.artist.name }
    if (found?.kind === 'label') return { to: { labelId: found.label.id }, name: found.label.name }
    return null
  }

  return new Hono<WebEnv>()
    .get('/sw.js', open, (c) =>
      c.body(SERVICE_WORKER, 200, { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache' }),
    )
    .post('/push/key', open, async (c) => c.json({ key: await pushKey(platform) }))
    .post('/push/:slug/join', open, LIMIT, async (c) => {
      if (!(await allow(platform, BY_NETWORK, c.get('address')))) return c.body(null, 429)
      const read = Subscription.safeParse(await c.req.json().catch(() => null))
      const of = await whose(c.req.param('slug'))
      if (!read.success || !of) return c.body(null, of ? 400 : 404)
      const { lang } = c.var.page
      const joined = await db.transaction().execute((tx) =>
        joinByPush(
          tx,
          { signer, now },
          {
            to: of.to,
            ...read.data,
            wording: pushWords(lang)('consent', { name: of.name }),
            language: lang,
            source: 'form',
            proof: { page: `/${c.req.param('slug')}` },
            said: { language: lang },
          },
        ),
      )
      return c.body(null, joined.ok ? 204 : 400)
    })
    .post('/push/:slug/leave', open, LIMIT, async (c) => {
      const read = Leaving.safeParse(await c.req.json().catch(() => null))
      const of = await whose(c.req.param('slug'))
      if (!read.success || !of) return c.body(null, of ? 400 : 404)
      const { lang } = c.var.page
      // Whoever knows the endpoint is the browser itself.
      await db.transaction().execute((tx) =>
        leaveByAddress(
          tx,
          { now },
          {
            channel: 'push',
            address: read.data.endpoint,
            to: [of.to],
            others: [],
            wording: pushWords(lang)('leave'),
            language: lang,
            source: 'preferences',
          },
        ),
      )
      return c.body(null, 204)
    })
}
