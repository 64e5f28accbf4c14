import webpush from 'web-push'
import type { Platform } from '../../../platform/platform.ts'
import { leaveAll } from '../../fans/index.ts'
import type { ChannelKind, Handed, HandOptions, OpenedProvider, Outcome } from '../channel.types.ts'
import { ask } from '../providers/ask.ts'

/** A push service keeps it so long for a browser that is switched off. */
const KEEP_SECONDS = 3 * 86_400
/** Services take 4,096 octets with their own; what a notice shows is far less. */
const MOST_TEXT = 500

/** Notices to browsers: encrypted for each (RFC 8291), signed by the place (RFC 8292), left with the service that each browser named (RFC 8030). */
export const pushChannel: ChannelKind = {
  async open(platform, provider) {
    return {
      batch: 50,
      lanes: 2,
      hand: (batch, options) => Promise.all(batch.map((one) => hand(platform, provider, one, options))),
      close: async () => undefined,
    }
  },
}

async function hand(
  platform: Platform,
  { settings, secrets }: OpenedProvider,
  { address, keys, message, deliveryId, senderName, language }: Handed,
  { beginBefore, signal }: HandOptions,
): Promise<Outcome> {
  const { publicKey } = settings
  const { privateKey } = secrets
  if (typeof publicKey !== 'string' || !privateKey)
    return { is: 'later', problem: 'the keys of this place cannot be read', holds: 'provider' }
  if (!keys) return { is: 'refused', problem: 'no keys' }
  if (signal.aborted || Date.now() >= beginBefore.getTime()) return { is: 'untouched' }
  const { baseUrl } = platform.config
  const payload = JSON.stringify({
    title: (message.subject || senderName || new URL(baseUrl).hostname).slice(0, 120),
    body: message.text.slice(0, MOST_TEXT),
    href: message.href ?? baseUrl,
    language,
  })
  let request: { headers: Record<string, unknown>; body: Buffer }
  try {
    request = webpush.generateRequestDetails({ endpoint: address, keys }, payload, {
      vapidDetails: { subject: contact(platform), publicKey, privateKey },
      TTL: KEEP_SECONDS,
      contentEncoding: 'aes128gcm',
      urgency: 'normal',
    }) as typeof request
  } catch (error) {
    return { is: 'refused', problem: error instanceof Error ? error.message : String(error) }
  }
  const { 'Content-Length': _, ...headers } = request.headers
  const asked = await ask(address, {
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body: Uint8Array.from(request.body),
  })
  if (asked.is === 'unsent') return { is: 'later', problem: asked.problem, holds: 'domain' }
  if (asked.is === 'lost') return { is: 'unknown', problem: asked.problem }
  const { status, retryAt } = asked
  if (status >= 200 && status < 300) return { is: 'handed', ref: `push-${deliveryId}` }
  const problem = `${status} ${typeof asked.body === 'string' ? asked.body.slice(0, 200) : ''}`.trim()
  if (status === 404 || status === 410) {
    await forget(platform, address, language)
    return { is: 'refused', problem, suppress: 'hard-bounce' }
  }
  if (status === 429 || status >= 500) return { is: 'later', problem, holds: 'domain', ...(retryAt && { at: retryAt }) }
  return { is: 'refused', problem }
}

/** Whom a push service may write to when something is wrong: it takes nothing but https and mail addresses. */
function contact({ config: { baseUrl, mailFrom } }: Pick<Platform, 'config'>): string {
  if (baseUrl.startsWith('https:')) return baseUrl
  const address = /[^\s<>]+@[^\s<>]+/.exec(mailFrom ?? '')?.[0]
  return `mailto:${address ?? `postmaster@${new URL(baseUrl).hostname}`}`
}

/** The browser took its subscription back: whoever it was is told nothing more there. */
async function forget(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  address: string,
  language: Handed['language'],
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const found = await tx
      .selectFrom('fanAddresses')
      .select('id')
      .where('channel', '=', 'push')
      .where('address', '=', address)
      .where('removedAt', 'is', null)
      .executeTakeFirst()
    if (found) await leaveAll(tx, { now }, { addressId: found.id, others: [], wording: '', language, source: 'bounce' })
  })
}
