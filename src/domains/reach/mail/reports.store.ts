import '../tables.ts'
import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { addressHash, leaveAll, type OtherMail, readAddress, suppress } from '../../fans/index.ts'

/** What a mail server or a sending service says became of one of our messages. */
export type Report =
  /** `final`: it will not be tried again. `dead`: there is no such address. `weak`: it may be a machine's answer, and says nothing of what was delivered. */
  | { is: 'bounce'; final: boolean; dead: boolean; problem: string; weak?: boolean }
  | { is: 'complaint'; wording: string }
  | { is: 'delivered' }

/** 'early': it is being handed over just now. 'nobodys': it is none of ours, or another's. */
export type Settling = 'settled' | 'early' | 'nobodys'

/**
 * Writes a report to its delivery. Said again, or after something that weighs more, it changes nothing: a bounce weighs more than a delivery. `by`: whose service says
 * so, which speaks of nothing but what left by it.
 */
export async function settleReport(
  tx: Tx,
  { signer, now, others }: Pick<Platform, 'signer' | 'now'> & { others: OtherMail[] },
  deliveryId: number,
  report: Report,
  by?: { providerId: string },
): Promise<Settling> {
  const delivery = await tx
    .selectFrom('deliveries')
    .select(['state', 'providerId', 'address', 'addressId', 'artistId', 'labelId', 'language', 'handedAt'])
    .where('id', '=', deliveryId)
    .where('channel', '=', 'mail')
    .forUpdate()
    .executeTakeFirst()
  if (!delivery) return 'nobodys'
  // Its provider is written with what became of it.
  const isOn = delivery.state === 'handing' && delivery.providerId === null
  if (by && !isOn && delivery.providerId !== by.providerId) return 'nobodys'
  const { state, address, addressId, artistId, labelId, language } = delivery
  if (by && state === 'handing') return 'early'
  const change = changeOf(report, state, now())
  if (change) await tx.updateTable('deliveries').set(change).where('id', '=', deliveryId).execute()
  if (report.is === 'delivered' || (report.is === 'bounce' && !report.dead)) return 'settled'
  const read = address === null ? null : readAddress('mail', address)
  if (!read?.ok) return 'settled'
  if (report.is === 'complaint' && addressId) {
    const to = artistId ? [{ artistId }] : labelId ? [{ labelId }] : undefined
    const { wording } = report
    const proof = { deliveryId }
    await leaveAll(tx, { now }, { addressId, others, ...(to && { to }), wording, language, source: 'complaint', proof })
  }
  if (await hasAnotherOwner(tx, read.value.key, addressId, delivery.handedAt)) return 'settled'
  const reason = report.is === 'bounce' ? 'hard-bounce' : 'complaint'
  await suppress(tx, { channel: 'mail', addressHash: addressHash(signer, 'mail', read.value.key), reason, at: now() })
  return 'settled'
}

function changeOf(report: Report, state: string, now: Date) {
  const isOut = state === 'handed' || state === 'uncertain'
  if (report.is === 'delivered')
    return isOut ? { state: 'delivered' as const, problem: null, settledAt: now, holder: null } : null
  if (report.is !== 'bounce' || !(isOut || (state === 'delivered' && !report.weak))) return null
  if (!report.final) return state === 'delivered' ? null : { problem: report.problem }
  return { state: 'bounced' as const, problem: report.problem, settledAt: now, holder: null }
}

/** Whether somebody else holds that address by now: what became of a message to the one before says nothing about them. */
async function hasAnotherOwner(tx: Tx, key: string, addressId: string | null, handedAt: Date | null): Promise<boolean> {
  const { rows } = await sql`
    select from fan_addresses where channel = 'mail' and address_key = ${key} and removed_at is null
      and id is distinct from ${addressId}::uuid
      and (${addressId}::uuid is not null or verified_at > ${handedAt}::timestamptz)`.execute(tx)
  return rows.length > 0
}
