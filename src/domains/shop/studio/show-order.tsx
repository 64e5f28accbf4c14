import type { Context } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import type { WebEnv } from '../../identity/index.ts'
import { periodsOfOrder } from '../members/members.views.ts'
import { orderById } from '../order.views.ts'
import { papersOfOrder } from '../papers.ts'
import { parcelsOf } from '../parcels/parcels.views.ts'
import type { Typed } from '../parcels/proof-parts.tsx'
import { OrderPage } from './order-page.tsx'

/** The page of an order in the studio, with what was wrong in a form on it. */
export async function showOrder(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  c: Context<WebEnv>,
  id: string,
  errors?: FieldErrors,
  typed?: Typed,
) {
  const order = await orderById(db, id)
  if (!order) return c.notFound()
  const [papers, parcels, periods] = await Promise.all([
    papersOfOrder(db, order),
    parcelsOf(db, id),
    periodsOfOrder(db, id),
  ])
  return c.html(
    <OrderPage {...{ c, order, papers, parcels, periods, now: now(), errors, typed }} />,
    errors ? 422 : 200,
  )
}
