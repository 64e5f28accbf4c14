import type { Platform } from '../../platform/platform.ts'
import { later } from './days.rules.ts'
import { lockSeller } from './lock.ts'
import { splitById, splitsOf } from './split.views.ts'
import type { SplitAnswer } from './tables.ts'

export type Answered = 'kept' | 'already' | 'over'

/**
 * What somebody says to a split that was asked of them. The last who agrees makes it hold: from its day on, or from `today` when that has passed; one who
 * refuses ends it, and what held before holds on. Said once.
 */
export async function answerSplit(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  said: { splitId: string; payeeId: string; answer: SplitAnswer; by: 'link' | 'seller'; words?: string; today: string },
): Promise<Answered> {
  const { splitId, payeeId, answer } = said
  return db.transaction().execute(async (tx) => {
    const { sellerId } = await tx
      .selectFrom('splits')
      .select('sellerId')
      .where('id', '=', splitId)
      .executeTakeFirstOrThrow()
    await lockSeller(tx, sellerId)
    const split = await splitById(tx, splitId)
    const asked = split?.answers.find((one) => one.payeeId === payeeId)
    if (!split || !asked) return 'over'
    if (asked.answer) return 'already'
    if (split.state !== 'asked') return 'over'
    await tx
      .updateTable('splitAnswers')
      .set({ answer, answeredAt: now(), saidBy: said.by, words: (said.words ?? '').slice(0, 2000) })
      .where('splitId', '=', splitId)
      .where('payeeId', '=', payeeId)
      .execute()
    const open = split.answers.some((one) => one.payeeId !== payeeId && one.answer === null)
    if (answer === 'agreed' && open) return 'kept'
    const before = (await splitsOf(tx, sellerId, split.subject)).findLast(({ state }) => state === 'agreed')
    const beginsOn = later(later(split.askedFrom, said.today), before?.beginsOn)
    await tx
      .updateTable('splits')
      .set(
        answer === 'agreed' ? { state: 'agreed', beginsOn, decidedAt: now() } : { state: 'refused', decidedAt: now() },
      )
      .where('id', '=', splitId)
      .execute()
    return 'kept'
  })
}
