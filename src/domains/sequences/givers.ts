import type { Db, Tx } from '../../platform/database/index.ts'
import { giverOf, type OfferSource } from '../exchange/index.ts'
import { type Sender, senderId } from '../identity/index.ts'
import { type Give, givesOf, type Plan, type PlanProblem, problemsOf } from './plan.rules.ts'

/** Whose things steps give, as of now: `of` answers with the artist or label, null where the sender may not give it; `mayGive` is the same for a version that is fixed. */
export type Givers = { of: (give: Give) => string | null; mayGive: (give: Give) => boolean }

/** An artist gives what is theirs. A label gives words and posts of its own, and what its artists let it give in this moment (docs/decisions/0119). */
export async function giversFor(db: Db | Tx, offers: OfferSource, sender: Sender, gives: Give[]): Promise<Givers> {
  const own = senderId(sender)
  if ('artistId' in sender) return { of: () => own, mayGive: () => true }
  const whose = new Map<string, string | null>()
  for (const { subject } of gives)
    if (subject && !whose.has(subject)) whose.set(subject, await giverOf(offers, db, sender, subject))
  const of = ({ subject }: Give) => (subject ? (whose.get(subject) ?? null) : own)
  return { of, mayGive: (give) => of(give) === (give.givenBy ?? own) }
}

/** All that is amiss with it now: what it lacks, and what the sender may not give. */
export async function problemsNow(
  db: Db | Tx,
  offers: OfferSource,
  sender: Sender,
  plan: Plan,
): Promise<PlanProblem[]> {
  const givers = await giversFor(db, offers, sender, givesOf(plan))
  const lent = plan.steps.flatMap((step, at): PlanProblem[] =>
    step.kind === 'give' && givers.of(step) === null ? [{ is: 'not-lent', step: at }] : [],
  )
  return [...problemsOf(plan), ...lent]
}
