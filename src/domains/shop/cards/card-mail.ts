import './tables.ts'
import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { formatMoney } from '../../../platform/money.ts'
import type { Platform } from '../../../platform/platform.ts'
import { memberPath, orderPath } from '../links.ts'
import { type MemberDetails, memberById } from '../members/members.views.ts'
import { accountById } from '../payments/accounts.store.ts'
import { type PaymentDeps, providerOf } from '../payments/providers.ts'
import { problemOf } from '../payments/stripe/stripe.ts'
import { cardName, cardOfMember, chargeToTell, expiringCards, expiryOf, isExpired } from './cards.views.ts'
import { NOTICE_MS, reasonOf } from './charge.rules.ts'
import { learnRenewal } from './learn-renewal.ts'
import { words } from './words.ts'

type Deps = Pick<Platform, 'db' | 'config' | 'signer' | 'mailer' | 'now'>

const langOf = ({ language }: { language: string }): Lang => (language === 'fr' ? 'fr' : 'en')
/** What is taken is what the order costs, whatever the membership costs by now. */
const sumOf = ({ total, currency }: { total: number; currency: string }, lang: Lang) =>
  formatMoney({ amount: total, currency }, lang)
const nameOf = ({ artistName, sellerName }: MemberDetails) => artistName ?? sellerName

/**
 * What the mail of the next period says where a card pays it: when, how much, which card, and how one does otherwise; `told` notes that it was sent. Told late,
 * it is charged later. Null where it is paid by hand.
 */
export async function noticeOf({ db, now }: Pick<Deps, 'db' | 'now'>, orderId: string) {
  const charge = await chargeToTell(db, orderId)
  const member = charge && (await memberById(db, charge.membershipId))
  if (!charge || !member) return null
  // Told before, it is the same mail again, of the same day.
  const dueAt = charge.toldAt ? charge.dueAt : new Date(Math.max(charge.dueAt.getTime(), now().getTime() + NOTICE_MS))
  const set = (said: { state: 'off' } | { toldAt: Date; dueAt: Date }) =>
    db.updateTable('memberCharges').set(said).where('id', '=', charge.id).where('state', '=', 'due').execute()
  if (dueAt >= charge.holdUntil) {
    await set({ state: 'off' })
    return null
  }
  const lang = langOf(member)
  const t = words(lang)
  const { date } = formats(lang)
  const about = {
    ...{ title: member.title, name: nameOf(member), price: sumOf(charge, lang), date: date(dueAt) },
    ...{ until: date(member.paidUntil), card: cardName(charge, lang) },
  }
  return {
    subject: t('mail_next_subject', about),
    text: [t('mail_next', about), ...(isExpired(charge, dueAt) ? [t('mail_next_expires')] : [])].join(' '),
    stop: t('mail_next_stop'),
    // Told again with another day, it is another mail.
    id: `order.${orderId}.charge.${dueAt.getTime()}`,
    told: () => set({ toldAt: now(), dueAt }),
  }
}

/** What the receipt says where the payment began again what rested: the card that is kept pays nothing. Null where there is none, or it pays. */
export async function waitingCard(db: Deps['db'], membershipId: string, lang: Lang): Promise<string | null> {
  const card = await cardOfMember(db, membershipId)
  return card?.waitsSince ? words(lang)('mail_waits', { card: cardName(card, lang) }) : null
}

/** A charge did not go through: why, when it is tried again, and how to pay by hand. Who has paid or left since is told nothing. */
export async function mailCharge({ db, config, signer, mailer }: Deps, chargeId: string): Promise<void> {
  const charge = await db
    .selectFrom('memberCharges')
    .innerJoin('orders', 'orders.id', 'memberCharges.orderId')
    .selectAll('memberCharges')
    .select(['orders.state as orderState', 'orders.holdUntil', 'orders.total', 'orders.currency'])
    .where('memberCharges.id', '=', chargeId)
    .executeTakeFirst()
  const member = charge && (await memberById(db, charge.membershipId))
  if (!member?.mail || charge?.orderState !== 'placed' || !charge.problem || !charge.holdUntil) return
  const next = await db
    .selectFrom('memberCharges')
    .select('dueAt')
    .where('orderId', '=', charge.orderId)
    .where('state', '=', 'due')
    .where('id', '<>', chargeId)
    .executeTakeFirst()
  const lang = langOf(member)
  const t = words(lang)
  const { date } = formats(lang)
  const about = { title: member.title, name: nameOf(member), price: sumOf(charge, lang) }
  const since = charge.state === 'due' ? charge.dueAt : charge.changedAt
  const why = t(`problem_${reasonOf(charge.problem)}`, { date: date(since) })
  await mailer.send({
    to: member.mail,
    subject: t('mail_problem_subject', about),
    text: [
      t('mail_problem', { ...about, why }),
      '',
      next
        ? t('mail_problem_again', { date: date(next.dueAt) })
        : t('mail_problem_hand', { until: date(charge.holdUntil) }),
      config.baseUrl + orderPath(signer, charge.orderId),
      '',
      t('mail_next_stop'),
      config.baseUrl + memberPath(signer, member.id),
      '',
      t('mail_problem_else'),
      '',
      member.sellerName,
    ].join('\n'),
    headers: { 'Message-ID': `<charge.${chargeId}.${charge.problem}@${new URL(config.baseUrl).hostname}>` },
  })
}

/** The card by which a membership is paid expires soon: said once of each date. Its bank may have renewed it: the provider is asked, just before it is said. */
export async function mailExpiry(platform: Deps & PaymentDeps, cardId: string): Promise<void> {
  const { db, config, signer, mailer, now } = platform
  const [known] = await expiringCards(db, now(), cardId)
  if (known) await lookAtCard(platform, known)
  const [card] = await expiringCards(db, now(), cardId)
  const member = card && (await memberById(db, card.membershipId))
  if (!card || !member?.mail) return
  const lang = langOf(member)
  const t = words(lang)
  const about = { title: member.title, name: nameOf(member) }
  await mailer.send({
    to: member.mail,
    subject: t('mail_expires_subject', about),
    text: [
      t('mail_expires', { ...about, card: cardName(card, lang), month: expiryOf(card, lang) }),
      config.baseUrl + memberPath(signer, member.id),
      '',
      member.sellerName,
    ].join('\n'),
    headers: {
      'Message-ID': `<card.${cardId}.${card.expYear}-${card.expMonth}@${new URL(config.baseUrl).hostname}>`,
    },
  })
  // Renewed in this very moment, it is another date.
  await db
    .updateTable('keptCards')
    .set({ warnedAt: now() })
    .where('id', '=', cardId)
    .where('expMonth', '=', card.expMonth)
    .where('expYear', '=', card.expYear)
    .execute()
}

/** Where its provider cannot be asked, what is known here is said: a word too much costs its owner less than none. */
async function lookAtCard(platform: PaymentDeps, { accountId, method }: { accountId: string; method: string }) {
  const { db, log } = platform
  try {
    const account = await accountById(db, accountId)
    if (account) await learnRenewal(platform, account, await providerOf(platform, account), method)
  } catch (error) {
    log.warn({ account: accountId, problem: problemOf(error) }, 'a card that expires could not be looked at')
  }
}
