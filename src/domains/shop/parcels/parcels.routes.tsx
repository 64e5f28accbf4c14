import { type Context, Hono } from 'hono'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import {
  actorOf,
  guard,
  type Posted,
  readForm,
  senderAtDesk,
  senderHere,
  smallBody,
  type WebEnv,
} from '../../identity/index.ts'
import { orderById } from '../order.views.ts'
import { showOrder } from '../studio/show-order.tsx'
import { readTracking } from './carrier.rules.ts'
import { carrierCsv } from './carrier-csv.ts'
import { tellAgain } from './mail-parcel.ts'
import { ordersToPack, parcelById, uncertainOrders } from './parcels.views.ts'
import { ParcelsPage } from './parcels-page.tsx'
import { printOrders, printParcel } from './print-parcels.ts'
import { correctTracking, type ParcelProblem, packParcel, sendParcel, takeBack, unpackParcel } from './send-parcel.ts'
import { words } from './words.ts'

const UUID = '[0-9a-f-]{36}'

/** A transaction that wrote something and must not keep it. */
class Undone extends Error {
  readonly problem: ParcelProblem
  constructor(problem: ParcelProblem) {
    super(problem.problem)
    this.problem = problem
  }
}

/** What waits for its parcel, what is in one, what came back. */
export function parcelsStudio({ db, now }: Pick<Platform, 'db' | 'now'>): Hono<WebEnv> {
  const atDesk = senderAtDesk('orders.handle')
  /** What waits at this desk: of an artist, or of all who let a label handle their orders; what was chosen of it, where something was. */
  const chosenAtDesk = async (c: Context<WebEnv>) => {
    const chosen = new Set(c.req.queries('order') ?? [])
    const waiting = await ordersToPack(db, senderHere(c).sender, now())
    return waiting.filter(({ id }) => chosen.size === 0 || chosen.has(id))
  }
  const artistOf = async (orderId: string) => {
    const order = await orderById(db, orderId)
    return order?.artistId ? { kind: 'artist' as const, artistId: order.artistId } : null
  }
  const ofOrder = guard('orders.handle', (c) => artistOf(c.req.param('id') ?? ''))
  const ofParcel = guard('orders.handle', async (c) => {
    const parcel = await parcelById(db, c.req.param('id') ?? '')
    return parcel ? artistOf(parcel.orderId) : null
  })

  const sentence = (c: Context<WebEnv>, problem: ParcelProblem) =>
    words(c.var.page.lang)(`problem_${problem.problem}`, { left: 'left' in problem ? problem.left : 0 })

  /** How one parcel is followed, from its fields. */
  function readFollowed(c: Context<WebEnv>, { text }: Posted, of: string) {
    const read = readTracking({
      carrier: text(`carrier${of}`),
      tracking: text(`tracking${of}`),
      link: text(`link${of}`),
    })
    return 'problem' in read
      ? { errors: { [`${read.problem}${of}`]: words(c.var.page.lang)(`problem_${read.problem}`) } }
      : { tracking: read }
  }

  return new Hono<WebEnv>()
    .get('/studio/parcels', atDesk, async (c) => {
      const { sender } = senderHere(c)
      const orders = await ordersToPack(db, sender, now())
      const uncertain = await uncertainOrders(db, sender)
      return c.html(<ParcelsPage {...{ c, sender, orders, uncertain }} />)
    })
    .get('/studio/parcels/parcels.csv', atDesk, async (c) => {
      const orders = await chosenAtDesk(c)
      c.header('Content-Type', 'text/csv; charset=utf-8')
      c.header('Content-Disposition', 'attachment; filename="parcels.csv"')
      c.header('Cache-Control', 'private, no-store')
      return c.body(carrierCsv(orders))
    })
    .get('/studio/parcels/:file{(?:labels|slips)\\.pdf}', atDesk, async (c) => {
      const ids = (await chosenAtDesk(c)).map(({ id }) => id)
      const what = c.req.param('file') === 'labels.pdf' ? 'label' : 'slip'
      return (await printOrders(db, ids, { what, lang: c.var.page.lang })) ?? c.notFound()
    })
    .post(`/studio/orders/:id{${UUID}}/parcels`, ofOrder, smallBody, async (c) => {
      const orderId = c.req.param('id')
      const order = await orderById(db, orderId)
      if (!order) return c.notFound()
      const t = words(c.var.page.lang)
      const posted = await readForm(c)
      const key = posted.text('key')
      const kind = posted.text('kind') === 'replacement' ? 'replacement' : 'order'
      const prefix = kind === 'order' ? 'q' : 'again'
      const isSending = kind === 'order' && posted.text('leaves') === 'now'
      const typed = order.lines.map(({ position }) => ({ position, text: posted.text(`${prefix}_${position}`) || '0' }))
      const tracking = readTracking({
        carrier: posted.text('carrier'),
        tracking: posted.text('tracking'),
        link: posted.text('link'),
      })
      const errors: FieldErrors = {
        ...Object.fromEntries(
          typed
            .filter(({ text }) => !/^\d{1,3}$/.test(text))
            .map(({ position }) => [`${prefix}_${position}`, t('problem_quantity')]),
        ),
        ...('problem' in tracking && { [tracking.problem]: t(`problem_${tracking.problem}`) }),
        ...(!isId(key) && { '': t('problem_gone') }),
      }
      if ('problem' in tracking || Object.keys(errors).length > 0)
        return showOrder({ db, now }, c, orderId, errors, posted.text)
      const parts = typed.map(({ position, text }) => ({ position, quantity: Number(text) }))
      const at = now()
      const problem = await db
        .transaction()
        .execute(async (tx) => {
          const packed = await packParcel(tx, { orderId, key, kind, parts, by: actorOf(c).accountId, at })
          if (!packed.ok) throw new Undone(packed.error)
          if (!isSending) return null
          const sent = await sendParcel(tx, { ...tracking, parcelId: packed.value.id, at })
          if (!sent.ok) throw new Undone(sent.error)
          return null
        })
        .catch((error: unknown) => {
          if (error instanceof Undone) return error.problem
          throw error
        })
      if (problem)
        return showOrder(
          { db, now },
          c,
          orderId,
          { ['position' in problem ? `${prefix}_${problem.position}` : '']: sentence(c, problem) },
          posted.text,
        )
      return c.redirect(`/studio/orders/${orderId}?done=${isSending ? 'sent' : 'packed'}`, 303)
    })
    .get(`/studio/parcels/:id{${UUID}}/slip.pdf`, ofParcel, async (c) => {
      const parcel = await parcelById(db, c.req.param('id'))
      return (parcel && (await printParcel(db, parcel))) || c.notFound()
    })
    .post(`/studio/parcels/:id{${UUID}}/send`, ofParcel, smallBody, async (c) => {
      const parcel = await parcelById(db, c.req.param('id'))
      if (!parcel) return c.notFound()
      const posted = await readForm(c)
      const { tracking, errors } = readFollowed(c, posted, `_${parcel.id}`)
      if (!tracking) return showOrder({ db, now }, c, parcel.orderId, errors, posted.text)
      const sent = await db
        .transaction()
        .execute((tx) => sendParcel(tx, { ...tracking, parcelId: parcel.id, at: now() }))
      if (!sent.ok) return showOrder({ db, now }, c, parcel.orderId, { '': sentence(c, sent.error) }, posted.text)
      return c.redirect(`/studio/orders/${parcel.orderId}?done=sent`, 303)
    })
    .post(`/studio/parcels/:id{${UUID}}/number`, ofParcel, smallBody, async (c) => {
      const parcel = await parcelById(db, c.req.param('id'))
      if (!parcel) return c.notFound()
      const posted = await readForm(c)
      const { tracking, errors } = readFollowed(c, posted, `_${parcel.id}`)
      if (!tracking) return showOrder({ db, now }, c, parcel.orderId, errors, posted.text)
      const said = { ...tracking, parcelId: parcel.id, tells: posted.has(`tells_${parcel.id}`) }
      const corrected = await db
        .transaction()
        .execute((tx) => correctTracking(tx, { ...said, by: actorOf(c).accountId, at: now() }))
      if (!corrected.ok)
        return showOrder({ db, now }, c, parcel.orderId, { '': sentence(c, corrected.error) }, posted.text)
      return c.redirect(`/studio/orders/${parcel.orderId}?done=corrected`, 303)
    })
    .post(`/studio/parcels/:id{${UUID}}/unpack`, ofParcel, async (c) => {
      const parcel = await parcelById(db, c.req.param('id'))
      if (!parcel) return c.notFound()
      const isOut = await db.transaction().execute((tx) => unpackParcel(tx, parcel.id, now()))
      return c.redirect(`/studio/orders/${parcel.orderId}${isOut ? '?done=unpacked' : ''}`, 303)
    })
    .post(`/studio/parcels/:id{${UUID}}/tell`, ofParcel, async (c) => {
      const parcel = await parcelById(db, c.req.param('id'))
      if (!parcel) return c.notFound()
      await tellAgain({ db }, parcel.id)
      return c.redirect(`/studio/orders/${parcel.orderId}?done=told`, 303)
    })
    .post(`/studio/parcels/:id{${UUID}}/back`, ofParcel, smallBody, async (c) => {
      const parcel = await parcelById(db, c.req.param('id'))
      if (!parcel) return c.notFound()
      const posted = await readForm(c)
      const [key, at] = [posted.text('key'), posted.text('position')]
      const field = `back_${parcel.id}_${at}`
      const quantity = posted.text(field)
      if (!/^\d{1,3}$/.test(quantity) || !/^\d{1,3}$/.test(at) || !isId(key))
        return showOrder(
          { db, now },
          c,
          parcel.orderId,
          { [field]: words(c.var.page.lang)('problem_quantity') },
          posted.text,
        )
      const back = await db.transaction().execute((tx) =>
        takeBack(tx, {
          ...{ parcelId: parcel.id, position: Number(at), quantity: Number(quantity), key },
          ...{ restock: posted.has(`restock_${parcel.id}_${at}`), by: actorOf(c).accountId, at: now() },
        }),
      )
      if (!back.ok) return showOrder({ db, now }, c, parcel.orderId, { [field]: sentence(c, back.error) }, posted.text)
      return c.redirect(`/studio/orders/${parcel.orderId}?done=back`, 303)
    })
}
