import type { Lang } from '../../../platform/i18n/index.ts'
import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { saidWith } from '../cards/agreement.store.ts'
import { orderPath } from '../links.ts'
import { linesOf, lockOrder } from '../order.store.ts'
import { words } from '../pages/words.ts'
import { endPayments } from './ask-refund.ts'
import type { BeginProblem } from './provider.types.ts'
import { openFor, type PaymentDeps, providerOf } from './providers.ts'

/** How long what was ordered is kept while its buyer pays: a little longer than the provider's page is open. */
export const CARD_HOLD_SECONDS = 65 * 60

/**
 * Where an order is paid: begun at its provider, once. Null when there is nothing to go to, or nothing to pay any more. With a key that moves no money it
 * begins for those alone who `mayTest`: for others, what costs would be for nothing.
 */
export async function beginPayment(
  platform: PaymentDeps & Pick<Platform, 'signer'>,
  orderId: string,
  { mayTest }: { mayTest: boolean },
): Promise<Result<string | null, BeginProblem>> {
  const { db, config, signer, now } = platform
  const order = await db
    .selectFrom('orders')
    .innerJoin('sellers', 'sellers.id', 'orders.sellerId')
    .selectAll('orders')
    .select('sellers.currency as booksIn')
    .where('orders.id', '=', orderId)
    .executeTakeFirstOrThrow()
  if (order.state !== 'placed' || order.provider !== 'stripe') return ok(null)
  const before = await db
    .selectFrom('payments')
    .select(['url', 'begunAt'])
    .where('orderId', '=', orderId)
    .where('state', '=', 'begun')
    .where('openUntil', '>', now())
    .executeTakeFirst()
  const said = await saidWith(db, orderId)
  // A page that would keep the card is not for who set out again without agreeing.
  const keepsUnasked = before && said?.agreed === false && said.at > before.begunAt
  if (before && !keepsUnasked) return ok(before.url)
  const account = await openFor(db, order.sellerId)
  if (!account || !(account.isLive || mayTest)) return fail('unreachable')
  // What is kept and given back is booked at the rate of the payment, from the currency of the books.
  if (order.currency !== order.booksIn) return fail('not-chargeable')
  const provider = await providerOf(platform, account)
  const t = words(order.language as Lang)
  const items = (await linesOf(db, orderId)).map(({ title, variant, quantity, gross }) => {
    const name = [title, variant].filter(Boolean).join(', ')
    return { name: quantity > 1 ? `${quantity} × ${name}` : name, gross }
  })
  if (order.shipping > 0) items.push({ name: t('shipping'), gross: order.shipping })
  if (keepsUnasked) await endPayments(platform, orderId)
  const keep = said?.agreed ? { agreementId: said.id } : null
  const begun = await provider.begin({ order, items, backTo: config.baseUrl + orderPath(signer, orderId), keep })
  if (!begun.ok) return begun
  const { reference, url, openUntil } = begun.value
  // Whoever charges a kept card for it has the order locked meanwhile: they see this page and end it first, or it is not opened.
  const isOpened = await db.transaction().execute(async (tx) => {
    if ((await lockOrder(tx, orderId)).state !== 'placed') return false
    await tx
      .insertInto('payments')
      .values({
        ...{ id: newId(), orderId, provider: order.provider, accountId: account.id, reference },
        ...{ amount: order.total, currency: order.currency, url, openUntil, begunAt: now(), state: 'begun' },
      })
      .onConflict((conflict) => conflict.columns(['provider', 'reference']).doNothing())
      .execute()
    return true
  })
  if (isOpened) return ok(url)
  await provider.end(reference)
  return ok(null)
}
