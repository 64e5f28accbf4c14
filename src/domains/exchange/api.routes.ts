import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { allow, open } from '../../platform/http/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { WebEnv } from '../identity/index.ts'
import { recordArrival } from './arrivals.store.ts'
import { isBot } from './bots.rules.ts'
import { recordBrought } from './brought.store.ts'
import { hostOf, TouchReport } from './inputs.ts'
import { describe, type Subjects } from './subjects.ts'
import { readToken, type TokenReaders } from './tokens.ts'
import { touchBuffer } from './touch-buffer.ts'
import { knownPersonOf, personOf } from './visitors.ts'

const TOUCHES = { name: 'touches', most: 600, windowSeconds: 600 }

/** Where pages say that they were opened, and players that a track began. */
export function exchangeApi(platform: Platform, subjects: Subjects, tokens: TokenReaders): Hono<WebEnv> {
  const buffer = touchBuffer(platform)
  platform.beforeClosing(() => buffer.flush())

  return new Hono<WebEnv>().post('/api/touches', open, bodyLimit({ maxSize: 8_192 }), async (c) => {
    const report = TouchReport.safeParse(await c.req.json().catch(() => null))
    if (!report.success) return c.body(null, 400)
    if (isBot(c.req.raw.headers) || !(await allow(platform, TOUCHES, c.get('address')))) return c.body(null, 204)
    const { key, kind, subject, path, referrer, token } = report.data
    const facts = (await describe(platform.db, subjects, [subject])).get(subject)
    if (!facts) return c.body(null, 204)
    // Whoever works on this music is not somebody whom it reached.
    if (c.get('actor')?.memberships.some((m) => (m.artistId ?? m.labelId) === facts.artistId)) return c.body(null, 204)
    const said = token ? await readToken(tokens, token, await knownPersonOf(c, platform)) : null
    if (said === 'machine') return c.body(null, 204)
    // A token stays in its tab: it says nothing of what other artists gave.
    const led = said?.artistId === facts.artistId ? said : null
    // Inside another site's page a cookie would not come back: each visit would make somebody new.
    const inEmbed = path.startsWith('/embed/')
    const visitor = await personOf(c, platform, { create: !inEmbed })
    const at = platform.now()
    if (token && led && visitor) await recordArrival(platform.db, { visitor, token, led, at })
    if (led?.broughtBy && visitor) {
      const { artistId, givenAs, broughtBy: by } = led
      await recordBrought(platform.db, { artistId, personId: visitor, by, givenAs, at })
    }
    buffer.add({
      key,
      channel: kind,
      subject,
      artistId: facts.artistId,
      givenAs: led?.givenAs ?? facts.givenAs,
      // Who objects to being counted is nobody, whatever link they came by.
      personId: visitor && (led?.personId ?? visitor),
      referrer: hostOf(referrer),
      token: token ?? (inEmbed ? 'embed' : null),
      at,
    })
    return c.body(null, 204)
  })
}
