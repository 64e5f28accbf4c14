import type { Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { lockFans } from './merge-fans.ts'

/**
 * One fan turned out to be two people: this address, with its subscriptions and consents, becomes another fan's. What was done before cannot
 * be told apart and stays where it is; the new fan begins without a past, and not recognised.
 */
export async function splitFan(
  tx: Tx,
  { now }: { now: () => Date },
  addressId: string,
): Promise<Result<{ fanId: string }, 'gone' | 'only'>> {
  const address = await tx.selectFrom('fanAddresses').select('fanId').where('id', '=', addressId).executeTakeFirst()
  if (!address) return fail('gone')
  const [locked] = await lockFans(tx, [address.fanId])
  if (!locked) return fail('gone')
  const all = await tx
    .selectFrom('fanAddresses')
    .select('id')
    .where('fanId', '=', locked)
    .where('removedAt', 'is', null)
    .execute()
  if (!all.some(({ id }) => id === addressId)) return fail('gone')
  if (all.length < 2) return fail('only')
  const { language } = await tx.selectFrom('fans').select('language').where('id', '=', locked).executeTakeFirstOrThrow()
  const fanId = newId(now().getTime())
  await tx
    .insertInto('fans')
    .values({
      id: fanId,
      personId: newId(now().getTime()),
      language,
      country: null,
      timeZone: null,
      recognisedSince: null,
      createdAt: now(),
      mergedInto: null,
      erasedAt: null,
    })
    .execute()
  await tx.updateTable('fanAddresses').set({ fanId }).where('id', '=', addressId).execute()
  await tx.updateTable('subscriptions').set({ fanId }).where('addressId', '=', addressId).execute()
  return ok({ fanId })
}
