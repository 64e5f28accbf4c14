import { newId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import { accountById, type PaymentAccount } from './accounts.store.ts'
import { heardBefore, learn } from './learn.ts'
import type { Missed, Provider } from './provider.types.ts'
import { type PaymentDeps, providerOf } from './providers.ts'
import { problemOf } from './stripe/stripe.ts'
import type { Change } from './take-in-payment.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Asked again from before the last time: what is written late is seen. */
const OVERLAP_MS = HOUR
/** Stripe keeps events for thirty days. */
const MOST_MS = 29 * DAY
/** What is younger may just be on its way to us. */
const YOUNG_MS = 5 * MINUTE
/** Seen to without being told every time: nothing was missed. */
const USUAL: ReadonlySet<Change> = new Set<Change>(['settled', 'expired', 'pending'])

/** Each account is asked by a job of its own: one that cannot be reached keeps no other waiting. */
export async function reconcilePayments(platform: PaymentDeps): Promise<void> {
  const accounts = await platform.db.selectFrom('paymentAccounts').selectAll().orderBy('id').execute()
  for (const account of accounts)
    if (account.isEnabled || (await isUsed(platform, account)))
      await addJob(platform.db, 'shop.reconcile-account', { accountId: account.id })
}

/** Of an account that was given up, as long as something may still come of it. */
const isUsed = async ({ db, now }: PaymentDeps, { id }: PaymentAccount): Promise<boolean> =>
  (await db
    .selectFrom('payments')
    .select('id')
    .where('accountId', '=', id)
    .where('begunAt', '>', new Date(now().getTime() - 400 * DAY))
    .limit(1)
    .executeTakeFirst()) !== undefined

/** Asks a provider for what we were not told, and takes it in. What had to be repaired is noted, for the page of orders and for `doctor`. */
export async function reconcileAccount(platform: PaymentDeps, accountId: string): Promise<void> {
  const { db, log, now } = platform
  const account = await accountById(db, accountId)
  if (!account) return
  const began = now()
  const set = (facts: { askedThrough?: Date; problem: string | null }) =>
    db.updateTable('paymentAccounts').set(facts).where('id', '=', account.id).execute()
  let problem: string | null = null
  try {
    await askRefundsAgain(platform, account.id)
    const provider = await providerOf(platform, account)
    const told = await missedOf(platform, account, provider)
    const open = await openOf(platform, account.id)
    for (const [index, one] of [...told, ...open].entries())
      try {
        const taken = await learn(platform, account, provider, one.about, one.event ? one : undefined)
        const what = (taken?.changes ?? []).filter((change) => !USUAL.has(change))
        const isYoung = one.at.getTime() > began.getTime() - YOUNG_MS
        if (taken && what.length > 0 && !isYoung)
          await db
            .insertInto('paymentRepairs')
            .values({ id: newId(), accountId: account.id, orderId: taken.orderId, what, at: now() })
            .execute()
      } catch (error) {
        problem = problemOf(error)
        log.error({ account: account.id, index, problem }, 'a payment could not be taken in')
      }
  } catch (error) {
    problem = problemOf(error)
    log.warn({ account: account.id, problem }, 'a payment provider could not be asked')
  }
  await set(problem === null ? { askedThrough: began, problem } : { problem })
}

/** What was asked back, and given up after some attempts: it is safe to ask again, and somebody waits for it. */
async function askRefundsAgain({ db, now }: PaymentDeps, accountId: string): Promise<void> {
  const waiting = await db
    .selectFrom('refunds')
    .innerJoin('payments', 'payments.id', 'refunds.paymentId')
    .select('refunds.id')
    .where('payments.accountId', '=', accountId)
    .where('refunds.state', '=', 'asked')
    .where('refunds.askedAt', '<', new Date(now().getTime() - HOUR))
    .execute()
  for (const { id } of waiting) await addJob(db, 'shop.refund', { refundId: id }, { key: `refund:${id}` })
}

/** The events that never reached us, the oldest first. */
async function missedOf(platform: PaymentDeps, account: PaymentAccount, provider: Provider): Promise<Missed[]> {
  const last = account.askedThrough ?? account.createdAt
  const since = Math.max(last.getTime() - OVERLAP_MS, platform.now().getTime() - MOST_MS)
  const all: Missed[] = []
  for await (const one of provider.since(new Date(since))) all.push(one)
  const before = await heardBefore(
    platform,
    account.id,
    all.map(({ event }) => event),
  )
  const unheard = all.filter(({ event }) => !before.has(event))
  const ours = await begunAmong(platform, account.id, unheard)
  return unheard
    .filter(({ about }) => !('reference' in about) || ours.has(about.reference))
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
}

/** Which of the sessions that are spoken of we began: the account may sell elsewhere too. */
async function begunAmong({ db }: PaymentDeps, accountId: string, told: Missed[]): Promise<Set<string>> {
  const references = told.flatMap(({ about }) => ('reference' in about ? [about.reference] : []))
  if (references.length === 0) return new Set()
  const rows = await db
    .selectFrom('payments')
    .select('reference')
    .where('accountId', '=', accountId)
    .where('reference', 'in', references)
    .unionAll(
      db
        .selectFrom('cardSetups')
        .select('reference')
        .where('accountId', '=', accountId)
        .where('reference', 'in', references)
        .where('state', '=', 'open'),
    )
    .execute()
  return new Set(rows.map(({ reference }) => reference))
}

/** What is not at its end here, whatever was told of it: waited for, not settled, asked back, disputed. */
async function openOf(
  { db, now }: PaymentDeps,
  accountId: string,
): Promise<(Omit<Missed, 'event' | 'kind'> & { event?: undefined })[]> {
  const rows = await db
    .selectFrom('payments')
    .select(['reference', 'begunAt'])
    .where('accountId', '=', accountId)
    .where('begunAt', '<', new Date(now().getTime() - 2 * MINUTE))
    .where(({ or, and, exists, selectFrom, eb }) =>
      or([
        eb('state', 'in', ['begun', 'pending']),
        and([eb('state', '=', 'paid'), eb('settledAmount', 'is', null)]),
        exists(
          selectFrom('refunds')
            .select('refunds.id')
            .whereRef('refunds.paymentId', '=', 'payments.id')
            .where('refunds.state', '=', 'asked'),
        ),
        exists(
          selectFrom('disputes')
            .select('disputes.id')
            .whereRef('disputes.paymentId', '=', 'payments.id')
            .where('disputes.state', 'in', ['asked', 'open']),
        ),
      ]),
    )
    .orderBy('begunAt')
    .limit(500)
    .execute()
  return rows.map(({ reference, begunAt }) => ({ about: { reference }, at: begunAt }))
}

/** The buyer is back, or looks again: what the provider says is taken in. Nothing is said when it cannot be asked; it is told us, or asked for, later. */
export async function lookAgain(platform: PaymentDeps, orderId: string): Promise<void> {
  const { db, log } = platform
  const payment = await db
    .selectFrom('payments')
    .select(['reference', 'accountId'])
    .where('orderId', '=', orderId)
    .where('state', 'in', ['begun', 'pending'])
    .where('accountId', 'is not', null)
    .orderBy('begunAt', 'desc')
    .executeTakeFirst()
  const account = payment?.accountId ? await accountById(db, payment.accountId) : null
  if (!payment || !account) return
  try {
    const provider = await providerOf(platform, account)
    await learn(platform, account, provider, { reference: payment.reference })
  } catch (error) {
    log.warn({ order: orderId, problem: problemOf(error) }, 'a payment could not be looked up')
  }
}
