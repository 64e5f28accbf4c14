import type { ChannelKind, Handed, HandOptions, OpenedProvider, Outcome } from '../../channel.types.ts'
import { type Asked, ask, basicAuth } from '../ask.ts'
import { TwilioSettings } from './settings.ts'

/** Refusals that concern the recipient, by Twilio's number; all others with a 4xx are this message's. */
const GONE: Record<number, 'hard-bounce' | 'refused'> = {
  // They wrote STOP to Twilio, which delivers nothing more.
  21610: 'refused',
  // No telephone that can read.
  21614: 'hard-bounce',
  21211: 'hard-bounce',
}
/** Full queues. */
const LATER = [20429, 21611, 30001, 30022]
/** The account is closed or its sender not allowed: the same for everybody. */
const NOBODY = [20003, 20005, 21212, 21603, 21606, 21659, 21703, 21705]

/** Text messages by the Messages resource of Twilio (API 2010-04-01). */
export const twilioChannel: ChannelKind = {
  async open({ config }, provider) {
    return {
      batch: 20,
      lanes: 2,
      hand: (batch, options) => Promise.all(batch.map((one) => hand(provider, config.baseUrl, one, options))),
      close: async () => undefined,
    }
  },
}

async function hand(
  { id, settings, secrets }: OpenedProvider,
  baseUrl: string,
  { address, message }: Handed,
  { beginBefore, signal }: HandOptions,
): Promise<Outcome> {
  const parsed = TwilioSettings.safeParse(settings)
  if (!parsed.success) return { is: 'later', problem: 'the settings are not complete', holds: 'provider' }
  if (signal.aborted || Date.now() >= beginBefore.getTime()) return { is: 'untouched' }
  const { url, accountSid, from } = parsed.data
  const asked = await ask(`${url}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
    headers: {
      authorization: basicAuth(accountSid, secrets['authToken'] ?? ''),
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    },
    body: new URLSearchParams({
      To: address,
      [from.startsWith('MG') ? 'MessagingServiceSid' : 'From']: from,
      Body: message.text,
      StatusCallback: `${baseUrl}/hooks/twilio/${id}/status`,
    }).toString(),
  })
  return outcomeOf(asked)
}

function outcomeOf(asked: Asked): Outcome {
  if (asked.is === 'unsent') return { is: 'later', problem: asked.problem, holds: 'provider' }
  if (asked.is === 'lost') return { is: 'unknown', problem: asked.problem }
  const { status, retryAt } = asked
  const body = (typeof asked.body === 'object' && asked.body !== null ? asked.body : {}) as Record<string, unknown>
  if (status >= 200 && status < 300)
    return typeof body['sid'] === 'string'
      ? { is: 'handed', ref: body['sid'] }
      : { is: 'unknown', problem: `${status}, without a name` }
  const code = Number(body['code']) || 0
  const problem = [code || status, body['message']].filter(Boolean).join(' ')
  if (status === 429 || status === 503 || LATER.includes(code))
    return { is: 'later', problem, holds: 'provider', ...(retryAt && { at: retryAt }) }
  if (status === 401 || status === 403 || status === 404 || NOBODY.includes(code))
    return { is: 'later', problem, holds: 'provider' }
  if (status >= 500 || status < 400) return { is: 'unknown', problem }
  const suppress = GONE[code]
  return { is: 'refused', problem, ...(suppress && { suppress }) }
}
