import { createHmac } from 'node:crypto'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as z from 'zod'
import { open } from '../../../platform/http/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { sameText } from '../../../platform/signing.ts'
import { readAddress } from '../../fans/index.ts'
import type { WebEnv } from '../../identity/index.ts'
import type { OpenedProvider } from '../channel.types.ts'
import { openProvider } from '../providers.store.ts'
import { settleReceipts } from '../receipts.store.ts'
import { keepReceived } from '../received.store.ts'
import type { ProviderKind } from '../tables.ts'
import { AndroidSettings } from './android/settings.ts'
import { twilioSignatures } from './twilio/signature.ts'

const LIMIT = bodyLimit({ maxSize: 64 * 1024 })
/** A telephone's clock may be wrong; a request that was listened to may not be sent again for ever. */
const CLOCK_MS = 15 * 60_000

const AndroidEvent = z.object({
  id: z.string().min(1),
  event: z.string(),
  payload: z.record(z.string(), z.unknown()).default({}),
})

/**
 * What providers of text messages tell us: what fans write, what became of what left. Only what is signed is believed; said three times, or in the
 * wrong order, it counts once. Answered with an error, they say it again.
 */
export function smsHooks(platform: Platform): Hono<WebEnv> {
  const { db, sealer, config, now } = platform

  async function providerOf(id: string, kind: ProviderKind): Promise<OpenedProvider | null> {
    if (!z.uuid().safeParse(id).success) return null
    const provider = await openProvider(db, sealer, id)
    return provider?.kind === kind ? provider : null
  }

  async function twilioFields(id: string, path: string, body: string, signature: string) {
    const provider = await providerOf(id, 'twilio')
    const token = provider?.secrets['authToken']
    const fields = [...new URLSearchParams(body)]
    if (!provider || !token) return null
    const right = twilioSignatures(token, config.baseUrl + path, fields).some((one) => sameText(one, signature))
    const said = Object.fromEntries(fields)
    return right && said['AccountSid'] === provider.settings['accountSid'] ? { provider, said } : null
  }

  return new Hono<WebEnv>()
    .post('/hooks/twilio/:provider/:what{received|status}', open, LIMIT, async (c) => {
      const { pathname, search } = new URL(c.req.url)
      const signature = c.req.header('x-twilio-signature') ?? ''
      const heard = await twilioFields(c.req.param('provider'), pathname + search, await c.req.text(), signature)
      if (!heard) return c.text('This is not signed as it should be.', 403)
      const { provider, said } = heard
      const ref = said['MessageSid'] ?? said['SmsSid'] ?? ''
      if (!ref) return c.text('Which message?', 400)
      if (c.req.param('what') === 'received') {
        const message = { ref, sender: said['From'] ?? '', recipient: said['To'] ?? '', text: said['Body'] ?? '' }
        await db
          .transaction()
          .execute((tx) => keepReceived(tx, { channel: 'sms', providerId: provider.id, ...message }, now()))
        // An empty answer: Twilio sends nothing back by itself.
        return c.body('<?xml version="1.0" encoding="UTF-8"?><Response/>', 200, { 'content-type': 'text/xml' })
      }
      const settled = { delivered: 'delivered', read: 'delivered', undelivered: 'bounced', failed: 'bounced' } as const
      const what = settled[said['MessageStatus'] as keyof typeof settled]
      if (what) {
        const problem = what === 'bounced' ? `${said['MessageStatus']} ${said['ErrorCode'] ?? ''}`.trim() : null
        await settleReceipts(db, provider.id, [{ ref, settled: what, problem }], now())
      }
      return c.body(null, 204)
    })
    .post('/hooks/android/:provider', open, LIMIT, async (c) => {
      const provider = await providerOf(c.req.param('provider'), 'android')
      const key = provider?.secrets['signingKey']
      const body = await c.req.text()
      const timestamp = c.req.header('x-timestamp') ?? ''
      const signature = c.req.header('x-signature') ?? ''
      if (!provider || !key || !isSignedByTelephone(key, body, timestamp, signature, now()))
        return c.text('This is not signed as it should be.', 403)
      const event = AndroidEvent.safeParse(parseJson(body))
      if (!event.success) return c.text('This is no event.', 400)
      await hearTelephone(platform, provider, event.data)
      return c.body(null, 204)
    })
}

/** HMAC-SHA-256 of the body as it came and the time, in hexadecimal; the app makes both anew each time that it tries. */
function isSignedByTelephone(key: string, body: string, timestamp: string, signature: string, now: Date): boolean {
  const signed = createHmac('sha256', key)
    .update(body + timestamp)
    .digest('hex')
  return sameText(signed, signature.toLowerCase()) && Math.abs(Number(timestamp) * 1000 - now.getTime()) <= CLOCK_MS
}

async function hearTelephone(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { id: providerId, settings }: OpenedProvider,
  { id, event, payload }: z.infer<typeof AndroidEvent>,
): Promise<void> {
  const text = (...names: string[]) =>
    names.map((name) => payload[name]).find((value) => typeof value === 'string') ?? ''
  if (event === 'sms:received') {
    const country = AndroidSettings.safeParse(settings).data?.country ?? undefined
    const read = readAddress('sms', text('sender', 'phoneNumber') as string, country)
    const sender = read.ok ? read.value.key : (text('sender', 'phoneNumber') as string)
    const message = { ref: id, sender, recipient: text('recipient') as string, text: text('message') as string }
    await db.transaction().execute((tx) => keepReceived(tx, { channel: 'sms', providerId, ...message }, now()))
  }
  const settled = ({ 'sms:delivered': 'delivered', 'sms:failed': 'bounced' } as const)[event]
  const ref = text('messageId') as string
  if (settled && ref) {
    const problem = settled === 'bounced' ? (text('reason') as string).slice(0, 300) : null
    await settleReceipts(db, providerId, [{ ref, settled, problem }], now())
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
