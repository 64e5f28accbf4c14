import '../../tables.ts'
import { createHmac } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as z from 'zod'
import type { Tx } from '../../../../platform/database/index.ts'
import { open } from '../../../../platform/http/index.ts'
import { askOutside } from '../../../../platform/http/outside.ts'
import { isId } from '../../../../platform/ids.ts'
import type { Platform } from '../../../../platform/platform.ts'
import { sameText } from '../../../../platform/signing.ts'
import type { OtherMail } from '../../../fans/index.ts'
import type { WebEnv } from '../../../identity/index.ts'
import type { OpenedProvider } from '../../channel.types.ts'
import { basicAuth } from '../../providers/ask.ts'
import { openProvider } from '../../providers.store.ts'
import { type Settling, settleReport } from '../reports.store.ts'
import { deliveryIn } from '../token.rules.ts'
import { postmarkAuth } from './addresses.ts'
import { readMailgun, readPostmark, readSes, type Service, type Told } from './services.rules.ts'
import { type Ask, readSns, snsAddress, verifySns } from './sns.ts'

const LIMIT = bodyLimit({ maxSize: 2_000_000 })

/** How old what is said may be: SNS tries for an hour, Mailgun for seven and a half. */
const OLDEST_MS: Record<'ses' | 'mailgun', number> = { ses: 24 * 3600_000, mailgun: 9 * 3600_000 }
const AHEAD_MS = 15 * 60_000

const Signature = z.object({
  signature: z.object({
    timestamp: z.coerce.string().regex(/^\d{9,12}$/),
    token: z.string().min(20).max(100),
    signature: z.string(),
  }),
  'event-data': z.unknown(),
})

/**
 * What sending services say became of what they took. Each proves who it is in its own way; what is said again counts once, what is about nothing of ours
 * is taken and forgotten, and what cannot be written now is refused so that it is said again.
 */
export function mailHooks(platform: Platform, others: OtherMail[], ask: Ask = askOutside): Hono<WebEnv> {
  const { db, sealer, signer, config, now, log } = platform

  async function providerOf(c: Context<WebEnv>, service: Service): Promise<OpenedProvider | null> {
    const id = c.req.param('provider')
    const provider = id && isId(id) ? await openProvider(db, sealer, id) : null
    return provider?.kind === 'smtp' && provider.settings['service'] === service ? provider : null
  }

  const inForce = (at: number, oldest: number) => at > now().getTime() - oldest && at < now().getTime() + AHEAD_MS

  /** Everything or nothing: with the name of what was said, so that its repetition finds it. */
  const hear = (providerId: string, token: string, told: Told | null): Promise<Settling | 'again'> =>
    db
      .transaction()
      .execute(async (tx) => {
        const kept = await tx
          .insertInto('hookTokens')
          .values({ providerId, token: token.slice(0, 300), at: now() })
          .onConflict((conflict) => conflict.doNothing())
          .returning('token')
          .executeTakeFirst()
        if (!kept) return 'again'
        const settled = told ? await settle(tx, providerId, told) : 'settled'
        if (settled === 'early') throw new Early()
        return settled
      })
      .catch((error) => {
        if (error instanceof Early) return 'early' as const
        throw error
      })

  async function settle(tx: Tx, providerId: string, { report, names }: Told): Promise<Settling> {
    for (const name of names) {
      const deliveryId = deliveryIn(signer, name)
      if (deliveryId !== null) return settleReport(tx, { ...platform, others }, deliveryId, report, { providerId })
    }
    return 'nobodys'
  }

  const refused = (c: Context<WebEnv>, why?: string) => {
    if (why) log.warn({ why, path: c.req.path }, 'a report of a sending service was refused')
    return c.text('This is not signed as it should be.', 403)
  }
  const early = (c: Context<WebEnv>) => c.text('We are just writing it down. Say it again.', 503)

  async function ofSes(c: Context<WebEnv>) {
    const provider = await providerOf(c, 'ses')
    const message = readSns(parseJson(await c.req.text()))
    // Anybody may own a topic: only the one that was named here is heard.
    if (!provider || !message || message.TopicArn !== provider.settings['topicArn']) return refused(c)
    const verified = await verifySns(message, config.baseUrl, now(), ask)
    if (!verified.ok) return refused(c, verified.error)
    if (!inForce(Date.parse(message.Timestamp), OLDEST_MS.ses)) return refused(c, 'it is too old')
    if (message.Type === 'SubscriptionConfirmation') {
      const url = snsAddress(message.SubscribeURL ?? '')
      if (!url) return refused(c, 'it leads elsewhere')
      const { status } = await ask(config.baseUrl, {
        url: url.href,
        method: 'GET',
        timeoutMs: 10_000,
        maxBytes: 20_000,
      })
      return status === 200 ? c.body(null, 204) : c.text('The topic did not take our answer.', 502)
    }
    if (message.Type === 'UnsubscribeConfirmation') return c.body(null, 204)
    const said = await hear(provider.id, `sns ${message.MessageId}`, readSes(parseJson(message.Message)))
    return said === 'early' ? early(c) : c.body(null, 204)
  }

  async function ofPostmark(c: Context<WebEnv>) {
    const provider = await providerOf(c, 'postmark')
    const given = c.req.header('authorization') ?? ''
    if (!provider) return refused(c)
    const { user, password } = postmarkAuth(signer, provider)
    if (!sameText(given, basicAuth(user, password))) return refused(c)
    const read = readPostmark(parseJson(await c.req.text()))
    if (!read) return c.text('This is no event.', 400)
    const said = await hear(provider.id, `postmark ${read.id}`, read.told)
    return said === 'early' ? early(c) : c.body(null, 200)
  }

  async function ofMailgun(c: Context<WebEnv>) {
    const provider = await providerOf(c, 'mailgun')
    const key = provider?.secrets['hookKey']
    const { data } = Signature.safeParse(parseJson(await c.req.text()))
    if (!provider || !key || !data) return refused(c)
    const { timestamp, token, signature } = data.signature
    const right = createHmac('sha256', key)
      .update(timestamp + token)
      .digest('hex')
    if (!sameText(right, signature)) return refused(c, 'its signature is wrong')
    if (!inForce(Number(timestamp) * 1000, OLDEST_MS.mailgun)) return refused(c, 'it is too old')
    // The signature covers the token alone, so each counts once; 406 asks Mailgun not to say it again.
    const said = await hear(provider.id, `mailgun ${token}`, readMailgun(data['event-data']))
    if (said === 'again') return c.text('This was said before.', 406)
    return said === 'early' ? early(c) : c.body(null, 200)
  }

  return new Hono<WebEnv>()
    .post('/hooks/ses/:provider', open, LIMIT, ofSes)
    .post('/hooks/postmark/:provider', open, LIMIT, ofPostmark)
    .post('/hooks/mailgun/:provider', open, LIMIT, ofMailgun)
}

/** Thrown to leave no trace. */
class Early extends Error {}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
