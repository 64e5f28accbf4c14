import type { Tx } from '../../../platform/database/index.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { forgetCardOf } from '../cards/keep-card.ts'
import { stayGone } from './close-period.ts'
import { ASKED_BEFORE_MS } from './member.rules.ts'
import { askFor } from './renew-memberships.ts'
import type { MembershipState } from './tables.ts'
import { drop, lockMembership, type Membership } from './take-up.ts'

type Deps = Pick<Platform, 'db' | 'now'>

/** Who left begins anew, as everybody does. */
const canStop = (state: MembershipState, to: 'paused' | 'left') =>
  state !== 'left' && (to === 'left' || state !== 'paused')

/** They pause or leave, in one transaction: nothing is asked of them from now on, and what was paid stays theirs until its end. Twice is once. */
export async function stopMembership(deps: Deps, id: string, to: 'paused' | 'left'): Promise<boolean> {
  const stopped = await stop(deps, id, to)
  return stopped === 'changed' ? stopMembership(deps, id, to) : stopped
}

/** 'changed': it began to run again in this moment. Asked again, it is stopped. */
const stop = ({ db, now }: Deps, id: string, to: 'paused' | 'left'): Promise<boolean | 'changed'> =>
  db.transaction().execute(async (tx) => {
    const at = now()
    const known = await tx.selectFrom('members').select('state').where('id', '=', id).executeTakeFirst()
    if (!known) return false
    if (!canStop(known.state, to)) return staysStopped(tx, id, to)
    for (const orderId of await drop(tx, id, at)) await addJob(tx, 'shop.end-payments', { orderId })
    const membership = await lockMembership(tx, id)
    if (!membership || !canStop(membership.state, to)) return staysStopped(tx, id, to)
    // What was asked for in this very moment, before the membership was locked: it is new, and nobody pays it yet.
    for (const orderId of await drop(tx, id, at)) await addJob(tx, 'shop.end-payments', { orderId })
    await tx.updateTable('members').set({ state: to, changedAt: at }).where('id', '=', id).execute()
    // Who leaves is charged by nobody again; who pauses may go on as before.
    if (to === 'left') await forgetCardOf(tx, membership, at)
    if (to === 'left') await addJob(tx, 'shop.mail-member', { membershipId: id, what: 'left' })
    return true
  })

/** Whom a refund ended, and who leaves by a link of before, is not brought back when that refund never arrives. */
async function staysStopped(tx: Tx, id: string, to: 'paused' | 'left'): Promise<false | 'changed'> {
  const membership = await lockMembership(tx, id)
  if (membership && canStop(membership.state, to)) return 'changed'
  if (to === 'left') await stayGone(tx, id)
  return false
}

/** They go on. Answers with the order to pay where what was paid is over or nearly; null where nothing is due. */
export const resumeMembership = ({ db, now }: Deps, id: string): Promise<string | null> =>
  db.transaction().execute(async (tx) => {
    const at = now()
    const membership = await lockMembership(tx, id)
    if (!membership || (membership.state !== 'paused' && membership.state !== 'resting')) return null
    return resume(tx, membership, at)
  })

async function resume(tx: Tx, membership: Membership, at: Date): Promise<string | null> {
  const { id, paidUntil } = membership
  // Whose time is over is a member again when they have paid.
  const isOver = paidUntil <= at
  const state = isOver ? 'resting' : 'active'
  await tx.updateTable('members').set({ state, changedAt: at }).where('id', '=', id).execute()
  if (paidUntil.getTime() > at.getTime() + ASKED_BEFORE_MS) return null
  return askFor(tx, { ...membership, state }, at)
}
