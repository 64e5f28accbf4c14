import type { Tx } from '../../platform/database/index.ts'
import { addJob } from '../../platform/jobs/index.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { logConsent, type Proof } from './consents.store.ts'
import type { Deps, HeldAddress } from './fans.store.ts'
import { follow, insertFollowing } from './follow.ts'
import { becomeRecognised } from './recognise.ts'
import { recordOwn } from './spine.ts'
import { lockSubscription, type Subscription } from './subscriptions.store.ts'
import { liftSuppression } from './suppressions.ts'
import type { SubscriptionState } from './tables.ts'

export type Joined = { subscriptionId: string; fanId: string; addressId: string; state: SubscriptionState }

/**
 * The owner of an address says yes. `gone`: nobody asks any more (forgotten, erased); `left`: they left since, and an old link does not bring
 * them back. Confirming what is confirmed is no error. `recognised`: whether they still agree to what they may have ticked when they asked.
 */
export async function confirm(
  tx: Tx,
  deps: Deps,
  { subscriptionId, recognised, visitorId = null, ...proof }: Proof & Confirming,
): Promise<Result<Joined & { first: boolean }, 'gone' | 'left'>> {
  const held = await lockSubscription(tx, subscriptionId)
  if (!held) return fail('gone')
  const { subscription, address } = held
  const joined = { subscriptionId, fanId: address.fanId, addressId: address.id, state: 'active' as const }
  if (subscription.state === 'left') return fail('left')
  if (subscription.state === 'active') {
    const { follows } = subscription.askedWith ?? {}
    if (follows) await follow(tx, deps, { subscriptionId, ...follows, ...proof })
    return ok({ ...joined, first: false })
  }
  await activate(tx, deps, subscription, address, proof, { recognised, visitorId })
  return ok({ ...joined, first: true })
}

type Confirming = {
  subscriptionId: string
  recognised: boolean
  /** The visitor whom this browser is, when it is the one that signed up. */
  visitorId?: string | null
}

/** Makes a subscription that was asked for active, for whoever proved that the address is theirs. */
export async function activate(
  tx: Tx,
  deps: Deps,
  subscription: Subscription,
  address: HeldAddress,
  proof: Proof,
  { recognised = true, visitorId = null }: { recognised?: boolean; visitorId?: string | null } = {},
): Promise<void> {
  const { askedWith, ...about } = subscription
  const said = askedWith ?? {}
  const agreed = said.follows ? { ...proof, proof: { ...proof.proof, follows: said.follows.subject } } : proof
  const at = await logConsent(tx, { ...about, fanId: address.fanId }, 'confirmed', agreed, deps.now())
  await tx
    .updateTable('subscriptions')
    .set({ state: 'active', joinedAt: at, leftAt: null, pausedUntil: null, askedWith: null })
    .where('id', '=', subscription.id)
    .execute()
  await tx
    .updateTable('fanAddresses')
    .set({ verifiedAt: address.verifiedAt ?? at })
    .where('id', '=', address.id)
    .execute()
  await liftSuppression(tx, subscription.channel, address.addressHash)
  const { name, language, timeZone } = said
  if (name || language || timeZone)
    await tx
      .updateTable('fans')
      .set({ ...(name && { name }), ...(language && { language }), ...(timeZone && { timeZone }) })
      .where('id', '=', address.fanId)
      .execute()
  if (said.recognised && recognised)
    await becomeRecognised(
      tx,
      deps,
      { ...about, fanId: address.fanId },
      { ...proof, wording: said.recognised },
      visitorId,
    )
  if (said.follows) await insertFollowing(tx, subscription.id, said.follows.subject, at)
  await recordOwn(tx, 'confirmation', subscription, { personId: address.personId, at, source: proof.source })
  await addJob(tx, 'fans.joined', { subscriptionId: subscription.id })
}
