import type { Db, Tx } from '../../platform/database/index.ts'

/** One fan, with every person of the spine who turned out to be they, and every address, by its id and by its signed hash. */
export type Known = { fanId: string; personIds: string[]; addressIds: string[]; addressHashes: string[] }

/**
 * What one domain keeps of people. Each fills one in app.ts; a test finds every table that names a person, a fan or an address, and asks
 * which of these answers for it.
 */
export type PersonalData = {
  tables: string[]
  /** All that is known of them, readable by a person: keys in English, times in ISO 8601. */
  know(db: Db | Tx, who: Known): Promise<Record<string, unknown>>
  /** Those of these fans with whom an artist or a label has still to do, by what this domain keeps. Left out: what it keeps alone keeps nobody. */
  ties?(db: Db | Tx, fanIds: string[]): Promise<string[]>
  /** Nothing of it leads to them any more. */
  erase(tx: Tx, who: Known): Promise<void>
  /** `from` turned out to be `into`. */
  merge(tx: Tx, from: Known, into: Known): Promise<void>
}

/** Everyone who is this fan; null when there is no such fan. */
export async function knownAs(db: Db | Tx, fanId: string): Promise<Known | null> {
  const fan = await db.selectFrom('fans').select('personId').where('id', '=', fanId).executeTakeFirst()
  if (!fan) return null
  const persons = await db.selectFrom('personFans').select('personId').where('fanId', '=', fanId).execute()
  const addresses = await db
    .selectFrom('fanAddresses')
    .select(['id', 'addressHash'])
    .where('fanId', '=', fanId)
    .execute()
  return {
    fanId,
    personIds: [fan.personId, ...persons.map(({ personId }) => personId)],
    addressIds: addresses.map(({ id }) => id),
    addressHashes: addresses.map(({ addressHash }) => addressHash),
  }
}
