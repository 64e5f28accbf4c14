import type { Db } from '../platform/database/index.ts'
import { newId } from '../platform/ids.ts'

/** A seller for the tests of books and of what is sold: small, in France, in euros, unless told. */
export async function givenSeller(
  db: Db,
  said: {
    artistId?: string
    labelId?: string
    country?: string
    currency?: string
    vatRegime?: 'small' | 'registered' | 'outside'
    vatNumber?: string
    yearBegins?: number
  } = {},
): Promise<string> {
  const id = newId()
  await db
    .insertInto('sellers')
    .values({
      id,
      legalName: 'Ana Ribeiro',
      address: JSON.stringify({ lines: ['3 rue du Port'], postcode: '29900', city: 'Concarneau' }),
      country: 'FR',
      vatRegime: 'small',
      currency: 'EUR',
      artistId: null,
      labelId: null,
      ...said,
    })
    .execute()
  return id
}
