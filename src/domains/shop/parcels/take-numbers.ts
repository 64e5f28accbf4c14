import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { senderOf } from '../../identity/index.ts'
import { lockOrder } from '../order.store.ts'
import { readTracking } from './carrier.rules.ts'
import { type CarrierFile, factsOf, plannedRows, planOf } from './carrier-file.views.ts'
import { correctTracking, packParcel, sendParcel } from './send-parcel.ts'

/**
 * Does what a carrier's file says, an order a transaction: what is decided is decided anew in the order's lock. Pressed twice, or stopped in the middle and
 * pressed again, each parcel leaves once and each buyer is told once. `corrects`: the lines whose parcel gets another number than it has; `tells`: its buyer is
 * written to. Answers with how many left and how many numbers were written.
 */
export async function takeNumbers(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  file: CarrierFile,
  { corrects, tells, by }: { corrects: ReadonlySet<number>; tells: boolean; by: string },
): Promise<{ sent: number; corrected: number }> {
  const done = { sent: 0, corrected: 0 }
  const at = now()
  for (const row of await plannedRows(db, file, at)) {
    const { code, number, facts, line, plan: seen } = row
    if (!code || !number || !facts || seen.does === 'refused') continue
    const did = await db.transaction().execute(async (tx) => {
      await lockOrder(tx, facts.id)
      const plan = planOf(row, (await factsOf(tx, senderOf(file), [code])).get(code), at)
      const read = readTracking({ carrier: row.carrier ?? file.carrier, tracking: number, link: '' })
      if ('problem' in read) return null
      if (plan.does === 'sends') {
        const { orderId, parts } = plan
        const packed = plan.parcelId
          ? ({ ok: true, value: { id: plan.parcelId } } as const)
          : await packParcel(tx, { orderId, key: newId(), kind: 'order', parts, by, at })
        // Neither writes before it refuses.
        if (!packed.ok) return null
        const sent = await sendParcel(tx, { ...read, parcelId: packed.value.id, at })
        if (!sent.ok) throw new Error(`The parcel of ${code} was planned and does not leave: ${sent.error.problem}`)
        return sent.value === 'sent' ? ('sent' as const) : null
      }
      if ((plan.does === 'adds' || plan.does === 'differs') && corrects.has(line)) {
        const corrected = await correctTracking(tx, { ...read, parcelId: plan.parcelId, tells, by, at })
        return corrected.ok && corrected.value === 'corrected' ? ('corrected' as const) : null
      }
      return null
    })
    if (did) done[did] += 1
  }
  return done
}
