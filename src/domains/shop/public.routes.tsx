import { setTimeout as sleep } from 'node:timers/promises'
import { type Context, Hono } from 'hono'
import { dayIn } from '../../platform/days.ts'
import { allow, forOneReader, type Limit, open } from '../../platform/http/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { isId, newId } from '../../platform/ids.ts'
import { addJob } from '../../platform/jobs/index.ts'
import { formatMoney, readMoney } from '../../platform/money.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import type { FieldErrors } from '../../ui/forms.tsx'
import { type DownloadFormat, downloadFormats } from '../audio/index.ts'
import { latestEuroRates } from '../books/index.ts'
import { knownPersonOf, type Subjects, wayOf } from '../exchange/index.ts'
import { type FansFrame, readAddress } from '../fans/index.ts'
import { artistBySlug, can, isReserved, type Posted, readForm, smallBody, type WebEnv } from '../identity/index.ts'
import type { Membership } from '../music/index.ts'
import { basketsOf, lastShop, MOST_OF_ONE, putAside, setLine } from './basket.store.ts'
import { type BasketLine, shownLines } from './basket.views.ts'
import { agreeWithOrder, payWithoutAgreeing, type Terms } from './cards/agreement.store.ts'
import { cardOfMember, chargedOn } from './cards/cards.views.ts'
import type { Estimates } from './estimates/estimate.rules.ts'
import { holdingsOf } from './holdings.views.ts'
import { memberPath, orderPath, readLibraryToken, readOrderToken } from './links.ts'
import { memberById, membershipOfOrder, membershipsOf } from './members/members.views.ts'
import type { LineProblem } from './order.rules.ts'
import { linesOf, sellerZone } from './order.store.ts'
import { type OrderDetails, orderById, paidOrdersOf } from './order.views.ts'
import { ownedAs } from './owned.ts'
import { BasketBody, EmptyBasket, type ShownBasket, type TypedOrder } from './pages/basket.tsx'
import { productCard, shopCard } from './pages/cards.ts'
import { withCurrency } from './pages/estimates.tsx'
import { LibraryBody, LostBody, OrderBody, type Owned } from './pages/order.tsx'
import { ProductBody, ShopBody } from './pages/shop.tsx'
import { words } from './pages/words.ts'
import { givePaper, papersOfOrder } from './papers.ts'
import { parcelsOf } from './parcels/parcels.views.ts'
import { beginPayment, CARD_HOLD_SECONDS } from './payments/begin-payment.ts'
import type { BeginProblem } from './payments/provider.types.ts'
import { openFor } from './payments/providers.ts'
import { lookAgain } from './payments/reconcile.ts'
import { picturesFor } from './pictures.views.ts'
import { type OrderProblem, placeOrder } from './place-order.ts'
import { type NewPresent, presentOf, sendElsewhere } from './presents/present.store.ts'
import { words as presentWords } from './presents/words.ts'
import { publicProduct, publicProductById, publicProducts } from './product.views.ts'
import { vatRates } from './rates.ts'
import { shippingRates, shopSettings } from './settings.store.ts'
import { shippingTo } from './shipping.rules.ts'
import type { ParcelAddress } from './tables.ts'
import { termsPath } from './terms/paths.rules.ts'
import { freezeTerms } from './terms/terms.store.ts'
import { withdraw, withdrawable } from './withdraw.ts'

const ORDERS: Limit = { name: 'order', most: 30, windowSeconds: 3600 }
/** Asking a provider of payments about an order, or beginning a payment. */
const LOOKS: Limit = { name: 'order-look', most: 30, windowSeconds: 3600 }
/** How long a buyer who is back waits for the provider's answer; it is taken in all the same when it comes later. */
const LOOK_MS = 5000
/** Mails to a friend: what protects somebody from who buys a song to write to them again and again. */
const PRESENTS: Limit = { name: 'present', most: 3, windowSeconds: 24 * 3600 }
const LOST: Limit = { name: 'library', most: 5, windowSeconds: 3600 }
const DAY = 24 * 3600

export type ShopSite = {
  frame: FansFrame
  subjects: Subjects
  /** A format of downloads as the site names it. */
  formatName: (format: DownloadFormat, lang: Lang) => string
  /** What a membership opens, the latest first. */
  insideOf: (membership: Membership) => Promise<{ href: string; title: string }[]>
}

/** Where one sees what is offered, puts it aside, orders it, and finds again what one bought. GET shows, POST acts. */
export function shopPublic(platform: Platform, { frame, subjects, formatName }: ShopSite): Hono<WebEnv> {
  const { db, signer, now } = platform

  async function artistOf(c: Context<WebEnv>) {
    const slug = c.req.param('artist') ?? ''
    const found = isReserved(slug) ? null : await artistBySlug(db, slug)
    return found?.kind === 'artist' ? found.artist : null
  }

  /** A page that is one person's. */
  async function own(
    c: Context<WebEnv>,
    title: string,
    artistId: string | null,
    children: unknown,
    status: 200 | 422 | 410 = 200,
  ) {
    forOneReader(c)
    return c.html(await frame({ c, title, of: artistId ? { artistId } : null, children: children as never }), status)
  }

  const formatNames = (lang: Lang) => downloadFormats.map((format) => formatName(format, lang))

  async function showProduct(c: Context<WebEnv>, slug: string) {
    const artist = await artistOf(c)
    const product = artist && (await publicProduct(db, { artistId: artist.id, slug, now: now() }))
    if (!artist || !product) return c.notFound()
    const { page } = c.var
    const children = (
      <ProductBody
        page={page}
        product={product}
        formatNames={formatNames(page.lang)}
        estimates={await estimatesOf(c.req.query('currency'))}
      />
    )
    const { title } = product
    return c.html(
      await frame({
        c,
        title,
        of: { artistId: artist.id },
        card: productCard(product, page.lang),
        subject: `product:${product.id}`,
        children,
      }),
    )
  }

  /** In which currency prices are shown besides, as the address asks for it. */
  async function estimatesOf(asked: string | undefined): Promise<Estimates> {
    const { day, table } = await latestEuroRates(db, now())
    const codes = table.size > 0 ? ['EUR', ...table.keys()].toSorted() : []
    return { day, table, codes, chosen: codes.find((code) => code === asked) ?? null }
  }
  const toBasket = async (c: Context<WebEnv>, posted: Posted) =>
    c.redirect(withCurrency('/basket', await estimatesOf(posted.text('estimate'))), 303)

  /** Whether a seller may be paid by card here. A key that moves no money is for those who work on the shop: others would have for nothing what costs. */
  async function cardAt(
    c: Context<WebEnv>,
    sellerId: string,
    artistId: string | null = null,
  ): Promise<'live' | 'test' | null> {
    const account = await openFor(db, sellerId)
    if (!account) return null
    if (account.isLive) return 'live'
    return mayTestAt(c, artistId) ? 'test' : null
  }
  const mayTestAt = (c: Context<WebEnv>, artistId: string | null) =>
    artistId !== null && can(c.get('actor'), 'shop.edit', { kind: 'artist', artistId })

  /** The page of an order, for whoever has its link. */
  async function showOrder(
    c: Context<WebEnv>,
    order: OrderDetails,
    problem?: BeginProblem,
    withdrawProblem?: string,
    said?: { mail: string; error: string },
  ) {
    const { page } = c.var
    const owned = await ownedBy(c, { mailKey: order.mailKey, orderId: order.id })
    const membership = await membershipOfOrder(db, order.id)
    const present = await presentOf(db, order.id)
    const children = (
      <OrderBody
        page={page}
        order={order}
        owned={owned}
        href={orderPath(signer, order.id)}
        papers={await papersOfOrder(db, order)}
        parcels={await parcelsOf(db, order.id)}
        pictures={
          await picturesFor(
            db,
            order.lines.map(({ productId }) => productId),
          )
        }
        mayKeep={await mayKeepWith(c, order, membership?.id)}
        paidOn={membership && order.state === 'placed' ? await chargedOn(db, order.id) : null}
        isMember={membership !== null}
        present={present && { of: present, ...said }}
        isBack={c.req.query('from') === 'payment'}
        mayWithdraw={withdrawable(order, order.lines, now())}
        notice={c.req.query('done') === 'withdrawn'}
        withdrawProblem={withdrawProblem}
        problem={problem}
        now={now()}
      />
    )
    const title = words(page.lang)('order_title', { code: order.code })
    return own(c, title, order.artistId, children, problem || withdrawProblem || said ? 422 : 200)
  }

  /** They agree that a card pays what the order is of again and again: the sum that it freezes, and no other. */
  async function agreeToCharge(orderId: string, terms: Terms, lang: Lang) {
    const lines = await linesOf(db, orderId)
    const isSame = lines.some(({ kind, gross }) => kind === 'membership' && gross === terms.amount)
    if (isSame) await agreeWithOrder(db, orderId, { terms, lang, at: now() })
  }

  /** What of a member's next period a card may pay by itself from now on, where none does. */
  async function mayKeepWith(c: Context<WebEnv>, order: OrderDetails, membershipId: string | undefined) {
    if (!membershipId || order.state !== 'placed' || order.provider !== 'stripe') return null
    const member = await memberById(db, membershipId)
    if (!member || !(await cardAt(c, order.sellerId, order.artistId))) return null
    const { title, price: amount, currency, every } = member
    return (await cardOfMember(db, membershipId)) ? null : { title, amount, currency, every }
  }

  /** What somebody paid for, each order with the way to its papers. */
  const boughtBy = async (mailKey: string) =>
    (await paidOrdersOf(db, mailKey)).map(({ id, ...order }) => ({ ...order, href: orderPath(signer, id) }))

  /** What a basket shows, with what was typed into its form. */
  async function shown(
    c: Context<WebEnv>,
    basket: { id: string; sellerId: string },
    typed: TypedOrder,
    more: { errors?: FieldErrors; problems?: Map<string, LineProblem> } = {},
  ): Promise<ShownBasket> {
    const t = words(c.var.page.lang)
    const [lines, settings, rates, seller] = await Promise.all([
      shownLines(db, basket.id, now()),
      shopSettings(db, basket.sellerId),
      shippingRates(db, basket.sellerId),
      db
        .selectFrom('sellers')
        .select(['legalName', 'currency'])
        .where('id', '=', basket.sellerId)
        .executeTakeFirstOrThrow(),
    ])
    const card = await cardAt(c, basket.sellerId, lines[0]?.artistId)
    const grams = weightOf(lines)
    const problems = more.problems ?? problemsOf(lines)
    return {
      id: basket.id,
      termsHref: termsPath(basket.sellerId),
      sellerName: seller.legalName,
      artistName: lines[0]?.artistName ?? seller.legalName,
      lines,
      currency: seller.currency,
      problems: new Map(
        [...problems].map(([id, problem]) => [id, problemWords(problem, seller.currency, t, c.var.page.lang)]),
      ),
      isSent: grams !== null,
      canBePresent: mayBePresent(lines),
      shipping:
        grams === null || !typed.country
          ? null
          : shippingTo(rates, { country: typed.country, grams, isInEu: vatRates.isInEu(typed.country) }),
      transfers: settings.paysTo !== '',
      card,
      mayKeep: card && termsOf(lines),
      holdDays: settings.holdDays,
      typed,
      errors: more.errors,
      formKey: newId(),
    }
  }

  async function showBasket(
    c: Context<WebEnv>,
    of?: { id: string; typed: TypedOrder; errors?: FieldErrors; problems?: Map<string, LineProblem> },
  ) {
    const { page } = c.var
    const baskets = await basketsOf(c, db)
    const all = await Promise.all(
      baskets.map((basket) =>
        basket.id === of?.id ? shown(c, basket, of.typed, of) : shown(c, basket, NOTHING_TYPED),
      ),
    )
    if (all.length === 0)
      return own(c, words(page.lang)('basket'), null, <EmptyBasket page={page} back={await lastShop(c, db)} />)
    const first = all[0]?.lines[0]
    const isWrong = Boolean(of?.errors ?? of?.problems)
    return own(
      c,
      words(page.lang)('basket'),
      first?.artistId ?? null,
      <BasketBody page={page} baskets={all} estimates={await estimatesOf(c.req.query('currency'))} />,
      isWrong ? 422 : 200,
    )
  }

  async function mine(c: Context<WebEnv>) {
    const id = c.req.param('id') ?? ''
    return (await basketsOf(c, db)).find((basket) => basket.id === id) ?? null
  }

  /** What an address owns, with where each format is taken. */
  const ownedBy = async (c: Context<WebEnv>, wanted: { mailKey: string; orderId?: string }): Promise<Owned[]> =>
    ownedAs(platform, { subjects, formatName }, await holdingsOf(db, { ...wanted, now: now() }), c.var.page.lang)

  return new Hono<WebEnv>()
    .get('/:artist/shop', open, async (c, next) => {
      const artist = await artistOf(c)
      if (!artist) return next()
      const products = await publicProducts(db, artist.id, now())
      const title = words(c.var.page.lang)('shop_of', { name: artist.name })
      const children = (
        <ShopBody page={c.var.page} products={products} estimates={await estimatesOf(c.req.query('currency'))} />
      )
      const card = shopCard(products, c.var.page.lang)
      return c.html(await frame({ c, title, of: { artistId: artist.id }, card, children }))
    })
    .get('/:artist/shop/:product', open, (c) => showProduct(c, c.req.param('product')))
    .post('/basket/add', open, smallBody, async (c) => {
      const posted = await readForm(c)
      const product = isId(posted.text('product')) ? await publicProductById(db, posted.text('product'), now()) : null
      if (!product) return c.notFound()
      const t = words(c.var.page.lang)
      const variant = product.variants.find(({ id }) => id === posted.text('variant'))
      const typed = { named: posted.text('named'), variant: posted.text('variant') }
      const errors: FieldErrors = {}
      if (!variant) errors['variant'] = t('choose_one')
      const named = product.pricing === 'named' ? readMoney(typed.named, product.currency) : null
      if (product.pricing === 'named' && !named) errors['named'] = t('problem_amount')
      else if (named && named.amount < product.price)
        errors['named'] = problemWords(
          { problem: 'too-little', least: product.price },
          product.currency,
          t,
          c.var.page.lang,
        )
      if (!variant || Object.keys(errors).length > 0) {
        const { page } = c.var
        const children = (
          <ProductBody
            page={page}
            product={product}
            formatNames={formatNames(page.lang)}
            errors={errors}
            typed={typed}
            estimates={await estimatesOf(posted.text('estimate'))}
          />
        )
        const subject = `product:${product.id}` as const
        return c.html(
          await frame({ c, title: product.title, of: { artistId: product.artistId }, subject, children }),
          422,
        )
      }
      await putAside(c, platform, {
        sellerId: product.sellerId,
        variantId: variant.id,
        quantity: 1,
        named: named?.amount ?? null,
      })
      return toBasket(c, posted)
    })
    .get('/basket', open, (c) => showBasket(c))
    .post('/basket/:id/lines', open, smallBody, async (c) => {
      const basket = await mine(c)
      if (!basket) return c.redirect('/basket', 303)
      const posted = await readForm(c)
      const [variants, quantities, named] = [posted.texts('variant'), posted.texts('quantity'), posted.texts('named')]
      const seller = await db
        .selectFrom('sellers')
        .select('currency')
        .where('id', '=', basket.sellerId)
        .executeTakeFirstOrThrow()
      for (const [index, variantId] of variants.entries()) {
        const quantity = /^\d{1,3}$/.test(quantities[index] ?? '')
          ? Math.min(Number(quantities[index]), MOST_OF_ONE)
          : 1
        if (isId(variantId))
          await setLine(db, basket.id, {
            variantId,
            quantity,
            named: readMoney(named[index] ?? '', seller.currency)?.amount ?? null,
          })
      }
      return toBasket(c, posted)
    })
    .post('/basket/:id/order', open, smallBody, async (c) => {
      const basket = await mine(c)
      if (!basket) return c.redirect('/basket', 303)
      const { page } = c.var
      const t = words(page.lang)
      const posted = await readForm(c)
      const typed = typedOrder(posted)
      const again = (errors: FieldErrors, problems?: Map<string, LineProblem>) =>
        showBasket(c, { id: basket.id, typed, errors, ...(problems && { problems }) })
      const view = await shown(c, basket, typed)
      if (posted.text('only') === 'shipping') return showBasket(c, { id: basket.id, typed })
      const errors: FieldErrors = {}
      const mail = readAddress('mail', typed.mail)
      if (!mail.ok) errors['mail'] = t('problem_mail')
      if (!/^[A-Z]{2}$/.test(typed.country)) errors['country'] = t('problem_country')
      if (view.isSent) {
        for (const name of ['name', 'street', 'postcode', 'city'] as const)
          if (!typed[name]) errors[name] = t(`problem_${name}`)
        if (!errors['country'] && view.shipping === null) errors['country'] = t('problem_not_sent')
      }
      const costs = view.lines.some(
        (line) => line.pricing !== 'free' && (line.pricing === 'fixed' ? line.price : (line.named ?? line.price)) > 0,
      )
      const hasDownload = view.lines.some(({ subject, parts }) => subject || parts.some((part) => part.subject))
      const provider = (['stripe', 'manual'] as const).find((name) => name === typed.provider)
      const isOffered = provider === 'stripe' ? view.card !== null : provider === 'manual' && view.transfers
      if (costs && !isOffered)
        errors['provider'] = t(view.transfers || view.card ? 'problem_provider' : 'problem_no_payment')
      if (costs && hasDownload && !typed.waiver) errors['waiver'] = t('problem_waiver')
      const zone = await sellerZone(db, basket.sellerId)
      const present = view.canBePresent && typed.isPresent ? readPresent(typed, dayIn(now(), zone), page.lang) : null
      if (present && !present.ok) Object.assign(errors, present.error)
      if (Object.keys(errors).length > 0 || !mail.ok) return again(errors)
      if (!(await allow(platform, ORDERS, c.get('address')))) return again({ '': t('too_many') })

      const artistId = view.lines[0]?.artistId ?? ''
      const personId = await knownPersonOf(c, platform)
      const { referrer, token, givenAs } = await wayOf(db, personId, artistId, now())
      const address: ParcelAddress | null = view.isSent
        ? {
            name: typed.name,
            lines: typed.street.split('\n').slice(0, 4),
            postcode: typed.postcode,
            city: typed.city,
            region: typed.region,
            country: typed.country,
          }
        : null
      const placed = await placeOrder(platform, {
        ...{ formKey: `${basket.id}:${posted.text('form').slice(0, 64)}`, basketId: basket.id, artistId },
        ...{ mail: mail.value.address, mailKey: mail.value.key, name: typed.name, language: page.lang },
        evidence: [
          { kind: 'declared', country: typed.country },
          ...(address ? [{ kind: 'delivery' as const, country: typed.country }] : []),
        ],
        address,
        shipping: view.shipping ?? 0,
        terms: {
          version: String(await freezeTerms(platform, basket.sellerId, page.lang, now())),
          language: page.lang,
          waiver: costs && hasDownload ? t('waiver') : null,
        },
        note: typed.note,
        provider: provider ?? 'manual',
        hold: { seconds: provider === 'stripe' ? CARD_HOLD_SECONDS : view.holdDays * DAY },
        personId,
        way: { token, referrer, ...(givenAs && { givenAs }) },
        present: present?.ok ? present.value : null,
      })
      if (!placed.ok) return again(...refusal(placed.error, t))
      const keep = provider === 'stripe' ? termsOf(view.lines) : null
      if (keep && typed.keep === String(keep.amount)) await agreeToCharge(placed.value.orderId, keep, page.lang)
      // Where it cannot be begun now, its own page says so, and tries again.
      if (!placed.value.paid) await beginPayment(platform, placed.value.orderId, { mayTest: view.card === 'test' })
      return c.redirect(orderPath(signer, placed.value.orderId), 303)
    })
    .get('/order/:token', open, async (c) => {
      const id = readOrderToken(signer, c.req.param('token'))
      let order = id && (await orderById(db, id))
      if (!order) return c.notFound()
      // Back from where it was paid: what is shown is what is true there.
      const isBack = c.req.query('from') === 'payment' && order.state === 'placed' && order.card
      if (isBack && (await allow(platform, LOOKS, order.id))) {
        await Promise.race([lookAgain(platform, order.id), sleep(LOOK_MS, null, { ref: false })])
        order = (await orderById(db, order.id)) ?? order
      }
      return showOrder(c, order)
    })
    .get('/order/:token/papers/:place{[0-9]{1,3}\\.pdf}', open, async (c) => {
      const id = readOrderToken(signer, c.req.param('token'))
      const order = id && (await orderById(db, id))
      return (order && (await givePaper(platform, order, c.req.param('place')))) || c.notFound()
    })
    .post('/order/:token/pay', open, smallBody, async (c) => {
      const id = readOrderToken(signer, c.req.param('token'))
      const known = id && (await orderById(db, id))
      if (!id || !known) return c.notFound()
      const mayTest = mayTestAt(c, known.artistId)
      const membership = await membershipOfOrder(db, id)
      const keep = await mayKeepWith(c, known, membership?.id)
      if (keep && (await readForm(c)).text('keep') === String(keep.amount))
        await agreeToCharge(id, keep, c.var.page.lang)
      else if (membership && known.state === 'placed') await payWithoutAgreeing(db, id, now())
      const begun = (await allow(platform, LOOKS, id))
        ? await beginPayment(platform, id, { mayTest })
        : fail('unreachable' as const)
      const order = await orderById(db, id)
      if (begun.ok || !order) return c.redirect(orderPath(signer, id), 303)
      return showOrder(c, order, begun.error)
    })
    .post('/order/:token/withdraw', open, smallBody, async (c) => {
      const id = readOrderToken(signer, c.req.param('token'))
      const order = id && (await orderById(db, id))
      if (!order) return c.notFound()
      const positions = (await readForm(c)).texts('line').map(Number)
      const done = await withdraw(platform, { orderId: order.id, positions })
      return done.ok
        ? c.redirect(`${orderPath(signer, order.id)}?done=withdrawn`, 303)
        : showOrder(c, order, undefined, words(c.var.page.lang)('problem_withdraw'))
    })
    .post('/order/:token/present', open, smallBody, async (c) => {
      const id = readOrderToken(signer, c.req.param('token'))
      const order = id ? await orderById(db, id) : null
      if (order?.state !== 'paid') return c.notFound()
      const t = presentWords(c.var.page.lang)
      const typed = (await readForm(c)).text('friend').slice(0, 254)
      const mail = readAddress('mail', typed)
      if (!mail.ok) return showOrder(c, order, undefined, undefined, { mail: typed, error: t('problem_friend') })
      if (!(await allow(platform, PRESENTS, order.id)))
        return showOrder(c, order, undefined, undefined, { mail: typed, error: t('problem_many') })
      await sendElsewhere(platform, order.id, mail.value)
      return c.redirect(orderPath(signer, order.id), 303)
    })
    .get('/library', open, (c) => own(c, words(c.var.page.lang)('library'), null, <LostBody page={c.var.page} />))
    .post('/library', open, smallBody, async (c) => {
      const { page } = c.var
      const t = words(page.lang)
      const typed = (await readForm(c)).text('mail')
      const mail = readAddress('mail', typed)
      if (!mail.ok)
        return own(
          c,
          t('library'),
          null,
          <LostBody page={page} mail={typed} errors={{ mail: t('problem_mail') }} />,
          422,
        )
      // The answer is the same whoever asks: it says nothing of who bought.
      if (await allow(platform, LOST, mail.value.key))
        await addJob(db, 'shop.library', { mailKey: mail.value.key, mail: mail.value.address, language: page.lang })
      return own(c, t('library'), null, <LostBody page={page} sent />)
    })
    .get('/library/:token', open, async (c) => {
      const mailKey = readLibraryToken(signer, c.req.param('token'))
      if (!mailKey) return c.notFound()
      const { page } = c.var
      return own(
        c,
        words(page.lang)('library'),
        null,
        <LibraryBody
          page={page}
          mail={mailKey}
          owned={await ownedBy(c, { mailKey })}
          orders={await boughtBy(mailKey)}
          memberships={(await membershipsOf(db, mailKey)).map(({ id, title }) => ({
            title,
            href: memberPath(signer, id),
          }))}
        />,
      )
    })
}

const NOTHING_TYPED: TypedOrder = {
  mail: '',
  name: '',
  country: '',
  street: '',
  postcode: '',
  city: '',
  region: '',
  provider: '',
  waiver: false,
  keep: '',
  note: '',
  ...{ isPresent: false, friend: '', giver: '', day: '', message: '' },
}

const typedOrder = (posted: Posted): TypedOrder => ({
  mail: posted.text('mail').slice(0, 254),
  name: posted.text('name').slice(0, 200),
  country: posted.text('country').slice(0, 2).toUpperCase(),
  street: posted.text('street').slice(0, 300),
  postcode: posted.text('postcode').slice(0, 20),
  city: posted.text('city').slice(0, 100),
  region: posted.text('region').slice(0, 100),
  provider: posted.text('provider'),
  waiver: posted.has('waiver'),
  keep: posted.text('keep').slice(0, 20),
  note: posted.text('note').slice(0, 1000),
  isPresent: ['friend', 'giver', 'day', 'message'].some((name) => posted.text(name) !== ''),
  friend: posted.text('friend').slice(0, 254),
  giver: posted.text('giver').slice(0, 100),
  day: posted.text('day').slice(0, 10),
  message: posted.text('message').slice(0, 1000),
})

/** What a card may pay again by itself, where one membership is in the basket. */
function termsOf(lines: BasketLine[]): Terms | null {
  const [line, ...more] = lines.filter(({ kind }) => kind === 'membership')
  if (!line?.every || more.length > 0) return null
  const { title, price: amount, currency, every } = line
  return { title, amount, currency, every }
}

/** A membership is one's own, and what costs nothing is no reason to write to somebody. */
const mayBePresent = (lines: BasketLine[]): boolean =>
  lines.some(({ subject, parts }) => subject || parts.some((part) => part.subject)) &&
  lines.some(({ pricing }) => pricing !== 'free') &&
  lines.every(({ kind }) => kind !== 'membership')

/** What was typed of a present. `today`: by the seller's clock. */
function readPresent(typed: TypedOrder, today: string, lang: Lang): Result<NewPresent, FieldErrors> {
  const t = presentWords(lang)
  const errors: FieldErrors = {}
  const mail = readAddress('mail', typed.friend)
  if (!mail.ok) errors['friend'] = t('problem_friend')
  if (!typed.giver) errors['giver'] = t('problem_giver')
  const day = typed.day || today
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day))
  if (!isDay || day < today || Date.parse(day) > Date.parse(today) + 366 * DAY * 1000) errors['day'] = t('problem_day')
  if (!mail.ok || Object.keys(errors).length > 0) return fail(errors)
  return ok({
    ...{ mail: mail.value.address, mailKey: mail.value.key, giver: typed.giver.replace(/\s+/g, ' '), day },
    message: typed.message,
  })
}

/** Grams of what is sent; null when nothing is. */
function weightOf(lines: BasketLine[]): number | null {
  const weights = lines.flatMap(({ weight, quantity, parts, kind }) =>
    kind === 'bundle'
      ? parts.flatMap((part) => (part.weight === null ? [] : [part.weight * part.quantity * quantity]))
      : weight === null
        ? []
        : [weight * quantity],
  )
  return weights.length > 0 ? weights.reduce((sum, grams) => sum + grams, 0) : null
}

/** What stands in the way already, before anything is ordered. */
const problemsOf = (lines: BasketLine[]): Map<string, LineProblem> =>
  new Map(
    lines.flatMap((line): [string, LineProblem][] => {
      if (!line.offered) return [[line.variantId, { problem: 'gone' }]]
      return line.left !== null && line.left < line.quantity
        ? [[line.variantId, { problem: 'sold-out', left: Math.max(0, line.left) }]]
        : []
    }),
  )

type Words = ReturnType<typeof words>

function problemWords(problem: LineProblem, currency: string, t: Words, lang: Lang): string {
  switch (problem.problem) {
    case 'gone':
      return t('problem_gone')
    case 'sold-out':
      return t('problem_sold_out', { n: problem.left })
    case 'missing':
      return t('problem_amount')
    case 'too-little':
      return t('least', { price: formatMoney({ amount: problem.least, currency }, lang) })
  }
}

function refusal(problem: OrderProblem, t: Words): [FieldErrors, Map<string, LineProblem>?] {
  switch (problem.problem) {
    case 'empty':
      return [{ '': t('basket_empty') }]
    case 'no-country':
      return [{ country: t('problem_country') }]
    case 'no-address':
      return [{ street: t('problem_street') }]
    case 'lines':
      return [{ '': t('problem_lines') }, problem.lines]
  }
}
