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

export async function hasEntries(db: Db | Tx, sellerId: string): Promise<boolean> {
  const entry = await db
    .selectFrom('ledgerEntries')
    .select('id')
    .where('sellerId', '=', sellerId)
    .limit(1)
    .executeTakeFirst()
  return entry !== undefined
}
