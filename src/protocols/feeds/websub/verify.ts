import { askOutside } from '../../../platform/http/index.ts'
import { newId, newToken } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { sameText } from '../../../platform/signing.ts'

export type Intent = {
  mode: 'subscribe' | 'unsubscribe'
  topic: string
  callback: string
  /** Sealed, in base64. */
  secret: string | null
  leaseSeconds: number
}

/**
 * Asks the callback whether it really wants this (WebSub, section 5.3): it must repeat our challenge. Whoever refuses, or is somebody
 * else, changes nothing. Throws when the callback cannot be reached, so that the job is tried again.
 */
export async function verifyIntent(
  { db, now, config, sealer }: Pick<Platform, 'db' | 'now' | 'config' | 'sealer'>,
  { mode, topic, callback, secret, leaseSeconds }: Intent,
): Promise<void> {
  const challenge = newToken()
  const url = new URL(callback)
  url.searchParams.append('hub.mode', mode)
  url.searchParams.append('hub.topic', topic)
  url.searchParams.append('hub.challenge', challenge)
  if (mode === 'subscribe') url.searchParams.append('hub.lease_seconds', String(leaseSeconds))
  const { status, body } = await askOutside(config.baseUrl, {
    url: url.href,
    method: 'GET',
    timeoutMs: 10_000,
    maxBytes: 4_096,
  })
  if (status >= 500) throw new Error(`${callback} answers ${status}`)
  if (status < 200 || status >= 300 || !sameText(body.toString('utf8').trim(), challenge)) return
  if (mode === 'unsubscribe') {
    await db.deleteFrom('websubSubscriptions').where('topic', '=', topic).where('callback', '=', callback).execute()
    return
  }
  // Sealed under a key that has changed since: the subscriber asks again.
  const sealed = secret ? Buffer.from(secret, 'base64') : null
  if (sealed && sealer.unseal('websub', sealed) === null) return
  const values = { secret: sealed, leaseUntil: new Date(now().getTime() + leaseSeconds * 1000), problem: null }
  await db
    .insertInto('websubSubscriptions')
    .values({ id: newId(), topic, callback, toldAt: null, ...values })
    .onConflict((conflict) => conflict.columns(['topic', 'callback']).doUpdateSet(values))
    .execute()
}
