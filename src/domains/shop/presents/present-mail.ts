import type { Lang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { addressHash, suppressedAmong } from '../../fans/index.ts'
import { presentPath } from '../links.ts'
import { isGivenBack } from '../order.rules.ts'
import { isLost } from '../order.store.ts'
import { orderById } from '../order.views.ts'
import { presentOf } from './present.store.ts'
import { words } from './words.ts'

/** Tells the friend, once for each sending. They are told of this and of nothing else: no address is kept from it for any news. */
export async function mailPresent(
  { db, config, signer, mailer }: Pick<Platform, 'db' | 'config' | 'signer' | 'mailer'>,
  { orderId, sent }: { orderId: string; sent: number },
): Promise<void> {
  const [order, present] = [await orderById(db, orderId), await presentOf(db, orderId)]
  if (!order || !present?.mail || present.sent !== sent || present.takenAt) return
  // The money went back since.
  if (isGivenBack(order) || (await isLost(db, orderId))) return
  const hash = addressHash(signer, 'mail', present.mailKey)
  if ((await suppressedAmong(db, 'mail', [hash])).size > 0) {
    await db.updateTable('presents').set({ isRefused: true }).where('orderId', '=', orderId).execute()
    return
  }
  const lang: Lang = order.language === 'fr' ? 'fr' : 'en'
  const t = words(lang)
  const titles = order.lines.flatMap(({ subject, title }) => (subject ? [title] : []))
  const name = order.seller.artistName ?? order.seller.legalName
  await mailer.send({
    to: present.mail,
    subject: t('mail_subject', { giver: present.giver }),
    text: [
      t('mail_lead', { giver: present.giver, name }),
      ...titles.map((title) => `– ${title}`),
      '',
      ...(present.message ? [present.message, ''] : []),
      t('mail_link'),
      config.baseUrl + presentPath(signer, orderId, present.mailKey),
      '',
      t('mail_why', { giver: present.giver }),
    ].join('\n'),
    headers: { 'Message-ID': `<present.${orderId}.${sent}@${new URL(config.baseUrl).hostname}>` },
  })
}
