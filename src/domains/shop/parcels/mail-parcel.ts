import { sql } from 'kysely'
import { addJob } from '../../../platform/jobs/index.ts'
import { MayHaveLeft } from '../../../platform/mail/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { orderPath } from '../links.ts'
import { orderById } from '../order.views.ts'
import { carrierName } from './carrier.rules.ts'
import { isOver, parcelById, parcelsOf, type SentParcel } from './parcels.views.ts'
import { words } from './words.ts'

/** How a parcel is followed, in a mail. */
const followed = (t: ReturnType<typeof words>, { carrier, tracking, link }: SentParcel): string[] => {
  const name = carrierName(carrier)
  return [
    ...(tracking ? [t(name ? 'mail_number' : 'mail_number_alone', { number: tracking, carrier: name ?? '' })] : []),
    ...(link ? [t('mail_follow'), link] : tracking ? [] : [t('mail_untracked')]),
  ]
}

/**
 * Sends a message once. That it is handed over is written down before, so that whoever takes up the work of a process that died sends nothing again: whether it arrived is not
 * known then, and a person decides (`tellAgain`). What a mail server refused, or could not be reached for, is tried again as every job is.
 */
async function tellOnce(
  { db, now, log }: Deps,
  of: 'parcels' | 'parcelCorrections',
  id: string,
  send: () => Promise<void>,
) {
  const at = now()
  const { numUpdatedRows } = await db
    .updateTable(of)
    .set({ tellingAt: at })
    .where('id', '=', id)
    .where('tellingAt', 'is', null)
    .where('toldAt', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return
  try {
    await send()
  } catch (error) {
    if (error instanceof MayHaveLeft) {
      log.warn({ err: error, of, id }, 'whether a buyer was told of a parcel is not known; a person decides')
      return
    }
    // Whoever took so long may find that a person had it told again: that is not theirs to undo.
    await db.updateTable(of).set({ tellingAt: null }).where('id', '=', id).where('tellingAt', '=', at).execute()
    throw error
  }
  await db.updateTable(of).set({ toldAt: now() }).where('id', '=', id).execute()
}

/** The buyer is told after all, where it is not known whether they were. */
export const tellAgain = ({ db }: Pick<Platform, 'db'>, parcelId: string): Promise<void> =>
  db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('parcels')
      .set({ tellingAt: null })
      .where('id', '=', parcelId)
      .where(isOver(sql`telling_at`))
      .where('toldAt', 'is', null)
      .executeTakeFirst()
    if (numUpdatedRows > 0n) await addJob(tx, 'shop.mail-parcel', { parcelId })
    const corrections = await tx
      .updateTable('parcelCorrections')
      .set({ tellingAt: null })
      .where('parcelId', '=', parcelId)
      .where(isOver(sql`telling_at`))
      .where('toldAt', 'is', null)
      .returning('id')
      .execute()
    for (const { id } of corrections) await addJob(tx, 'shop.mail-tracking', { correctionId: id })
  })

type Deps = Pick<Platform, 'db' | 'config' | 'signer' | 'mailer' | 'now' | 'log'>

/** The buyer is told that a parcel left, what is in it and where it is followed: once, in their language. */
export async function mailParcel(deps: Deps, parcelId: string): Promise<void> {
  const { db, config, signer, mailer } = deps
  const known = await parcelById(db, parcelId)
  if (!known?.sentAt || known.toldAt) return
  const order = await orderById(db, known.orderId)
  const parcel = (await parcelsOf(db, known.orderId)).find(({ id }) => id === parcelId)
  if (!order?.mail || !parcel) return
  const t = words(order.language === 'fr' ? 'fr' : 'en')
  const name = order.seller.artistName ?? order.seller.legalName
  const text = [
    t(parcel.kind === 'order' ? 'mail_sent' : 'mail_sent_again', { code: order.code, name }),
    '',
    ...parcel.lines.map(
      ({ title, variant, quantity }) => `${quantity} × ${[title, variant].filter(Boolean).join(', ')}`,
    ),
    '',
    ...followed(t, parcel),
    '',
    t('mail_order'),
    config.baseUrl + orderPath(signer, order.id),
    '',
    order.seller.legalName,
  ].join('\n')
  const mail = {
    to: order.mail,
    subject: t('mail_sent_subject', { code: order.code, name }),
    text,
    // Told again by a person, a mail program shows the second copy as the same.
    headers: { 'Message-ID': `<parcel.${parcelId}@${new URL(config.baseUrl).hostname}>` },
  }
  await tellOnce(deps, 'parcels', parcelId, () => mailer.send(mail))
}

/** The buyer is told that their parcel is followed by another number: once, in their language. */
export async function mailTracking(deps: Deps, correctionId: string): Promise<void> {
  const { db, config, signer, mailer } = deps
  const said = await db
    .selectFrom('parcelCorrections')
    .innerJoin('parcels', 'parcels.id', 'parcelCorrections.parcelId')
    .select(['parcelId', 'orderId', 'tells', 'parcelCorrections.toldAt as toldAt'])
    .where('parcelCorrections.id', '=', correctionId)
    .executeTakeFirst()
  if (!said?.tells || said.toldAt) return
  const order = await orderById(db, said.orderId)
  const parcel = (await parcelsOf(db, said.orderId)).find(({ id }) => id === said.parcelId)
  if (!order?.mail || !parcel) return
  const t = words(order.language === 'fr' ? 'fr' : 'en')
  const name = order.seller.artistName ?? order.seller.legalName
  const mail = {
    to: order.mail,
    subject: t('mail_tracking_subject', { code: order.code, name }),
    text: [
      t('mail_tracking', { code: order.code, name }),
      '',
      ...followed(t, parcel),
      '',
      t('mail_order'),
      config.baseUrl + orderPath(signer, order.id),
      '',
      order.seller.legalName,
    ].join('\n'),
    headers: { 'Message-ID': `<tracking.${correctionId}@${new URL(config.baseUrl).hostname}>` },
  }
  await tellOnce(deps, 'parcelCorrections', correctionId, () => mailer.send(mail))
}
