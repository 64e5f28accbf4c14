import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import type { Owner } from './owner.types.ts'
import type { SellerFields } from './seller.rules.ts'

export type Seller = SellerFields & {
  id: string
  artistId: string | null
  labelId: string | null
  /** The last day of the years that are closed. */
  closedThrough: string | null
  /** In which its days are counted. */
  timeZone: string
}

const COLUMNS = [
  'id',
  'artistId',
  'labelId',
  'legalName',
  'address',
  'country',
  'registerNumber',
  'vatRegime',
  'vatNumber',
  'currency',
  'yearBegins',
  'closedThrough',
  'ossSince',
  'timeZone',
] as const

/** The seller behind an artist or a label; null while nobody has said who sells. */
export async function sellerOf(db: Db | Tx, owner: Owner): Promise<Seller | null> {
  const [column, id] =
    'artistId' in owner ? (['artistId', owner.artistId] as const) : (['labelId', owner.labelId] as const)
  return (await db.selectFrom('sellers').select(COLUMNS).where(column, '=', id).executeTakeFirst()) ?? null
}

export async function sellerById(db: Db | Tx, id: string): Promise<Seller | null> {
  return (await db.selectFrom('sellers').select(COLUMNS).where('id', '=', id).executeTakeFirst()) ?? null
}

/** What must be known of a seller to write into the books. */
export type Keeper = Pick<Seller, 'id' | 'currency' | 'closedThrough'>

export const keeperOf = (tx: Tx, id: string): Promise<Keeper> =>
  tx.selectFrom('sellers').select(['id', 'currency', 'closedThrough']).where('id', '=', id).executeTakeFirstOrThrow()

/** The seller as a column, in a query where the table or alias `of` is its row. */
export const sellerColumn = (of: string): RawBuilder<Seller> => {
  const column = (name: string) => sql.ref(`${of}.${name}`)
  return sql<Seller>`json_build_object('id', ${column('id')}, 'artistId', ${column('artistId')}, 'labelId', ${column('labelId')},
    'legalName', ${column('legalName')}, 'address', ${column('address')}, 'country', ${column('country')},
    'registerNumber', ${column('registerNumber')}, 'vatRegime', ${column('vatRegime')}, 'vatNumber', ${column('vatNumber')},
    'currency', ${column('currency')}, 'yearBegins', ${column('yearBegins')}, 'closedThrough', ${column('closedThrough')},
    'ossSince', ${column('ossSince')}, 'timeZone', ${column('timeZone')})`
}

export async function hasEntries(db: Db | Tx, sellerId: string): Promise<boolean> {
  const entry = await db
    .selectFrom('ledgerEntries')
    .select('id')
    .where('sellerId', '=', sellerId)
    .limit(1)
    .executeTakeFirst()
  return entry !== undefined
}
