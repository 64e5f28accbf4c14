import type { Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { logConsent, type Proof } from './consents.store.ts'
import { lockFans } from './merge-fans.ts'
import { type Known, knownAs, type PersonalData } from './personal-data.ts'
import { suppress } from './suppressions.ts'

/**
 * Nobody is behind this fan any more: addresses, subscriptions and the mapping to what they did are gone, in every domain. What stays is the
 * log of consent with nobody behind it, figures without anybody, and a signed hash of each address, so that no list brings them back;
 * with `suppress: false`, not even that: they did not ask to be left alone, whom they followed is gone.
 */
export async function eraseFan(
  tx: Tx,
  deps: { now: () => Date },
  registry: PersonalData[],
  { fanId, suppress: leaveAlone = true, ...proof }: Proof & { fanId: string; suppress?: boolean },
): Promise<Result<void, 'gone'>> {
  const [locked] = await lockFans(tx, [fanId])
  const who = locked && (await knownAs(tx, locked))
  if (!who) return fail('gone')
  const subscriptions = await tx.selectFrom('subscriptions').selectAll().where('fanId', '=', fanId).execute()
  for (const { askedWith: _, ...about } of subscriptions) await logConsent(tx, about, 'erased', proof, deps.now())
  const addresses = await tx
    .selectFrom('fanAddresses')
    .select(['channel', 'addressHash'])
    .where('fanId', '=', fanId)
    .execute()
  if (leaveAlone) for (const address of addresses) await suppress(tx, { ...address, reason: 'erased', at: deps.now() })
  for (const part of registry) await part.erase(tx, who)
  await tx.updateTable('fans').set({ erasedAt: deps.now() }).where('id', '=', fanId).execute()
  return ok(undefined)
}

/** The rows of this domain. */
export async function eraseOwn(tx: Tx, { fanId }: Known): Promise<void> {
  await tx
    .updateTable('takings')
    .set({ fanId: null, address: null })
    .where((taking) =>
      taking.or([
        taking('fanId', '=', fanId),
        taking('address', 'in', tx.selectFrom('fanAddresses').select('address').where('fanId', '=', fanId)),
      ]),
    )
    .execute()
  await tx.deleteFrom('fanAddresses').where('fanId', '=', fanId).execute()
  await tx.deleteFrom('personFans').where('fanId', '=', fanId).execute()
  const merged = await tx.selectFrom('fans').select('id').where('mergedInto', '=', fanId).execute()
  for (const id of [fanId, ...merged.map((row) => row.id)])
    await tx
      .updateTable('fans')
      .set({
        personId: newId(),
        name: '',
        place: '',
        country: null,
        timeZone: null,
        recognisedSince: null,
      })
      .where('id', '=', id)
      .execute()
}
