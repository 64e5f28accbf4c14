import type { ChannelKind, Handed, HandOptions, OpenedProvider, Outcome } from '../../channel.types.ts'
import { type Asked, ask, basicAuth } from '../ask.ts'
import { AndroidSettings, messagesAt } from './settings.ts'

/** Text messages by somebody's own telephone: the app android-sms-gateway, on the same network or over its server. */
export const androidChannel: ChannelKind = {
  async open(_, provider) {
    return {
      // A telephone sends one after the other, and not many an hour.
      batch: 5,
      lanes: 1,
      async hand(batch, options) {
        const outcomes: Outcome[] = []
        for (const one of batch) outcomes.push(await hand(provider, one, options))
        return outcomes
      },
      close: async () => undefined,
    }
  },
}

async function hand(
  { id, settings, secrets }: OpenedProvider,
  { deliveryId, attempt, address, message }: Handed,
  { beginBefore, signal }: HandOptions,
): Promise<Outcome> {
  const parsed = AndroidSettings.safeParse(settings)
  if (!parsed.success) return { is: 'later', problem: 'the settings are not complete', holds: 'provider' }
  if (signal.aborted || Date.now() >= beginBefore.getTime()) return { is: 'untouched' }
  const { username, sim, validHours } = parsed.data
  const url = messagesAt(parsed.data)
  const headers = {
    authorization: basicAuth(username, secrets['password'] ?? ''),
    'content-type': 'application/json',
    accept: 'application/json',
  }
  // Our own name for it: after a broken connection we can ask whether it arrived.
  const ref = `${id.slice(-12)}-${deliveryId}-${attempt}`
  const asked = await ask(url, {
    headers,
    body: JSON.stringify({
      id: ref,
      textMessage: { text: message.text },
      phoneNumbers: [address],
      withDeliveryReport: true,
      ttl: validHours * 3600,
      ...(sim !== null && { simNumber: sim }),
    }),
  })
  if (asked.is === 'lost' || (asked.is === 'answered' && asked.status >= 500 && asked.status !== 503)) {
    const found = await ask(`${url}/${ref}`, { headers, method: 'GET' })
    const problem = asked.is === 'lost' ? asked.problem : said(asked)
    if (found.is === 'answered' && found.status === 200) return { is: 'handed', ref }
    if (found.is === 'answered' && found.status === 404) return { is: 'later', problem }
    return { is: 'unknown', problem }
  }
  return outcomeOf(asked, ref)
}

function outcomeOf(asked: Exclude<Asked, { is: 'lost' }>, ref: string): Outcome {
  if (asked.is === 'unsent') return { is: 'later', problem: asked.problem, holds: 'provider' }
  const { status, retryAt } = asked
  // 409: it has that one already.
  if ((status >= 200 && status < 300) || status === 409) return { is: 'handed', ref }
  const problem = said(asked)
  if (status === 400 || status === 422) return { is: 'refused', problem }
  return { is: 'later', problem, holds: 'provider', ...(retryAt && { at: retryAt }) }
}

function said({ status, body }: Extract<Asked, { is: 'answered' }>): string {
  const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : body
  return `${status} ${typeof message === 'string' ? message : ''}`.trim().slice(0, 300)
}
