import type { Db, Tx } from '../../platform/database/index.ts'
import { addDays } from '../../platform/days.ts'
import { newId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { audit } from '../identity/index.ts'
import { changesBetween, NOTHING, type PersonChange, type State, stateOf } from './distribution.rules.ts'
import { moneyPaid, soldUntil, versionsOf } from './earnings.views.ts'
import type { Line } from './entry.rules.ts'
import { record } from './ledger.store.ts'
import { lockSeller } from './lock.ts'
import { payeesOf } from './payee.views.ts'
import type { Seller } from './seller.views.ts'
import type { StatementContent } from './statement.rules.ts'

export type DistributionProblem = 'too-early' | 'not-over' | 'nobody'

type Last = { id: string; number: number; through: string; madeAt: Date; state: State }

const lastOf = (db: Db | Tx, sellerId: string): Promise<Last | undefined> =>
  db
    .selectFrom('distributions')
    .select(['id', 'number', 'through', 'madeAt', 'state'])
    .where('sellerId', '=', sellerId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()

/** What everything comes to until a day, by the rules of a distribution. */
async function reckon(db: Db | Tx, sellerId: string, through: string): Promise<State> {
  const versions = await versionsOf(db, sellerId)
  const [sold, money] = [await soldUntil(db, sellerId, through, versions), await moneyPaid(db, sellerId)]
  return stateOf(sold, versions, money)
}

/** What is due so far, since the last distribution: the same rules, and nothing is written. */
export async function dueSoFar(
  db: Db,
  sellerId: string,
  through: string,
): Promise<{ since: string | null; changes: PersonChange[] }> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      const last = await lastOf(tx, sellerId)
      const state = await reckon(tx, sellerId, through)
      return { since: last?.through ?? null, changes: changesBetween(last?.state ?? NOTHING, state) }
    })
}

/**
 * Gives those who share what was earned until a day: one entry, one statement a person, all or nothing. A day that was distributed is so once: asked for
 * again, the answer is the first one. What comes late for a day that was distributed is given by the next.
 */
export async function distribute(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  seller: Seller,
  { through, today, by }: { through: string; today: string; by: string | null },
): Promise<Result<string, DistributionProblem>> {
  if (through >= today) return fail('not-over')
  return db.transaction().execute(async (tx) => {
    await lockSeller(tx, seller.id)
    const done = await tx
      .selectFrom('distributions')
      .select('id')
      .where('sellerId', '=', seller.id)
      .where('through', '=', through)
      .executeTakeFirst()
    if (done) return ok(done.id)
    const last = await lastOf(tx, seller.id)
    if (last && through < last.through) return fail('too-early')
    const state = await reckon(tx, seller.id, through)
    const changes = changesBetween(last?.state ?? NOTHING, state)
    if (!changes.length) return fail('nobody')
    const at = now()
    const id = newId(at.getTime())
    const number = (last?.number ?? 0) + 1
    const lines = linesOf(changes, seller.currency)
    if (lines.length)
      await record(tx, {
        ...{ sellerId: seller.id, key: `distribution:${through}`, kind: 'distribution', bookedOn: through, at },
        ...{ reference: String(number), lines },
      })
    await tx
      .insertInto('distributions')
      .values({
        ...{ id, sellerId: seller.id, number, through, madeAt: at, madeBy: by },
        fromDay: last ? addDays(last.through, 1) : null,
        state: JSON.stringify(state),
        given: changes.reduce((sum, { earned }) => sum + earned, 0),
      })
      .execute()
    const from = last ? addDays(last.through, 1) : null
    await writeStatements(
      tx,
      seller,
      { id, number, from, through, madeOn: today, since: last?.madeAt ?? null },
      changes,
    )
    const { artistId, labelId } = seller
    await audit(tx, { accountId: by, action: 'books.distribute', subject: through, artistId, labelId })
    return ok(id)
  })
}

/** Royalties by subject to each person; what pays back an advance goes from the person to it. Lines at nothing are left out. */
function linesOf(changes: PersonChange[], currency: string): Line[] {
  const bySubject = new Map<string, number>()
  for (const { subjects } of changes)
    for (const { subject, part } of subjects) bySubject.set(subject, (bySubject.get(subject) ?? 0) + part)
  return [
    ...[...bySubject].map(([subject, amount]): Line => ({ account: { kind: 'royalties' }, amount, currency, subject })),
    ...changes.flatMap(({ payeeId: of, earned, recouped }): Line[] => [
      { account: { kind: 'payee', of }, amount: -earned, currency },
      { account: { kind: 'payee', of }, amount: recouped, currency },
      { account: { kind: 'advances', of }, amount: -recouped, currency },
    ]),
  ].filter(({ amount }) => amount !== 0)
}

type About = { id: string; number: number; from: string | null; through: string; madeOn: string; since: Date | null }

async function writeStatements(tx: Tx, seller: Seller, about: About, changes: PersonChange[]): Promise<void> {
  const payees = new Map((await payeesOf(tx, seller.id)).map((payee) => [payee.id, payee]))
  const titles = new Map(
    (await tx.selectFrom('splits').select(['id', 'title']).where('sellerId', '=', seller.id).execute()).map(
      ({ id, title }) => [id, title],
    ),
  )
  const payments = Map.groupBy(await paymentsSince(tx, seller.id, about.since), ({ payeeId }) => payeeId)
  const { id: distributionId, number, from, through, madeOn } = about
  const { legalName, address, country, currency } = seller
  const rows = changes.map(({ payeeId, subjects, ...change }) => {
    const payee = payees.get(payeeId)
    if (!payee) throw new Error('somebody shares who is not known')
    const content: StatementContent = {
      ...{ number, currency, from, through, madeOn, ...change },
      seller: { legalName, address, country },
      payee: { name: payee.name },
      subjects: subjects.map((one) => ({ ...one, title: titles.get(one.versionId) ?? one.subject })),
      payments: (payments.get(payeeId) ?? []).map(({ payeeId: _, ...payment }) => payment),
    }
    return {
      ...{ id: newId(), distributionId, sellerId: seller.id, payeeId, language: payee.language, sentAt: null },
      ...{ earned: change.earned, balance: change.balanceAfter, content: JSON.stringify(content) },
    }
  })
  for (let n = 0; n < rows.length; n += 100)
    await tx
      .insertInto('statements')
      .values(rows.slice(n, n + 100))
      .execute()
}

/** Advances and payouts since the last statements, and those that were taken back since, below zero. */
async function paymentsSince(tx: Tx, sellerId: string, since: Date | null) {
  const rows = await tx
    .selectFrom('outlays')
    .select(['payeeId', 'kind', 'paidOn as on', 'amount', 'note', 'recordedAt', 'reversedAt'])
    .where('sellerId', '=', sellerId)
    .where('kind', '!=', 'cost')
    .$if(since !== null, (query) =>
      query.where((row) => row.or([row('recordedAt', '>', since), row('reversedAt', '>', since)])),
    )
    .orderBy('paidOn')
    .orderBy('id')
    .execute()
  const isNew = (at: Date | null) => at !== null && (since === null || at > since)
  return rows.flatMap(({ recordedAt, reversedAt, kind, ...row }) => {
    const payment = { ...row, kind: kind as 'advance' | 'payout' }
    return [
      ...(isNew(recordedAt) ? [payment] : []),
      ...(isNew(reversedAt) ? [{ ...payment, amount: -payment.amount }] : []),
    ]
  })
}
