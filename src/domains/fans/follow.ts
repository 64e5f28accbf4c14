import type { Db, Tx } from '../../platform/database/index.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { type Sender, senderColumns } from '../identity/index.ts'
import { logConsent, type Proof } from './consents.store.ts'
import type { Deps } from './fans.store.ts'
import { lockSubscription } from './subscriptions.store.ts'

type Following = Proof & { subscriptionId: string; subject: string }

export async function insertFollowing(tx: Tx, subscriptionId: string, subject: string, at: Date): Promise<void> {
  await tx
    .insertInto('followings')
    .values({ subscriptionId, subject, at })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Whoever is told by this subscription wants to be told of each of a series as well. Twice is once. */
export async function follow(
  tx: Tx,
  deps: Pick<Deps, 'now'>,
  { subscriptionId, subject, ...proof }: Following,
): Promise<Result<null, 'gone'>> {
  const held = await lockSubscription(tx, subscriptionId)
  if (held?.subscription.state !== 'active') return fail('gone')
  const { askedWith: _, ...about } = held.subscription
  const said = { ...proof, proof: { ...proof.proof, follows: subject } }
  const at = await logConsent(tx, about, 'changed', said, deps.now())
  await insertFollowing(tx, subscriptionId, subject, at)
  await tx.updateTable('subscriptions').set({ askedWith: null }).where('id', '=', subscriptionId).execute()
  return ok(null)
}

/** No more of each; what else they are told stays. */
export async function unfollow(
  tx: Tx,
  deps: Pick<Deps, 'now'>,
  { subscriptionId, subject, ...proof }: Following,
): Promise<void> {
  const held = await lockSubscription(tx, subscriptionId)
  if (!held) return
  const { numDeletedRows } = await tx
    .deleteFrom('followings')
    .where('subscriptionId', '=', subscriptionId)
    .where('subject', '=', subject)
    .executeTakeFirst()
  if (!numDeletedRows) return
  const { askedWith: _, ...about } = held.subscription
  await logConsent(tx, about, 'changed', { ...proof, proof: { ...proof.proof, unfollows: subject } }, deps.now())
}

/** Of this there is nothing more to be told. */
export async function endFollowings(tx: Tx, subject: string): Promise<void> {
  await tx.deleteFrom('followings').where('subject', '=', subject).execute()
}

/** By which subscription somebody with this address is told by them, and of what each time; null when they are not told. */
export async function followedAt(
  db: Db | Tx,
  { addressId, of }: { addressId: string; of: Sender },
): Promise<{ subscriptionId: string; subjects: string[] } | null> {
  const { artistId, labelId } = senderColumns(of)
  const subscription = await db
    .selectFrom('subscriptions')
    .select('id')
    .where('addressId', '=', addressId)
    .where('artistId', artistId ? '=' : 'is', artistId)
    .where('labelId', labelId ? '=' : 'is', labelId)
    .where('state', '=', 'active')
    .executeTakeFirst()
  if (!subscription) return null
  const followings = await followedBy(db, [subscription.id])
  return { subscriptionId: subscription.id, subjects: followings.map(({ subject }) => subject) }
}

/** What these subscriptions are told of each time, the latest first. */
export const followedBy = (
  db: Db | Tx,
  subscriptionIds: string[],
): Promise<{ subscriptionId: string; subject: string }[]> =>
  subscriptionIds.length
    ? db
        .selectFrom('followings')
        .select(['subscriptionId', 'subject'])
        .where('subscriptionId', 'in', subscriptionIds)
        .orderBy('at', 'desc')
        .execute()
    : Promise.resolve([])
