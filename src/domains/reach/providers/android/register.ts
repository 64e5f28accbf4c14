import type { Platform } from '../../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../../platform/result.ts'
import type { OpenedProvider } from '../../channel.types.ts'
import { ask, basicAuth } from '../ask.ts'
import { AndroidSettings } from './settings.ts'

const EVENTS = ['sms:received', 'sms:delivered', 'sms:failed']

/** Tells the telephone where to say what comes in and what became of what left; saying it again replaces it. The error is what it answered. */
export async function registerAndroid(
  { config }: Pick<Platform, 'config'>,
  { id, settings, secrets }: OpenedProvider,
): Promise<Result<void, string>> {
  const { url, username } = AndroidSettings.parse(settings)
  for (const event of EVENTS) {
    const asked = await ask(`${url.replace(/\/+$/, '')}/webhooks`, {
      headers: {
        authorization: basicAuth(username, secrets['password'] ?? ''),
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        id: `${id.slice(-12)}-${event.slice(4)}`,
        url: `${config.baseUrl}/hooks/android/${id}`,
        event,
      }),
    })
    if (asked.is !== 'answered') return fail(asked.problem)
    if (asked.status >= 300) return fail(`${asked.status} ${JSON.stringify(asked.body).slice(0, 200)}`)
  }
  return ok(undefined)
}
