import './tables.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { lockMembership } from '../members/take-up.ts'
import { agreeOnPage } from './agreement.store.ts'
import { cardOf } from './keep-card.ts'
import { agreedNow, planWaiting } from './plan-charge.ts'

/**
 * The owner of a kept card agrees anew that it pays, on the page of the membership: to another sum than before, or after a payment of anybody's had begun again what
 * rested. `amount`: what stood in the box they ticked, in minor units. What is asked for already is paid by it too, once they were told. Twice is once.
 */
export const agreeAnew = (
  { db, now }: Pick<Platform, 'db' | 'now'>,
  membershipId: string,
  { amount, lang }: { amount: number; lang: Lang },
): Promise<Result<void, 'over' | 'other-sum'>> =>
  db.transaction().execute(async (tx) => {
    const membership = await lockMembership(tx, membershipId)
    const card = await cardOf(tx, membershipId)
    if (!membership || !card || membership.state === 'left' || membership.productId === null) return fail('over')
    const { title, price, currency, every, state } = membership
    if (amount !== price) return fail('other-sum')
    const before = await agreedNow(tx, membershipId)
    if (before?.amount === price && before.currency === currency) return ok(undefined)
    const at = now()
    const renewedId = await agreeOnPage(tx, membershipId, { terms: { title, amount, currency, every }, lang, at })
    await tx.updateTable('keptCards').set({ renewedId, waitsSince: null }).where('id', '=', card.id).execute()
    if (state === 'active') await planWaiting(tx, membership, at)
    return ok(undefined)
  })
