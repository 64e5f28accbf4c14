import { COUNTRIES } from '../../platform/i18n/index.ts'
import { newId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { ok, type Result } from '../../platform/result.ts'
import { type Actor, audit } from '../identity/index.ts'
import type { Owner } from './owner.types.ts'
import { readSeller, type SellerProblems, type TypedSeller } from './seller.rules.ts'
import { hasEntries, sellerOf } from './seller.views.ts'

/** Says who sells for an artist or a label, or changes what was said. `timeZone`: in which the days of new books are counted. */
export async function saveSeller(
  { db }: Pick<Platform, 'db'>,
  actor: Actor,
  owner: Owner,
  typed: TypedSeller,
  timeZone: string,
): Promise<Result<string, SellerProblems>> {
  return db.transaction().execute(async (tx) => {
    const known = await sellerOf(tx, owner)
    const read = readSeller(typed, COUNTRIES, known && (await hasEntries(tx, known.id)) ? known : null)
    if (!read.ok) return read
    const { address, ...fields } = read.value
    const values = { ...fields, address: JSON.stringify(address) }
    const id = known?.id ?? newId()
    const owned =
      'artistId' in owner ? { artistId: owner.artistId, labelId: null } : { artistId: null, labelId: owner.labelId }
    if (known) await tx.updateTable('sellers').set(values).where('id', '=', id).execute()
    else
      await tx
        .insertInto('sellers')
        .values({ id, ...owned, ...values, timeZone })
        .execute()
    await audit(tx, { accountId: actor.accountId, action: 'books.seller', subject: read.value.legalName, ...owned })
    return ok(id)
  })
}
