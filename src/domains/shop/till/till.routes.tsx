import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { open } from '../../../platform/http/index.ts'
import { newId } from '../../../platform/ids.ts'
import { formatMoney, LARGEST_AMOUNT, readMoney } from '../../../platform/money.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import { sellerOf } from '../../books/index.ts'
import { readAddress } from '../../fans/index.ts'
import { actorOf, currentArtist, guard, readForm, smallBody, type WebEnv } from '../../identity/index.ts'
import { NoSellerPage } from '../studio/list-page.tsx'
import { closeTill } from './close-till.ts'
import { openTill } from './open-till.ts'
import { takeSale } from './take-sale.ts'
import { type SoldLine, saleTotal, tillRule } from './till.rules.ts'
import { salesOf, tillById, tillsOf, tillThings } from './till.views.ts'
import { TillPage, type TypedSale } from './till-page.tsx'
import { TILL_WORKER } from './till-worker.ts'
import { TillsPage, type TypedTill } from './tills-page.tsx'
import { words } from './words.ts'

const UUID = '[0-9a-f-]{36}'

/** What the till on a device sends: see islands/till.tsx. */
const Sale = z.object({
  id: z.uuid(),
  lines: z
    .array(
      z.object({
        variantId: z.uuid(),
        quantity: z.int().min(1).max(99),
        each: z.int().min(0).max(LARGEST_AMOUNT),
      }),
    )
    .min(1)
    .max(200)
    .refine((lines) => new Set(lines.map(({ variantId }) => variantId)).size === lines.length),
  paidWith: z.enum(['cash', 'other']),
  soldAt: z.string().max(40),
  mail: z.string().max(300),
})

/** Selling at a table, and counting the box. */
export function tillStudio({ db, now }: Pick<Platform, 'db' | 'now'>): Hono<WebEnv> {
  const atDesk = guard('orders.handle', (c) => {
    const artist = currentArtist(c)
    return artist && { kind: 'artist', artistId: artist.id }
  })
  const ofTill = guard('orders.handle', async (c) => {
    const till = await tillById(db, c.req.param('id') ?? '')
    return till?.artistId ? { kind: 'artist', artistId: till.artistId } : null
  })

  async function showTills(c: Context<WebEnv>, typed?: TypedTill, errors?: FieldErrors) {
    const artist = currentArtist(c)
    if (!artist) return c.notFound()
    const seller = await sellerOf(db, { artistId: artist.id })
    if (!seller) return c.html(<NoSellerPage c={c} artistId={artist.id} />)
    const { currency } = seller
    const [tills, things] = await Promise.all([tillsOf(db, artist.id), tillThings(db, artist.id, currency)])
    return c.html(
      <TillsPage
        {...{ c, artistId: artist.id, currency, tills, typed, errors }}
        rule={tillRule(seller)}
        canSell={things.length > 0}
      />,
      errors ? 422 : 200,
    )
  }

  type Shown = { typed?: TypedSale; counted?: { counted: string; note: string }; errors?: FieldErrors }

  async function showTill(c: Context<WebEnv>, id: string, shown: Shown = {}) {
    const till = await tillById(db, id)
    if (!till?.artistId) return c.notFound()
    const [things, sales] = await Promise.all([tillThings(db, till.artistId, till.currency), salesOf(db, id)])
    const t = words(c.var.page.lang)
    const money = (amount: number) => formatMoney({ amount, currency: till.currency }, c.var.page.lang)
    const sold = sales.find((sale) => sale.id === c.req.query('sold'))
    const change = Number(c.req.query('change'))
    const said = sold && [
      change > 0
        ? t('was_sold_change', { total: money(sold.total), change: money(change) })
        : t('was_sold', { total: money(sold.total) }),
      ...(sold.short.length > 0
        ? [t('was_short', { what: sold.short.map(({ title, missing }) => `${missing} × ${title}`).join(' · ') })]
        : []),
    ]
    const notice = shown.errors
      ? undefined
      : (said?.join(' ') ?? (c.req.query('done') === 'counted' ? t('done_counted') : undefined))
    return c.html(
      <TillPage {...{ c, till, things, sales, notice, ...shown }} saleId={newId()} />,
      shown.errors ? 422 : 200,
    )
  }

  return new Hono<WebEnv>()
    .get('/studio/till', atDesk, (c) => showTills(c))
    .get('/studio/till/worker.js', open, (c) =>
      c.body(TILL_WORKER, 200, { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache' }),
    )
    .post('/studio/till', atDesk, smallBody, async (c) => {
      const artist = currentArtist(c)
      const seller = artist && (await sellerOf(db, { artistId: artist.id }))
      if (!artist || !seller) return c.notFound()
      const t = words(c.var.page.lang)
      const posted = await readForm(c)
      const typed: TypedTill = {
        place: posted.text('place').slice(0, 100),
        begunWith: posted.text('begunWith'),
        from: posted.text('from'),
        confirmed: posted.has('confirmed'),
      }
      const change = readMoney(typed.begunWith || '0', seller.currency)
      const errors: FieldErrors = {
        ...(!change && { begunWith: t('problem_amount') }),
        ...(tillRule(seller) !== 'free' && !typed.confirmed && { confirmed: t('problem_confirm') }),
      }
      if (!change || Object.keys(errors).length > 0) return showTills(c, typed, errors)
      const id = await openTill(
        { db, now },
        {
          ...{ artistId: artist.id, seller, place: typed.place, begunWith: change.amount },
          fromAccount: typed.from === 'cash' ? 'cash' : 'owner',
          ...{ isConfirmed: typed.confirmed, by: actorOf(c).accountId },
        },
      )
      return c.redirect(`/studio/till/${id}`, 303)
    })
    .get(`/studio/till/:id{${UUID}}`, ofTill, (c) => showTill(c, c.req.param('id')))
    .post(`/studio/till/:id{${UUID}}/sell`, ofTill, smallBody, async (c) => {
      const tillId = c.req.param('id')
      const till = await tillById(db, tillId)
      if (!till?.artistId) return c.notFound()
      const { lang } = c.var.page
      const t = words(lang)
      const posted = await readForm(c)
      const things = await tillThings(db, till.artistId, till.currency)
      const typed: TypedSale = {
        quantities: new Map(things.map(({ variantId }) => [variantId, posted.text(`q_${variantId}`)])),
        ...{ paidWith: posted.text('paid'), given: posted.text('given'), mail: posted.text('mail') },
      }
      const lines: SoldLine[] = things.flatMap(({ variantId, price }) => {
        const quantity = /^\d{1,2}$/.test(typed.quantities.get(variantId) ?? '')
          ? Number(typed.quantities.get(variantId))
          : 0
        return quantity > 0 ? [{ variantId, quantity, each: price }] : []
      })
      const total = saleTotal(lines)
      const given = typed.given ? readMoney(typed.given, till.currency) : null
      const mail = typed.mail ? readAddress('mail', typed.mail) : null
      const errors: FieldErrors = {
        ...(lines.length === 0 && { '': t('problem_empty') }),
        ...(typed.given && !given && { given: t('problem_amount') }),
        ...(given &&
          given.amount < total && {
            given: t('problem_given', { total: formatMoney({ amount: total, currency: till.currency }, lang) }),
          }),
        ...(mail && !mail.ok && { mail: t('problem_mail') }),
      }
      const id = z.uuid().safeParse(posted.text('sale')).data ?? newId()
      if (Object.keys(errors).length > 0) return showTill(c, tillId, { typed, errors })
      const taken = await takeSale({ db, now }, tillId, {
        ...{ id, lines, paidWith: typed.paidWith === 'other' ? 'other' : 'cash', soldAt: now().toISOString() },
        ...{ mail: mail?.ok ? mail.value : null, language: lang },
      })
      if (!taken.ok) return showTill(c, tillId, { typed, errors: { '': t(`problem_${taken.error}`) } })
      const change = typed.paidWith !== 'other' && given ? given.amount - total : 0
      return c.redirect(`/studio/till/${tillId}?sold=${id}&change=${change}`, 303)
    })
    .post(`/studio/till/:id{${UUID}}/sales`, ofTill, smallBody, async (c) => {
      const tillId = c.req.param('id')
      const { lang } = c.var.page
      const t = words(lang)
      const sale = Sale.safeParse(await c.req.json().catch(() => null))
      if (!sale.success) return c.json({ problem: t('problem_empty') }, 422)
      // What was sold was sold: an address that is none is no reason to lose it.
      const mail = readAddress('mail', sale.data.mail)
      const taken = await takeSale({ db, now }, tillId, {
        ...sale.data,
        mail: mail.ok ? mail.value : null,
        language: lang,
      })
      if (!taken.ok) return c.json({ problem: t(`problem_${taken.error}`) }, 422)
      const till = await tillById(db, tillId)
      const things = till?.artistId ? await tillThings(db, till.artistId, till.currency) : []
      return c.json({
        short: taken.value.again ? [] : taken.value.short,
        left: Object.fromEntries(things.map(({ variantId, left }) => [variantId, left])),
      })
    })
    .post(`/studio/till/:id{${UUID}}/count`, ofTill, smallBody, async (c) => {
      const tillId = c.req.param('id')
      const till = await tillById(db, tillId)
      if (!till) return c.notFound()
      const posted = await readForm(c)
      const counted = { counted: posted.text('counted'), note: posted.text('note').slice(0, 500) }
      const read = readMoney(counted.counted, till.currency)
      if (!read) return showTill(c, tillId, { counted, errors: { counted: words(c.var.page.lang)('problem_amount') } })
      await closeTill({ db, now }, { tillId, counted: read.amount, note: counted.note, by: actorOf(c).accountId })
      return c.redirect(`/studio/till/${tillId}?done=counted`, 303)
    })
}
