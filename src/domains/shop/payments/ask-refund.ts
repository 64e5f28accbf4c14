import type { Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { lockOrder } from '../order.store.ts'
import type { RefundProblem } from '../refund-order.ts'
import { accountById } from './accounts.store.ts'
import { learn } from './learn.ts'
import { type PaymentDeps, providerOf } from './providers.ts'

/** Who is to be asked for the money of an order: the payment that paid it, where a provider took it; or one that did not fit, by its id. */
export const providersPayment = async (tx: PaymentDeps['db'] | Tx, orderId: string, id?: string) =>
  (await tx
    .selectFrom('payments')
    .selectAll()
    .where('orderId', '=', orderId)
    .where('state', '=', 'paid')
    .where('provider', '=', 'stripe')
    .where((is) => (id ? is('id', '=', id) : is('outcome', '=', 'paid')))
    .executeTakeFirst()) ?? null

export type AskedRefund = {
  orderId: string
  /** Of a form: sent twice, it is one refund. */
  key: string
  amount: number
  reason: string
  /** Null: nobody asked for it, it goes back by itself. */
  by: string | null
  at: Date
  /** Of money that did not fit; else of what was paid for the order. */
  paymentId?: string
}

/** Asks the provider to send money back: the wish is written first and then carried out by a job, so that it is neither forgotten nor done twice. */
export async function askRefund(
  tx: Tx,
  { orderId, key, amount, reason, by, at, paymentId }: AskedRefund,
): Promise<Result<'asked' | 'again', RefundProblem>> {
  const order = await lockOrder(tx, orderId)
  const before = await tx.selectFrom('refunds').select('id').where('key', '=', key).executeTakeFirst()
  if (before) return ok('again')
  const payment = await providersPayment(tx, orderId, paymentId)
  if (!payment) return fail({ problem: 'not-paid' })
  const { asked } = await tx
    .selectFrom('refunds')
    .select(({ fn }) => fn.sum<number>('amount').as('asked'))
    .where('paymentId', '=', payment.id)
    .where('state', '=', 'asked')
    .executeTakeFirstOrThrow()
  const paid = payment.outcome === 'paid' ? order.total - order.refunded : payment.amount - payment.returned
  const left = paid - Number(asked ?? 0)
  if (amount < 1 || amount > left) return fail({ problem: 'too-much', left })
  const id = newId(at.getTime())
  await tx
    .insertInto('refunds')
    .values({ id, orderId, key, amount, reason, state: 'asked', paymentId: payment.id, askedBy: by, askedAt: at })
    .execute()
  await addJob(tx, 'shop.refund', { refundId: id }, { key: `refund:${id}` })
  return ok('asked')
}

/** Carries out what was asked. What the provider refuses is said beside the order; what is not known is asked again. */
export async function makeRefund(platform: PaymentDeps, refundId: string): Promise<void> {
  const { db } = platform
  const refund = await db
    .selectFrom('refunds')
    .innerJoin('payments', 'payments.id', 'refunds.paymentId')
    .select(['refunds.key', 'refunds.state', 'refunds.amount'])
    .select(['payments.currency', 'payments.reference', 'payments.accountId'])
    .where('refunds.id', '=', refundId)
    .executeTakeFirst()
  if (refund?.state !== 'asked' || !refund.accountId) return
  const account = await accountById(db, refund.accountId)
  if (!account) return
  const provider = await providerOf(platform, account)
  const { key, amount, currency, reference } = refund
  const made = await provider.refund({ id: key, reference, money: { amount, currency } })
  if (!made.ok) {
    await db
      .updateTable('refunds')
      .set({ state: 'refused', problem: made.error.says.slice(0, 300) })
      .where('id', '=', refundId)
      .where('state', '=', 'asked')
      .execute()
    return
  }
  await learn(platform, account, provider, { reference })
}

/** Nobody can pay a given-up order any more; who did in the same moment has paid, and it is taken in. */
export async function endPayments(platform: PaymentDeps, orderId: string): Promise<void> {
  const open = await platform.db
    .selectFrom('payments')
    .select(['reference', 'accountId'])
    .where('orderId', '=', orderId)
    .where('state', '=', 'begun')
    .where('accountId', 'is not', null)
    .execute()
  for (const { reference, accountId } of open) {
    const account = await accountById(platform.db, accountId as string)
    if (!account) continue
    const provider = await providerOf(platform, account)
    await provider.end(reference)
    await learn(platform, account, provider, { reference })
  }
}
