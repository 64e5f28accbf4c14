import type { Db } from '../../platform/database/index.ts'
import { newId, newToken } from '../../platform/ids.ts'
import type { NewOrder } from './place-order.ts'
import type { Pricing } from './price.rules.ts'
import type { ProductKind } from './tables.ts'

export type GivenProduct = { productId: string; variantId: string }

/** Something offered, for tests: a download of a release at 7 euros, unless told. */
export async function givenProduct(
  db: Db,
  said: {
    artistId: string
    sellerId: string
    kind?: ProductKind
    subject?: string | null
    title?: string
    pricing?: Pricing
    price?: number
    suggested?: number | null
    every?: 'month' | 'year'
    givesAll?: boolean
    currency?: string
    weight?: number | null
    stock?: number | null
  },
): Promise<GivenProduct> {
  const [productId, variantId] = [newId(), newId()]
  const { weight = null, stock = null, kind = weight ? 'merch' : 'download', title = 'A thing', ...rest } = said
  const subject = said.subject === undefined ? (kind === 'download' ? `release:${newId()}` : null) : said.subject
  await db
    .insertInto('products')
    .values({
      id: productId,
      slug: productId,
      title,
      pricing: 'fixed',
      price: 700,
      currency: 'EUR',
      suggested: null,
      state: 'offered',
      releasedAt: null,
      ...rest,
      kind,
      subject,
    })
    .execute()
  await db
    .insertInto('variants')
    .values({ id: variantId, productId, weight, stock, price: null, removedAt: null })
    .execute()
  return { productId, variantId }
}

/** A basket with these things in it. */
export async function givenBasket(
  db: Db,
  sellerId: string,
  lines: { variantId: string; quantity?: number; named?: number }[],
): Promise<string> {
  const id = newId()
  const now = Date.now()
  await db
    .insertInto('baskets')
    .values({ id, tokenHash: newToken(), sellerId, updatedAt: new Date(now) })
    .execute()
  // Put there one after the other, in this order.
  await db
    .insertInto('basketLines')
    .values(
      lines.map(({ quantity = 1, named = null, variantId }, n) => ({
        ...{ basketId: id, variantId, quantity, named },
        addedAt: new Date(now + n),
      })),
    )
    .execute()
  return id
}

/** An order of a French buyer who pays by transfer, unless told. */
export const anOrder = (said: Pick<NewOrder, 'basketId' | 'artistId'> & Partial<NewOrder>): NewOrder => ({
  formKey: newToken(),
  mail: 'Lise@buyers.example',
  mailKey: 'lise@buyers.example',
  name: 'Lise Morel',
  language: 'fr',
  evidence: [
    { kind: 'declared', country: 'FR' },
    { kind: 'network', country: 'FR' },
  ],
  address: { name: 'Lise Morel', lines: ['1 quai Sud'], postcode: '44000', city: 'Nantes', region: '', country: 'FR' },
  shipping: 450,
  terms: { version: '1', language: 'fr', waiver: null },
  note: '',
  provider: 'manual',
  hold: { seconds: 3600 },
  personId: null,
  way: {},
  ...said,
})
