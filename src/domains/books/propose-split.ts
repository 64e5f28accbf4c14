import type { Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import { addJob } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { type Actor, audit } from '../identity/index.ts'
import { later } from './days.rules.ts'
import { lockSeller } from './lock.ts'
import type { Seller } from './seller.views.ts'
import { concerned, type Part, type SplitProblem, sameTerms } from './split.rules.ts'
import { splitsOf } from './split.views.ts'

export type Proposal = {
  subject: string
  title: string
  parts: Part[]
  recoupsCosts: boolean
  /** From when it is meant to hold. */
  from: string
  note: string
  /** The day it is for the seller. */
  today: string
}

/**
 * Shares a subject anew. The first time nobody loses anything, and it holds from its day on, even one that has passed. Later it is asked of those whom it
 * concerns, and holds when all have agreed; a change that concerns nobody else holds from its day, today at the earliest.
 */
export async function proposeSplit(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  actor: Actor,
  seller: Seller,
  said: Proposal,
): Promise<Result<string, SplitProblem>> {
  return db.transaction().execute(async (tx) => {
    await lockSeller(tx, seller.id)
    const known = await splitsOf(tx, seller.id, said.subject)
    if (known.some(({ state }) => state === 'asked')) return fail('asked-already')
    const before = known.findLast(({ state }) => state === 'agreed') ?? null
    const foreign = await strangers(tx, seller.id, said.parts)
    if (foreign) return fail('nobody')
    if (before && sameTerms(before, said)) return fail('same')
    if (!before && said.parts.every(({ payeeId }) => payeeId === null)) return fail('nobody')
    const asks = concerned(before, said)
    const earliest = later(said.today, before?.beginsOn)
    const begins = !before || said.from > earliest ? said.from : earliest
    const id = newId(now().getTime())
    await tx
      .insertInto('splits')
      .values({
        id,
        sellerId: seller.id,
        subject: said.subject,
        title: said.title.slice(0, 300),
        state: asks.length ? 'asked' : 'agreed',
        askedFrom: said.from,
        beginsOn: asks.length ? null : begins,
        recoupsCosts: said.recoupsCosts,
        note: said.note.slice(0, 2000),
        createdAt: now(),
        createdBy: actor.accountId,
        decidedAt: asks.length ? null : now(),
      })
      .execute()
    await tx
      .insertInto('splitParts')
      .values(said.parts.map((part, position) => ({ splitId: id, position, ...part })))
      .execute()
    for (const payeeId of asks) {
      await tx
        .insertInto('splitAnswers')
        .values({ splitId: id, payeeId, answer: null, answeredAt: null, saidBy: null })
        .execute()
      await addJob(tx, 'books.ask-split', { splitId: id, payeeId })
    }
    const { artistId, labelId } = seller
    await audit(tx, { accountId: actor.accountId, action: 'books.split', subject: said.title, artistId, labelId })
    return ok(id)
  })
}

async function strangers(tx: Tx, sellerId: string, parts: Part[]): Promise<boolean> {
  const ids = parts.flatMap(({ payeeId }) => payeeId ?? [])
  if (!ids.length) return false
  const found = await tx
    .selectFrom('payees')
    .select('id')
    .where('sellerId', '=', sellerId)
    .where('id', 'in', ids)
    .execute()
  return found.length !== ids.length
}

/** Takes back what was asked and not decided yet. */
export async function withdrawSplit(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  seller: Seller,
  splitId: string,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('splits')
    .set({ state: 'withdrawn', decidedAt: now() })
    .where('id', '=', splitId)
    .where('sellerId', '=', seller.id)
    .where('state', '=', 'asked')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
