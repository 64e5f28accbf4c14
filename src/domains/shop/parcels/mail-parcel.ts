import type { Platform } from '../../../platform/platform.ts'
import { orderPath } from '../links.ts'
import { orderById } from '../order.views.ts'
import { carrierName } from './carrier.rules.ts'
import { parcelById, parcelsOf } from './parcels.views.ts'
import { words } from './words.ts'

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
  const carrier = carrierName(parcel.carrier)
  const text = [
    t(parcel.kind === 'order' ? 'mail_sent' : 'mail_sent_again', { code: order.code, name }),
    '',
    ...parcel.lines.map(
      ({ title, variant, quantity }) => `${quantity} × ${[title, variant].filter(Boolean).join(', ')}`,
    ),
    '',
    ...(parcel.tracking
      ? [t(carrier ? 'mail_number' : 'mail_number_alone', { number: parcel.tracking, carrier: carrier ?? '' })]
      : []),
    ...(parcel.link ? [t('mail_follow'), parcel.link] : parcel.tracking ? [] : [t('mail_untracked')]),
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
