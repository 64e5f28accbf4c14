import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { type Known, knownAs, type PersonalData } from './personal-data.ts'

/**
 * Two fans turned out to be one person: `from`'s addresses, subscriptions and past become `into`'s, each address with its own consents as
 * they were. Whoever is named by the old id is led on.
 */
export async function mergeFans(
  tx: Tx,
  registry: PersonalData[],
  { from, into }: { from: string; into: string },
): Promise<Result<Known, 'same' | 'gone'>> {
  if (from === into) return fail('same')
  const locked = await lockFans(tx, [from, into])
  if (locked.length !== 2) return fail('gone')
  const [a, b] = [await knownAs(tx, from), await knownAs(tx, into)]
  if (!a || !b) return fail('gone')
  for (const part of registry) await part.merge(tx, a, b)
  const merged = await knownAs(tx, into)
  return merged ? ok(merged) : fail('gone')
}

/** Locks fans that are neither merged nor erased, with all their addresses, in an order that everybody keeps. Their ids. */
export async function lockFans(tx: Tx, ids: string[]): Promise<string[]> {
  await tx.selectFrom('fanAddresses').select('id').where('fanId', 'in', ids).orderBy('id').forUpdate().execute()
  const rows = await tx
    .selectFrom('fans')
    .select('id')
    .where('id', 'in', ids)
    .where('mergedInto', 'is', null)
    .where('erasedAt', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.map(({ id }) => id)
}

/** The rows of this domain. */
export async function mergeOwn(tx: Tx, from: Known, into: Known): Promise<void> {
  await tx.updateTable('fanAddresses').set({ fanId: into.fanId }).where('fanId', '=', from.fanId).execute()
  await tx.updateTable('subscriptions').set({ fanId: into.fanId }).where('fanId', '=', from.fanId).execute()
  await tx.updateTable('takings').set({ fanId: into.fanId }).where('fanId', '=', from.fanId).execute()
  await tx.updateTable('personFans').set({ fanId: into.fanId }).where('fanId', '=', from.fanId).execute()
  await sql`
    insert into person_fans (person_id, fan_id) select person_id, ${into.fanId} from fans where id = ${from.fanId}
    on conflict (person_id) do update set fan_id = excluded.fan_id`.execute(tx)
  await sql`
    update fans into_fan set name = coalesce(nullif(into_fan.name, ''), f.name), country = coalesce(into_fan.country, f.country),
      place = coalesce(nullif(into_fan.place, ''), f.place), time_zone = coalesce(into_fan.time_zone, f.time_zone),
      recognised_since = least(into_fan.recognised_since, f.recognised_since), created_at = least(into_fan.created_at, f.created_at)
    from fans f where into_fan.id = ${into.fanId} and f.id = ${from.fanId}`.execute(tx)
  await tx
    .updateTable('fans')
    .set({ mergedInto: into.fanId, name: '', place: '', country: null, timeZone: null, recognisedSince: null })
    .where((fan) => fan.or([fan('id', '=', from.fanId), fan('mergedInto', '=', from.fanId)]))
    .execute()
}
