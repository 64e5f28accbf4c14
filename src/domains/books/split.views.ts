import type { Db, Tx } from '../../platform/database/index.ts'
import type { Part } from './split.rules.ts'
import type { SplitAnswer, SplitState } from './tables.ts'

export type Split = {
  id: string
  sellerId: string
  subject: string
  title: string
  state: SplitState
  askedFrom: string
  beginsOn: string | null
  recoupsCosts: boolean
  note: string
  createdAt: Date
  decidedAt: Date | null
  parts: (Part & { name: string | null })[]
  answers: { payeeId: string; name: string; answer: SplitAnswer | null; answeredAt: Date | null; hasMail: boolean }[]
}

/** Every version of the splits of a seller, by subject, in the order in which they begin; those that never began last. */
export async function splitsOf(db: Db | Tx, sellerId: string, subject?: string): Promise<Split[]> {
  return withParts(
    db,
    await db
      .selectFrom('splits')
      .selectAll()
      .where('sellerId', '=', sellerId)
      .$if(subject !== undefined, (query) => query.where('subject', '=', subject as string))
      .orderBy('subject')
      .orderBy('beginsOn', (order) => order.asc().nullsLast())
      .orderBy('id')
      .execute(),
  )
}

export async function splitById(db: Db | Tx, id: string): Promise<Split | null> {
  const [split] = await withParts(db, await db.selectFrom('splits').selectAll().where('id', '=', id).execute())
  return split ?? null
}

async function withParts(db: Db | Tx, splits: Omit<Split, 'parts' | 'answers'>[]): Promise<Split[]> {
  if (!splits.length) return []
  const ids = splits.map(({ id }) => id)
  const parts = await db
    .selectFrom('splitParts')
    .leftJoin('payees', 'payees.id', 'splitParts.payeeId')
    .select(['splitId', 'payeeId', 'share', 'payees.name'])
    .where('splitId', 'in', ids)
    .orderBy('position')
    .execute()
  const answers = await db
    .selectFrom('splitAnswers')
    .innerJoin('payees', 'payees.id', 'splitAnswers.payeeId')
    .select(['splitId', 'payeeId', 'answer', 'answeredAt', 'payees.name', 'payees.email'])
    .where('splitId', 'in', ids)
    .orderBy('payees.name')
    .execute()
  return splits.map((split) => ({
    ...split,
    parts: parts.filter(({ splitId }) => splitId === split.id),
    answers: answers
      .filter(({ splitId }) => splitId === split.id)
      .map(({ email, ...answer }) => ({ ...answer, hasMail: email !== '' })),
  }))
}

/** The version that holds on a day: the last that has begun. */
export const holdingOn = (splits: Split[], day: string): Split | null =>
  splits.findLast(({ beginsOn }) => beginsOn !== null && beginsOn <= day) ?? null
