import { fail, ok, type Result } from '../../../platform/result.ts'
import { type OrderDetails, orderById } from '../order.views.ts'
import { parcelsOf } from '../parcels/parcels.views.ts'
import { evidenceOf } from '../parcels/shipping-evidence.ts'
import { accountById } from './accounts.store.ts'
import { type PaymentDeps, providerOf } from './providers.ts'

/** `nothing`: no parcel of it left. `refused`: in the provider's words. */
export type EvidenceProblem =
  | { problem: 'no-dispute' | 'nothing' | 'unreachable' }
  | { problem: 'refused'; says: string }

const isOpen = ({ state }: OrderDetails['disputes'][number]) => state === 'asked' || state === 'open'

/**
 * Lays what is known of an order's parcels beside its dispute, at the provider: it is kept there for whoever answers, and not handed to the bank yet. Pressed again,
 * it is what is known now.
 */
export async function sendEvidence(
  platform: PaymentDeps,
  { orderId }: { orderId: string },
): Promise<Result<null, EvidenceProblem>> {
  const { db, log, now } = platform
  const order = await orderById(db, orderId)
  const dispute = order?.disputes.find(isOpen)
  const payment = await db
    .selectFrom('disputes')
    .innerJoin('payments', 'payments.id', 'disputes.paymentId')
    .select('accountId')
    .where('disputes.orderId', '=', orderId)
    .where('disputes.reference', '=', dispute?.reference ?? '')
    .executeTakeFirst()
  const account = payment?.accountId ? await accountById(db, payment.accountId) : null
  if (!order || !dispute || !account) return fail({ problem: 'no-dispute' })
  const evidence = evidenceOf(order, await parcelsOf(db, orderId))
  if (!evidence) return fail({ problem: 'nothing' })
  try {
    const provider = await providerOf(platform, account)
    const laid = await provider.prove(dispute.reference, evidence)
    if (!laid.ok) return fail({ problem: 'refused', says: laid.error.says })
  } catch (error) {
    log.warn({ order: orderId, problem: error instanceof Error ? error.message : '' }, 'evidence could not be sent')
    return fail({ problem: 'unreachable' })
  }
  await db
    .updateTable('disputes')
    .set({ evidenceAt: now() })
    .where('orderId', '=', orderId)
    .where('reference', '=', dispute.reference)
    .execute()
  return ok(null)
}
