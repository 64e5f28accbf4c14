import type { Platform } from '../../../platform/platform.ts'
import { orderPath } from '../links.ts'
import { orderById } from '../order.views.ts'
import { carrierName } from './carrier.rules.ts'
import { parcelById, parcelsOf, type SentParcel } from './parcels.views.ts'
import { words } from './words.ts'

/** How a parcel is followed, in a mail. */
const followed = (t: ReturnType<typeof words>, { carrier, tracking, link }: SentParcel): string[] => {
  const name = carrierName(carrier)
  return [
    ...(tracking ? [t(name ? 'mail_number' : 'mail_number_alone', { number: tracking, carrier: name ?? '' })] : []),
    ...(link ? [t('mail_follow'), link] : tracking ? [] : [t('mail_untracked')]),
  ]
}

type Deps = Pick<Platform, 'db' | 'config' | 'signer' | 'mailer' | 'now'>

/** The buyer is told that a parcel left, what is in it and where it is followed: once, in their language. */
export async function mailParcel({ db, config, signer, mailer, now }: Deps, parcelId: string): Promise<void> {
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
  await mailer.send({
    to: order.mail,
    subject: t('mail_sent_subject', { code: order.code, name }),
    text,
    // After a crash between sending and writing it down, a mail program shows the second copy as the same.
    headers: { 'Message-ID': `<parcel.${parcelId}@${new URL(config.baseUrl).hostname}>` },
  })
  await db.updateTable('parcels').set({ toldAt: now() }).where('id', '=', parcelId).execute()
}

/** The buyer is told that their parcel is followed by another number: once, in their language. */
export async function mailTracking({ db, config, signer, mailer, now }: Deps, correctionId: string): Promise<void> {
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
  await mailer.send({
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
  })
  await db.updateTable('parcelCorrections').set({ toldAt: now() }).where('id', '=', correctionId).execute()
}
