import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { isGone, type WebEnv } from '../../../domains/identity/index.ts'
import { allow, open } from '../../../platform/http/index.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { words } from '../words.ts'
import { leaseSeconds, topicPath } from './topics.rules.ts'

const ASKING = { name: 'websub', most: 200, windowSeconds: 600 }

/**
 * The hub of this place's own feeds (https://www.w3.org/TR/websub/, section 5). A request is answered at once with 202, and
 * verified by a job: nothing is kept before the callback confirmed it.
 */
export const hubRoutes = (platform: Platform): Hono<WebEnv> =>
  new Hono<WebEnv>().post('/websub', open, bodyLimit({ maxSize: 8_192 }), async (c) => {
    const t = words(c.get('page').lang)
    if (!(await allow(platform, ASKING, c.get('address')))) return c.text(t('hub_many'), 429)
    const form = await c.req.parseBody()
    const read = (name: string) => {
      const value = form[`hub.${name}`]
      return typeof value === 'string' ? value : ''
    }
    const [mode, topic, callback, secret] = [read('mode'), read('topic'), read('callback'), read('secret')]
    if (mode !== 'subscribe' && mode !== 'unsubscribe') return c.text(t('hub_mode'), 400)
    const path = topicPath(topic, platform.config.baseUrl)
    if (path === null) return c.text(t('hub_only_own'), 400)
    if (mode === 'subscribe' && (await isGone(platform.db, decodeURIComponent(path.split('/')[1] ?? ''))))
      return c.text(t('hub_gone'), 410)
    if (callback.length > 2_000 || !URL.canParse(callback) || !/^https?:$/.test(new URL(callback).protocol))
      return c.text(t('hub_callback'), 400)
    if (Buffer.byteLength(secret) >= 200) return c.text(t('hub_secret'), 400)
    await addJob(
      platform.db,
      'feeds.verify',
      {
        mode,
        topic,
        callback,
        secret: secret ? platform.sealer.seal('websub', secret).toString('base64') : null,
        leaseSeconds: leaseSeconds(read('lease_seconds') || undefined),
      },
      { attempts: 3 },
    )
    return c.body(null, 202)
  })
