import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { isGivenBack } from '../order.rules.ts'
import { DISPUTED, linesOf, lockOrder, type Order } from '../order.store.ts'
import type { Tracking } from './carrier.rules.ts'
import { type Known, keptBack, leftOf, type Part } from './parcel.rules.ts'
import { SENT } from './parcels.views.ts'
import type { ParcelKind } from './tables.ts'

export type ParcelProblem =
  /** The order is not paid, is given back, or its buyer told the bank that they do not want it; `no-address`: it is not sent at all. */
  | { problem: 'not-paid' | 'given-back' | 'withdrawn' | 'disputed' | 'no-address' | 'nothing' | 'gone' }
  | { problem: 'too-many' | 'sold-out'; position: number; left: number }

export type NewParcel = {
  orderId: string
  /** A form's key: packed twice, it is one. */
  key: string
  kind: ParcelKind
  parts: Part[]
  by: string | null
  at: Date
}

/** Why nothing may leave of an order. */
async function standsInTheWay(tx: Tx, order: Order): Promise<ParcelProblem | null> {
  if (order.state !== 'paid') return { problem: 'not-paid' }
  if (!order.address) return { problem: 'no-address' }
  if (isGivenBack(order)) return { problem: 'given-back' }
  const { rows } = await sql`select from orders o where o.id = ${order.id} and ${DISPUTED}`.execute(tx)
  return rows.length > 0 ? { problem: 'disputed' } : null
}

/** What lies in parcels that were not unpacked, and what the buyer withdrew from: read in the order's lock, which withdrawals take too. */
async function knownIn(tx: Tx, orderId: string): Promise<Known> {
  const parts = await tx
    .selectFrom('parcelLines')
    .innerJoin('parcels', 'parcels.id', 'parcelLines.parcelId')
    .select(['position', 'quantity', 'kind', 'sentAt'])
    .where('orderId', '=', orderId)
    .where('unpackedAt', 'is', null)
    .execute()
  const said = await tx.selectFrom('withdrawals').select('positions').where('orderId', '=', orderId).execute()
  return {
    parts: parts.map(({ sentAt, ...part }) => ({ ...part, isSent: sentAt !== null })),
    withdrawn: said.flatMap(({ positions }) => positions),
  }
}

/**
 * Things of an order are put into a parcel, in the order's own lock: never more than are left to send. A replacement sends once more what was sent, and is
 * taken from what there is.
 */
export async function packParcel(tx: Tx, said: NewParcel): Promise<Result<{ id: string }, ParcelProblem>> {
  const { orderId, key, kind, by, at } = said
  const order = await lockOrder(tx, orderId)
  const before = await tx.selectFrom('parcels').select(['id', 'orderId']).where('formKey', '=', key).executeTakeFirst()
  if (before) return before.orderId === orderId ? ok({ id: before.id }) : fail({ problem: 'gone' })
  const obstacle = await standsInTheWay(tx, order)
  if (obstacle) return fail(obstacle)
  const parts = said.parts.filter(({ quantity }) => quantity > 0)
  if (parts.length === 0) return fail({ problem: 'nothing' })
  const lines = new Map((await linesOf(tx, orderId)).map((line) => [line.position, line]))
  const known = await knownIn(tx, orderId)
  for (const { position, quantity } of parts) {
    const line = lines.get(position)
    const left = line ? leftOf(line, known, kind) : 0
    if (quantity > left) return fail({ problem: 'too-many', position, left })
  }
  if (kind === 'replacement') {
    const short = await takeStock(
      tx,
      parts.map(({ position, quantity }) => ({
        position,
        quantity,
        variantId: lines.get(position)?.variantId ?? null,
      })),
    )
    if (short) return fail(short)
  }
  const id = newId(at.getTime())
  await tx
    .insertInto('parcels')
    .values({
      ...{ id, formKey: key, orderId, kind, packedAt: at, packedBy: by },
      ...{ link: null, sentAt: null, unpackedAt: null, toldAt: null },
    })
    .execute()
  await tx
    .insertInto('parcelLines')
    .values(parts.map(({ position, quantity }) => ({ parcelId: id, position, quantity })))
    .execute()
  return ok({ id })
}

/** Lowers what there is by what is sent once more. Says of what there is too little; then the caller must roll back what it wrote. */
async function takeStock(
  tx: Tx,
  wanted: (Part & { variantId: string | null })[],
): Promise<{ problem: 'sold-out'; position: number; left: number } | null> {
  const ids = wanted.flatMap(({ variantId }) => variantId ?? [])
  const rows = await tx
    .selectFrom('variants')
    .select(['id', 'stock', 'held'])
    .where('id', 'in', ids.length > 0 ? ids : [newId()])
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  const left = new Map(rows.map(({ id, stock, held }) => [id, stock === null ? null : stock - held]))
  for (const { variantId, position, quantity } of wanted) {
    const there = variantId === null ? null : (left.get(variantId) ?? null)
    if (variantId === null || there === null) continue
    if (there < quantity) return { problem: 'sold-out', position, left: there }
    left.set(variantId, there - quantity)
  }
  for (const { variantId, quantity } of wanted) if (variantId) await moveStock(tx, variantId, -quantity)
  return null
}

const moveStock = (tx: Tx, variantId: string, by: number) =>
  sql`update variants set stock = stock + ${by} where id = ${variantId} and stock is not null`.execute(tx)

const lockParcel = async (tx: Tx, id: string) => {
  const known = await tx.selectFrom('parcels').select('orderId').where('id', '=', id).executeTakeFirst()
  if (!known) return null
  const order = await lockOrder(tx, known.orderId)
  const parcel = await tx.selectFrom('parcels').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const parts = await tx.selectFrom('parcelLines').selectAll().where('parcelId', '=', id).execute()
  return { order, parcel, parts }
}

/** It leaves, and the buyer is told, in one transaction. Twice is once; what was given back or withdrawn from meanwhile stays. */
export async function sendParcel(
  tx: Tx,
  { parcelId, at, ...tracking }: Tracking & { parcelId: string; at: Date },
): Promise<Result<'sent' | 'again', ParcelProblem>> {
  const found = await lockParcel(tx, parcelId)
  if (!found || found.parcel.unpackedAt) return fail({ problem: 'gone' })
  const { order, parcel, parts } = found
  if (parcel.sentAt) return ok('again')
  const obstacle = await standsInTheWay(tx, order)
  if (obstacle) return fail(obstacle)
  const { withdrawn } = await knownIn(tx, order.id)
  for (const line of await linesOf(tx, order.id)) {
    const why = parts.some(({ position }) => position === line.position) ? keptBack(line, withdrawn) : null
    if (why) return fail({ problem: why })
  }
  await tx
    .updateTable('parcels')
    .set({ ...tracking, sentAt: at })
    .where('id', '=', parcelId)
    .execute()
  await noteAllSent(tx, order.id)
  if (order.mail) await addJob(tx, 'shop.mail-parcel', { parcelId })
  return ok('sent')
}

/**
 * Nobody who packs has to read an order of which all has left, in the order's lock. What was kept back is not sent: money that was given back may fail to arrive, and
 * then it leaves after all.
 */
const noteAllSent = (tx: Tx, orderId: string) =>
  sql`
    update orders o set all_sent = true where o.id = ${orderId} and not exists (
      select from order_lines l where l.order_id = o.id and l.weight is not null and l.quantity > ${SENT})`.execute(tx)

/**
 * How a parcel that left is followed is put right; what it was before is kept. With `tells`, the buyer is written to once. The same said again changes
 * nothing.
 */
export async function correctTracking(
  tx: Tx,
  { parcelId, tells, by, at, ...now }: Tracking & { parcelId: string; tells: boolean; by: string | null; at: Date },
): Promise<Result<'corrected' | 'again', ParcelProblem>> {
  const found = await lockParcel(tx, parcelId)
  if (!found?.parcel.sentAt) return fail({ problem: 'gone' })
  const { carrier, tracking, link } = found.parcel
  if (carrier === now.carrier && tracking === now.tracking && link === now.link) return ok('again')
  const id = newId(at.getTime())
  await tx
    .insertInto('parcelCorrections')
    .values({
      ...{ id, parcelId, carrier, tracking, link },
      ...{ correctedAt: at, correctedBy: by, tells, toldAt: null },
    })
    .execute()
  await tx.updateTable('parcels').set(now).where('id', '=', parcelId).execute()
  if (tells && found.order.mail) await addJob(tx, 'shop.mail-tracking', { correctionId: id })
  return ok('corrected')
}

/** What did not leave yet is taken out again. */
export async function unpackParcel(tx: Tx, parcelId: string, at: Date): Promise<boolean> {
  const found = await lockParcel(tx, parcelId)
  if (!found || found.parcel.sentAt) return false
  const { order, parcel, parts } = found
  if (parcel.unpackedAt) return true
  await tx.updateTable('parcels').set({ unpackedAt: at }).where('id', '=', parcelId).execute()
  if (parcel.kind === 'replacement') {
    const lines = await linesOf(tx, order.id)
    for (const { position, quantity } of parts) {
      const variantId = lines.find((line) => line.position === position)?.variantId
      if (variantId) await moveStock(tx, variantId, quantity)
    }
  }
  return true
}

/** Something came back: never more than left. Put with the others again, it can be sold. Twice is once. */
export async function takeBack(
  tx: Tx,
  said: Part & { parcelId: string; key: string; restock: boolean; by: string | null; at: Date },
): Promise<Result<'back' | 'again', ParcelProblem>> {
  const { parcelId, position, quantity, key, restock, by, at } = said
  const found = await lockParcel(tx, parcelId)
  if (!found?.parcel.sentAt) return fail({ problem: 'gone' })
  if (await tx.selectFrom('parcelReturns').select('id').where('formKey', '=', key).executeTakeFirst())
    return ok('again')
  if (quantity < 1) return fail({ problem: 'nothing' })
  const back = await tx
    .selectFrom('parcelReturns')
    .select('quantity')
    .where('parcelId', '=', parcelId)
    .where('position', '=', position)
    .execute()
  const sent = found.parts.find((part) => part.position === position)?.quantity ?? 0
  const left = sent - back.reduce((sum, one) => sum + one.quantity, 0)
  if (quantity > left) return fail({ problem: 'too-many', position, left })
  await tx
    .insertInto('parcelReturns')
    .values({
      ...{ id: newId(at.getTime()), formKey: key, parcelId, position, quantity },
      ...{ restocked: restock, cameAt: at, notedBy: by },
    })
    .execute()
  if (restock) {
    const line = (await linesOf(tx, found.order.id)).find((one) => one.position === position)
    if (line?.variantId) await moveStock(tx, line.variantId, quantity)
  }
  return ok('back')
}
