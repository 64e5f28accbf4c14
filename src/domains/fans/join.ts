import type { Tx } from '../../platform/database/index.ts'
import { addJob } from '../../platform/jobs/index.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import type { Sender } from '../identity/index.ts'
import { type AddressProblem, isPushKeys, type ReadAddress, readAddress, readName } from './addresses.rules.ts'
import { activate, type Joined } from './confirm.ts'
import { logConsent, type Proof } from './consents.store.ts'
import { type Deps, holdAddress } from './fans.store.ts'
import { recordOwn } from './spine.ts'
import { insertAsked, type Subscription, subscriptionOf } from './subscriptions.store.ts'
import type { AskedWith, Channel } from './tables.ts'

export type Joining = Proof & {
  to: Sender
  channel: 'mail' | 'sms'
  /** As it was typed. */
  address: string
  /** Where a number without its prefix is from: ISO 3166-1 alpha-2. */
  country?: string | undefined
  /** What they said besides: true of a fan only once the owner of the address confirms. */
  said?: AskedWith
}

/**
 * Somebody asks that an address be told. Whoever it is, nothing but the question is sent there before its owner confirms, and nothing
 * is changed of what is known of them. Asking again asks again; who is told already is told that they are.
 */
export async function join(tx: Tx, deps: Deps, joining: Joining): Promise<Result<Joined, AddressProblem>> {
  const read = readAddress(joining.channel, joining.address, joining.country)
  if (!read.ok) return read
  const { said = {} } = joining
  const address = await holdAddress(tx, deps, read.value, { language: said.language ?? joining.language })
  const subscription = await ask(tx, deps, address, joining.channel, joining.to, joining, clean(said))
  await addJob(tx, 'fans.asked', { subscriptionId: subscription.id }, { key: `fans.asked:${subscription.id}` })
  return ok({ subscriptionId: subscription.id, fanId: address.fanId, addressId: address.id, state: subscription.state })
}

/** A browser that was asked, on a click, and said yes: the subscription itself is the proof that it is theirs. */
export async function joinByPush(
  tx: Tx,
  deps: Deps,
  joining: Proof & { to: Sender; endpoint: string; keys: { p256dh: string; auth: string }; said?: AskedWith },
): Promise<Result<Joined, AddressProblem>> {
  const read = readAddress('push', joining.endpoint)
  if (!read.ok) return read
  if (!isPushKeys(joining.keys)) return fail('push-wrong')
  return joinAtOnce(tx, deps, read.value, joining.to, joining, clean(joining.said ?? {}), joining.keys)
}

/**
 * Joining that proves itself: the message came from the very telephone, the push subscription from the very browser. A fan who left is
 * active again, since it was they who asked.
 */
export async function joinAtOnce(
  tx: Tx,
  deps: Deps,
  read: ReadAddress,
  to: Sender,
  proof: Proof,
  said: AskedWith,
  keys?: { p256dh: string; auth: string },
): Promise<Result<Joined, never>> {
  const address = await holdAddress(tx, deps, read, { language: said.language ?? proof.language }, keys)
  if (keys)
    await tx
      .updateTable('fanAddresses')
      .set({ keys: JSON.stringify(keys) })
      .where('id', '=', address.id)
      .execute()
  const subscription = await ask(tx, deps, address, read.channel, to, proof, said)
  if (subscription.state === 'asked') await activate(tx, deps, subscription, address, proof)
  return ok({ subscriptionId: subscription.id, fanId: address.fanId, addressId: address.id, state: 'active' })
}

const clean = (said: AskedWith): AskedWith => (said.name === undefined ? said : { ...said, name: readName(said.name) })

/** Who is told already is asked whether they want to be told each time; nothing else that was typed is kept. */
const askFurther = (tx: Tx, id: string, { follows, language }: AskedWith, at: Date): Promise<Subscription> =>
  tx
    .updateTable('subscriptions')
    .set({ askedAt: at, askedWith: JSON.stringify({ follows, ...(language && { language }) }) })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()

async function ask(
  tx: Tx,
  deps: Deps,
  address: { id: string; fanId: string; personId: string },
  channel: Channel,
  to: Sender,
  proof: Proof,
  said: AskedWith,
): Promise<Subscription> {
  const known = await subscriptionOf(tx, address.id, to)
  const now = deps.now()
  if (known?.state === 'active') return said.follows ? await askFurther(tx, known.id, said, now) : known
  const subscription = known ?? (await insertAsked(tx, address, channel, to, now))
  const at = await logConsent(tx, { ...subscription, addressId: address.id }, 'asked', proof, now)
  const asked = await tx
    .updateTable('subscriptions')
    .set({ state: 'asked', askedAt: at, askedWith: JSON.stringify(said) })
    .where('id', '=', subscription.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  if (known?.state !== 'asked')
    await recordOwn(tx, 'sign-up', asked, { personId: address.personId, at, source: proof.source })
  return asked
}
