import type { Context } from 'hono'
import type { Db } from '../../../platform/database/index.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import type { WebEnv } from '../../identity/index.ts'
import { orderById } from '../order.views.ts'
import { papersOfOrder } from '../papers.ts'
import { parcelsOf } from '../parcels/parcels.views.ts'
import type { Typed } from '../parcels/proof-parts.tsx'
import { OrderPage } from './order-page.tsx'

/** The page of an order in the studio, with what was wrong in a form on it. */
export async function showOrder(db: Db, c: Context<WebEnv>, id: string, errors?: FieldErrors, typed?: Typed) {
  const order = await orderById(db, id)
  if (!order) return c.notFound()
  const [papers, parcels] = await Promise.all([papersOfOrder(db, order), parcelsOf(db, id)])
  return c.html(<OrderPage {...{ c, order, papers, parcels, errors, typed }} />, errors ? 422 : 200)
}
