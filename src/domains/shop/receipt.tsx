import { formats, type Lang } from '../../platform/i18n/index.ts'
import { formatMoney } from '../../platform/money.ts'
import type { Platform } from '../../platform/platform.ts'
import { noticeOf, waitingCard } from './cards/card-mail.ts'
import { libraryPath, memberPath, orderPath } from './links.ts'
import { membershipOfOrder } from './members/members.views.ts'
import { words as memberWords } from './members/words.ts'
import { isGivenBack } from './order.rules.ts'
import { isLost, type Order } from './order.store.ts'
import { orderById } from './order.views.ts'
import { words } from './pages/words.ts'
import { papersOfOrder } from './papers.ts'
import { shopSettings } from './settings.store.ts'
import { reasonsOf } from './tax.rules.ts'
import { termsPath } from './terms/paths.rules.ts'
import { termsVersion } from './terms/terms.store.ts'

type Deps = Pick<Platform, 'db' | 'config' | 'signer' | 'mailer'>
type TellDeps = Deps & Pick<Platform, 'now'>

/** What the buyer is told by mail of an order: how to pay it, or that it is paid and where everything is. The same order says the same under one name. */
export async function mailOrder({ db, config, signer, mailer, now }: TellDeps, orderId: string): Promise<void> {
  const order = await orderById(db, orderId)
  if (!order || (order.state !== 'paid' && order.state !== 'placed')) return
  const lang: Lang = order.language === 'fr' ? 'fr' : 'en'
  const t = words(lang)
  const money = (amount: number) => formatMoney({ amount, currency: order.currency }, lang)
  const isPaid = order.state === 'paid'
  const papers = await papersOfOrder(db, order)
  const membership = await membershipOfOrder(db, orderId)
  const isNext = !isPaid && membership !== null
  // A card pays it by itself: told before it is charged.
  const notice = isNext ? await noticeOf({ db, now }, orderId) : null
  const waiting = isPaid && membership?.renews === null ? await waitingCard(db, membership.id, lang) : null
  const m = memberWords(lang)
  const from = order.seller.artistName ?? order.seller.legalName
  const { date } = formats(lang)
  const lines = order.lines.map((line) =>
    [
      `${line.quantity} × ${[line.title, line.variant].filter(Boolean).join(', ')}: ${money(line.gross)}`,
      line.releasedAt && t('preorder_line', { date: date(line.releasedAt) }),
    ]
      .filter(Boolean)
      .join('. '),
  )
  const text = [
    notice
      ? notice.text
      : isNext
        ? m('mail_next', { name: from, title: membership.title, until: formats(lang).date(membership.paidUntil) })
        : t(isPaid ? 'mail_paid' : 'mail_placed', { name: from, code: order.code }),
    '',
    ...lines,
    ...(order.shipping > 0 ? [`${t('shipping')}: ${money(order.shipping)}`] : []),
    `${t('total')}: ${money(order.total)}`,
    ...(order.tax > 0
      ? [`${t('tax_within')}: ${money(order.tax)}`]
      : reasonsOf(order, order.lines).includes('small') && order.seller.country === 'FR'
        ? [t('art_293b')]
        : []),
    '',
    ...(isPaid || notice || order.provider !== 'manual'
      ? []
      : [t('transfer_to'), order.seller.paysTo, `${t('transfer_reference')}: ${order.code}`, '']),
    ...(waiting ? [waiting, ''] : []),
    ...(membership
      ? [
          notice?.stop ?? m(isPaid ? 'mail_until' : 'mail_stop', { until: formats(lang).date(membership.paidUntil) }),
          config.baseUrl + memberPath(signer, membership.id),
          '',
        ]
      : []),
    t('mail_order_link'),
    config.baseUrl + orderPath(signer, order.id),
    '',
    ...(papers[0] ? [t('mail_invoice'), `${config.baseUrl}${orderPath(signer, order.id)}/papers/1.pdf`, ''] : []),
    ...(isPaid ? [t('mail_library_link'), config.baseUrl + libraryPath(signer, order.mailKey), ''] : []),
    ...(order.terms.waiver && isPaid ? [t('mail_waiver'), `> ${order.terms.waiver}`, ''] : []),
    order.seller.legalName,
    ...(isPaid ? await contractOf({ db, config }, order) : []),
  ].join('\n')
  await mailer.send({
    to: order.mail,
    subject: notice
      ? notice.subject
      : isNext
        ? m('mail_next_subject', { title: membership.title, name: from })
        : t(isPaid ? 'mail_paid_subject' : 'mail_placed_subject', { code: order.code, name: from }),
    text,
    // One name an order and state: a mail program shows a second copy, after a crash, as the same.
    headers: {
      'Message-ID': `<${notice?.id ?? `order.${order.id}.${order.state}`}@${new URL(config.baseUrl).hostname}>`,
    },
  })
  await notice?.told()
}

/** The terms that were accepted, whole, for good in the buyer's hands: what is only at an address may change (Court of Justice, C-49/11). */
async function contractOf({ db, config }: Pick<Deps, 'db' | 'config'>, order: Order): Promise<string[]> {
  const { version, language } = order.terms
  const lang = language === 'fr' ? 'fr' : 'en'
  const terms = /^\d+$/.test(version)
    ? await termsVersion(db, { sellerId: order.sellerId, language: lang, version: Number(version) })
    : undefined
  if (!terms || order.total === 0) return []
  const title = words(lang)('mail_terms')
  return ['', '—'.repeat(20), title, config.baseUrl + termsPath(order.sellerId, order.terms), '', terms.body]
}

/** That a buyer takes something back was heard, and when: told to them, and to whom they bought it of. */
export async function mailWithdrawal({ db, config, mailer }: Deps, withdrawalId: string): Promise<void> {
  const said = await db.selectFrom('withdrawals').selectAll().where('id', '=', withdrawalId).executeTakeFirst()
  const order = said && (await orderById(db, said.orderId))
  if (!order) return
  const lang: Lang = order.language === 'fr' ? 'fr' : 'en'
  const t = words(lang)
  const told = {
    code: order.code,
    date: formats(lang).dateTime(said.saidAt),
    titles: formats(lang).list(
      order.lines.filter(({ position }) => said.positions.includes(position)).map(({ title }) => title),
    ),
    name: order.seller.legalName,
  }
  const { contactMail } = await shopSettings(db, order.sellerId)
  const id = `${said.id}@${new URL(config.baseUrl).hostname}`
  const subject = t('mail_withdrawn_subject', { code: order.code })
  if (order.mail)
    await mailer.send({
      ...{
        to: order.mail,
        subject,
        text: [t('mail_withdrawn', told), '', t('mail_withdrawn_back'), '', told.name].join('\n'),
      },
      headers: { 'Message-ID': `<withdrawn.${id}>` },
    })
  if (contactMail)
    await mailer.send({
      ...{
        to: contactMail,
        subject,
        text: [t('mail_withdrawn', told), '', `${config.baseUrl}/studio/orders/${order.id}`].join('\n'),
      },
      headers: { 'Message-ID': `<withdrawn.seller.${id}>` },
    })
}

/** Something that was ordered before it was out is out: where to download it. Of what is only sent by post, whoever packs it tells. */
export async function mailReleased(
  { db, config, signer, mailer }: Deps,
  { orderId, productId }: { orderId: string; productId: string },
): Promise<void> {
  const order = await orderById(db, orderId)
  const line = order?.lines.find((one) => one.productId === productId && one.subject !== null)
  if (!order?.mail || !line || order.state !== 'paid' || isGivenBack(order) || (await isLost(db, orderId))) return
  const t = words(order.language === 'fr' ? 'fr' : 'en')
  const name = order.seller.artistName ?? order.seller.legalName
  const text = [
    t('mail_released', { title: line.title, name }),
    '',
    t('mail_order_link'),
    config.baseUrl + orderPath(signer, order.id),
    '',
    t('mail_library_link'),
    config.baseUrl + libraryPath(signer, order.mailKey),
    '',
    order.seller.legalName,
  ].join('\n')
  await mailer.send({
    to: order.mail,
    subject: t('mail_released_subject', { title: line.title, name }),
    text,
    headers: { 'Message-ID': `<released.${order.id}.${productId}@${new URL(config.baseUrl).hostname}>` },
  })
}

/** The way back to everything that an address owns; nothing is sent to who owns nothing. */
export async function mailLibrary(
  { db, config, signer, mailer }: Deps,
  { mailKey, mail, language }: { mailKey: string; mail: string; language: Lang },
): Promise<void> {
  const owns = await db.selectFrom('holdings').select('id').where('mailKey', '=', mailKey).limit(1).executeTakeFirst()
  if (!owns) return
  const t = words(language)
  await mailer.send({
    to: mail,
    subject: t('library'),
    text: [t('mail_library'), '', config.baseUrl + libraryPath(signer, mailKey), '', t('mail_library_unasked')].join(
      '\n',
    ),
  })
}
