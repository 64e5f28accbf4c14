import type { Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { logConsent, type Proof } from './consents.store.ts'
import { type Deps, lockAddress } from './fans.store.ts'
import { lockSubscription } from './subscriptions.store.ts'
import type { Cadence } from './tables.ts'

/**
 * How a fan wants to be told: each time or once a week, or not before a day. Changes of what is, never whether: who left stays away, who has
 * not confirmed still must.
 */
export async function prefer(
  tx: Tx,
  deps: Pick<Deps, 'now'>,
  {
    subscriptionId,
    cadence,
    pausedUntil,
    ...proof
  }: Proof & { subscriptionId: string; cadence: Cadence; pausedUntil: Date | null },
): Promise<Result<{ changed: boolean }, 'gone'>> {
  const held = await lockSubscription(tx, subscriptionId)
  if (!held || held.subscription.state === 'left') return fail('gone')
  const { askedWith: _, ...subscription } = held.subscription
  if (subscription.cadence === cadence && subscription.pausedUntil?.getTime() === pausedUntil?.getTime())
    return ok({ changed: false })
  await logConsent(
    tx,
    subscription,
    'changed',
    { ...proof, proof: { ...proof.proof, cadence, pausedUntil } },
    deps.now(),
  )
  await tx.updateTable('subscriptions').set({ cadence, pausedUntil }).where('id', '=', subscriptionId).execute()
  return ok({ changed: true })
}

/** The language in which this fan is written to, on every channel. */
export async function preferLanguage(tx: Tx, addressId: string, language: Lang): Promise<void> {
  const address = await lockAddress(tx, addressId)
  if (address) await tx.updateTable('fans').set({ language }).where('id', '=', address.fanId).execute()
}
