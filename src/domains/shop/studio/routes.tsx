import { type Context, Hono } from 'hono'
import { isId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import { type Money, minorDigits, readMoney } from '../../../platform/money.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { Result } from '../../../platform/result.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import { isSubject, type OfferSource } from '../../exchange/index.ts'
import { actorOf, currentArtist, guard, readForm, smallBody, type WebEnv } from '../../identity/index.ts'
import { createProduct, editProduct, setOffered } from '../edit-product.ts'
import { giveUpOrder } from '../give-up-orders.ts'
import { orderById, ordersOf } from '../order.views.ts'
import { givePaper } from '../papers.ts'
import { printOrders } from '../parcels/print-parcels.ts'
import { productPath, shopPath } from '../paths.rules.ts'
import { askRefund } from '../payments/ask-refund.ts'
import { paymentNotes } from '../payments/payments.views.ts'
import { studioPictures } from '../pictures.views.ts'
import { bundleable, type EditedProduct, productById, studioProducts } from '../product.views.ts'
import { type RefundProblem, recordRefund } from '../refund-order.ts'
import { saveShopSettings, shippingRates, shopSettings } from '../settings.store.ts'
import { settleOrder } from '../settle-order.ts'
import type { ProductKind } from '../tables.ts'
import { NewProductPage, NoSellerPage, ShopPage } from './list-page.tsx'
import { readProduct, type TypedProduct, typedProduct } from './product.form.ts'
import { ProductPage } from './product-page.tsx'
import { readRates, SettingsPage, type TypedSettings } from './settings-page.tsx'
import { showOrder } from './show-order.tsx'
import { words } from './words.ts'

const UUID = '[0-9a-f-]{36}'
/** What has a name when its maker gives it none. */
const TITLED: ReadonlySet<ProductKind> = new Set(['tip', 'membership'])
const KINDS: readonly ProductKind[] = ['download', 'record', 'merch', 'bundle', 'tip', 'membership']

/** Where an artist says what is offered and at what price, and sees what was ordered. */
export function shopStudio({ db, now }: Pick<Platform, 'db' | 'now'>, offers: OfferSource): Hono<WebEnv> {
  const atDesk = guard('shop.edit', (c) => {
    const artist = currentArtist(c)
    return artist && { kind: 'artist', artistId: artist.id }
  })
  const ofProduct = guard('shop.edit', async (c) => {
    const product = await productById(db, c.req.param('id') ?? '')
    return product && { kind: 'artist', artistId: product.artistId }
  })
  const ofOrder = guard('orders.handle', async (c) => {
    const order = await orderById(db, c.req.param('id') ?? '')
    return order?.artistId ? { kind: 'artist', artistId: order.artistId } : null
  })
  const sellerFor = (artistId: string) =>
    db.selectFrom('sellers').select(['id', 'currency']).where('artistId', '=', artistId).executeTakeFirst()

  async function showProduct(c: Context<WebEnv>, id: string, typed?: TypedProduct, errors?: FieldErrors) {
    const product = await productById(db, id)
    const artist =
      product && (await db.selectFrom('artists').select('slug').where('id', '=', product.artistId).executeTakeFirst())
    if (!product || !artist) return c.notFound()
    const music = await offers(db, product.artistId)
    const publicPath = productPath(artist.slug, product.slug)
    const things = product.kind === 'bundle' ? await bundleable(db, product) : []
    const pictures = (await studioPictures(db, id)).filter(({ removedAt }) => !removedAt).length
    return c.html(
      <ProductPage {...{ c, product, offers: music, things, publicPath, pictures, typed, errors }} />,
      errors ? 422 : 200,
    )
  }

  async function showNew(c: Context<WebEnv>, errors?: FieldErrors, title = '') {
    const artist = currentArtist(c)
    if (!artist) return c.notFound()
    if (!(await sellerFor(artist.id))) return c.html(<NoSellerPage c={c} artistId={artist.id} />)
    const music = await offers(db, artist.id)
    return c.html(<NewProductPage {...{ c, artistId: artist.id, offers: music, errors, title }} />, errors ? 422 : 200)
  }

  async function showSettings(c: Context<WebEnv>, typed?: TypedSettings, errors?: FieldErrors) {
    const artist = currentArtist(c)
    const seller = artist && (await sellerFor(artist.id))
    if (!artist) return c.notFound()
    if (!seller) return c.html(<NoSellerPage c={c} artistId={artist.id} />)
    const [settings, rates] = [await shopSettings(db, seller.id), await shippingRates(db, seller.id)]
    return c.html(
      <SettingsPage {...{ c, artistId: artist.id, currency: seller.currency, settings, rates, typed, errors }} />,
      errors ? 422 : 200,
    )
  }

  return new Hono<WebEnv>()
    .get('/studio/shop', atDesk, async (c) => {
      const artist = currentArtist(c)
      if (!artist) return c.notFound()
      if (!(await sellerFor(artist.id))) return c.html(<NoSellerPage c={c} artistId={artist.id} />)
      const [products, orders, notes] = await Promise.all([
        studioProducts(db, artist.id),
        ordersOf(db, artist.id, now()),
        paymentNotes(db, artist.id, now()),
      ])
      return c.html(
        <ShopPage {...{ c, artistId: artist.id, products, orders, notes, publicPath: shopPath(artist.slug) }} />,
      )
    })
    .get('/studio/shop/new', atDesk, (c) => showNew(c))
    .post('/studio/shop/new', atDesk, smallBody, async (c) => {
      const artist = currentArtist(c)
      const seller = artist && (await sellerFor(artist.id))
      if (!artist || !seller) return c.notFound()
      const t = words(c.var.page.lang)
      const posted = await readForm(c)
      const kind = KINDS.find((known) => known === posted.text('kind')) ?? 'download'
      const subject = posted.text('subject')
      const music = await offers(db, artist.id)
      const found = isSubject(subject) ? music.find((offer) => offer.subject === subject) : undefined
      const title =
        posted.text('title').slice(0, 200) || (TITLED.has(kind) ? t(`${kind as 'tip'}_title`) : (found?.title ?? ''))
      if (kind === 'download' && !found) return showNew(c, { subject: t('problem_subject') }, title)
      if (!title) return showNew(c, { title: t('problem_title') })
      const id = await createProduct(
        { db },
        {
          ...{ artistId: artist.id, sellerId: seller.id, currency: seller.currency, kind, title },
          ...{
            subject: kind === 'tip' || kind === 'bundle' ? null : (found?.subject ?? null),
            by: actorOf(c).accountId,
          },
          ...(kind === 'membership' && { price: 5 * 10 ** minorDigits(seller.currency), every: 'month' }),
          ...(kind === 'tip' && { pricing: 'named', price: 10 ** minorDigits(seller.currency) }),
        },
      )
      return c.redirect(`/studio/shop/${id}`, 303)
    })
    .get('/studio/shop/settings', atDesk, (c) => showSettings(c))
    .post('/studio/shop/settings', atDesk, smallBody, async (c) => {
      const artist = currentArtist(c)
      const seller = artist && (await sellerFor(artist.id))
      if (!seller) return c.notFound()
      const read = readRates(await readForm(c), seller.currency, words(c.var.page.lang))
      if (!read.ok) return showSettings(c, read.error.typed, read.error.errors)
      await saveShopSettings(db, seller.id, read.value)
      return c.redirect('/studio/shop/settings?done=saved', 303)
    })
    .get(`/studio/shop/:id{${UUID}}`, ofProduct, (c) => showProduct(c, c.req.param('id')))
    .post(`/studio/shop/:id{${UUID}}`, ofProduct, smallBody, async (c) => {
      const id = c.req.param('id')
      const product = await productById(db, id)
      if (!product) return c.notFound()
      const t = words(c.var.page.lang)
      const posted = await readForm(c)
      const typed = typedProduct(posted)
      const { kind, currency } = product
      const read = readProduct(typed, { kind, currency, offers: await offers(db, product.artistId) })
      if (!read.ok) {
        const errors = Object.entries(read.error).map(([name, problem]) => [name, t(`problem_${problem}`)])
        return showProduct(c, id, typed, Object.fromEntries(errors))
      }
      const version = Number(posted.text('version'))
      const saved = await editProduct(
        { db, now },
        { productId: id, version, edit: read.value, by: actorOf(c).accountId },
      )
      if (!saved.ok)
        return saved.error === 'missing' ? c.notFound() : showProduct(c, id, typed, { '': t(`problem_${saved.error}`) })
      return c.redirect(`/studio/shop/${id}?done=saved`, 303)
    })
    .post(`/studio/shop/:id{${UUID}}/:what{offer|withdraw}`, ofProduct, async (c) => {
      const { id, what } = c.req.param()
      const product = await productById(db, id)
      if (!product) return c.notFound()
      const isOffering = what === 'offer'
      const t = words(c.var.page.lang)
      const isMissing = product.kind === 'bundle' && (await lacksParts(db, product))
      const errors: FieldErrors = {
        ...(product.pricing === 'fixed' && product.price === 0 && { price: t('problem_named-zero') }),
        ...(isMissing && { parts: t('problem_part-missing') }),
        ...(product.kind === 'bundle' && product.parts.length === 0 && { parts: t('problem_parts') }),
      }
      if (isOffering && Object.keys(errors).length > 0) return showProduct(c, id, undefined, errors)
      await setOffered({ db }, { productId: id, offered: isOffering, by: actorOf(c).accountId })
      return c.redirect(`/studio/shop/${id}?done=${isOffering ? 'offered' : 'withdrawn'}`, 303)
    })
    .get(`/studio/orders/:id{${UUID}}`, ofOrder, (c) => showOrder({ db, now }, c, c.req.param('id')))
    .get(`/studio/orders/:id{${UUID}}/papers/:place{[0-9]{1,3}\\.pdf}`, ofOrder, async (c) => {
      const order = await orderById(db, c.req.param('id'))
      return (order && (await givePaper({ db }, order, c.req.param('place')))) || c.notFound()
    })
    .get(`/studio/orders/:id{${UUID}}/:file{(?:label|slip)\\.pdf}`, ofOrder, async (c) => {
      const what = c.req.param('file') === 'label.pdf' ? 'label' : 'slip'
      return (await printOrders(db, [c.req.param('id')], { what, lang: c.var.page.lang })) ?? c.notFound()
    })
    .post(`/studio/orders/:id{${UUID}}/paid`, ofOrder, smallBody, async (c) => {
      const order = await orderById(db, c.req.param('id'))
      if (!order) return c.notFound()
      const received = readMoney((await readForm(c)).text('amount'), order.currency)
      if (!received || received.amount === 0)
        return showOrder({ db, now }, c, order.id, { amount: words(c.var.page.lang)('problem_amount') })
      const outcome = await db
        .transaction()
        .execute((tx) => settleOrder(tx, { ...manual(order.id, received), at: now() }))
      return c.redirect(`/studio/orders/${order.id}?done=${outcome}`, 303)
    })
    .post(`/studio/orders/:id{${UUID}}/cancel`, ofOrder, async (c) => {
      const id = c.req.param('id')
      await db.transaction().execute(async (tx) => {
        if (await giveUpOrder(tx, id, 'cancelled', now())) await addJob(tx, 'shop.end-payments', { orderId: id })
      })
      return c.redirect(`/studio/orders/${id}?done=cancelled`, 303)
    })
    .post(`/studio/orders/:id{${UUID}}/refund`, ofOrder, smallBody, async (c) => {
      const order = await orderById(db, c.req.param('id'))
      if (!order) return c.notFound()
      const t = words(c.var.page.lang)
      const posted = await readForm(c)
      const back = readMoney(posted.text('amount'), order.currency)
      const key = posted.text('key')
      if (!back || !isId(key)) return showOrder({ db, now }, c, order.id, { amount: t('problem_amount') })
      const said = { orderId: order.id, key, amount: back.amount, reason: posted.text('reason').slice(0, 500) }
      const by = actorOf(c).accountId
      const isAsked = order.card?.state === 'paid'
      // What a provider took, the provider sends back; what a person took, they have sent back.
      const refund = await db
        .transaction()
        .execute<Result<unknown, RefundProblem>>((tx) =>
          isAsked
            ? askRefund(tx, { ...said, by, at: now() })
            : recordRefund(tx, { ...said, by, at: now(), from: order.provider }),
        )
      if (!refund.ok) return showOrder({ db, now }, c, order.id, { amount: t(`problem_${refund.error.problem}`) })
      return c.redirect(`/studio/orders/${order.id}?done=${isAsked ? 'asked' : 'refunded'}`, 303)
    })
    .post(`/studio/orders/:id{${UUID}}/return`, ofOrder, smallBody, async (c) => {
      const order = await orderById(db, c.req.param('id'))
      const posted = await readForm(c)
      const stray = order?.stray.find(({ id, provider }) => provider === 'stripe' && id === posted.text('payment'))
      const key = posted.text('key')
      if (!order || !stray || !isId(key)) return c.notFound()
      const said = { orderId: order.id, key, amount: stray.amount, reason: '', paymentId: stray.id }
      const asked = await db
        .transaction()
        .execute((tx) => askRefund(tx, { ...said, by: actorOf(c).accountId, at: now() }))
      if (!asked.ok)
        return showOrder({ db, now }, c, order.id, { '': words(c.var.page.lang)(`problem_${asked.error.problem}`) })
      return c.redirect(`/studio/orders/${order.id}?done=asked`, 303)
    })
}

/** Whether something is in a bundle that may not be, or is no longer there. */
async function lacksParts(db: Platform['db'], bundle: EditedProduct): Promise<boolean> {
  const known = new Set((await bundleable(db, bundle)).map(({ variantId }) => variantId))
  return bundle.parts.some(({ variantId }) => !known.has(variantId))
}

/** Money that a person says has come: one such payment an order and amount, so that pressing twice is once. */
const manual = (orderId: string, { amount, currency }: Money) => ({
  ...{ orderId, amount, currency },
  provider: 'manual',
  reference: `${orderId}:${amount}`,
})
