import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as z from 'zod'
import { allow, open } from '../../platform/http/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { isBot, personOf } from '../exchange/index.ts'
import type { WebEnv } from '../identity/index.ts'
import { recordListen } from './record-listen.ts'

/** What a player reports: see ui/client/listens.ts. */
const Report = z.object({
  play: z.uuid(),
  track: z.uuid(),
  startedAt: z.coerce.date(),
  playedMs: z.number().min(0).max(86_400_000),
})

const LISTENS = { name: 'listens', most: 400, windowSeconds: 600 }

export function listeningApi(platform: Platform): Hono<WebEnv> {
  return new Hono<WebEnv>().post('/api/listens', open, bodyLimit({ maxSize: 8_192 }), async (c) => {
    const report = Report.safeParse(await c.req.json().catch(() => null))
    if (!report.success) return c.body(null, 400)
    if (isBot(c.req.raw.headers)) return c.body(null, 204)
    if (!(await allow(platform, LISTENS, c.get('address')))) return c.body(null, 429)
    const personId = await personOf(c, platform, { create: false })
    await recordListen(platform, report.data, personId)
    return c.body(null, 204)
  })
}
