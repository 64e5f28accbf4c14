import { formats, type Lang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { memberPath } from '../links.ts'
import { openingOf } from './member.rules.ts'
import { type MemberDetails, memberById } from './members.views.ts'
import { words } from './words.ts'

/**
 * 'back': a refund that had ended the membership never arrived, and it goes on. 'refunded': all that was paid for a period, by that order, went back; 'returned': it
 * did not arrive, and the period is open again.
 */
export type MemberTold =
  | { membershipId: string; what: 'left' | 'resting' | 'back' }
  | { membershipId: string; what: 'refunded' | 'returned'; orderId: string }

/** What a member is told when nothing was paid or asked: that they left, that their membership rests, what became of money that went back. */
export async function mailMember(
  { db, config, signer, mailer, now }: Pick<Platform, 'db' | 'config' | 'signer' | 'mailer' | 'now'>,
  told: MemberTold,
): Promise<void> {
  const member = await memberById(db, told.membershipId)
  if (!member?.mail) return
  const lang: Lang = member.language === 'fr' ? 'fr' : 'en'
  const t = words(lang)
  const said = { ...aboutMember(member), until: formats(lang).date(member.paidUntil) }
  const letter = 'orderId' in told ? ofPeriod(told, member, lang, now()) : ofMembership(told, member, lang)
  if (!letter) return
  await mailer.send({
    to: member.mail,
    subject: t(`mail_${told.what}_subject`, said),
    text: [letter.text, '', t('mail_page'), config.baseUrl + memberPath(signer, member.id), '', member.sellerName].join(
      '\n',
    ),
    headers: { 'Message-ID': `<member.${member.id}.${letter.id}@${new URL(config.baseUrl).hostname}>` },
  })
}

const aboutMember = ({ title, artistName, sellerName }: MemberDetails) => ({ title, name: artistName ?? sellerName })

/** Null when it is so no more: what has changed again since is told by what changed it. */
type Letter = { id: string; text: string } | null

function ofMembership({ what }: { what: 'left' | 'resting' | 'back' }, member: MemberDetails, lang: Lang): Letter {
  const { state, changedAt, paidUntil } = member
  if (what === 'back' ? state === 'left' : state !== what) return null
  const said = { ...aboutMember(member), until: formats(lang).date(paidUntil) }
  return { id: `${what}.${changedAt.getTime()}`, text: words(lang)(`mail_${what}`, said) }
}

/** What became of a period, and with it of the membership. */
function ofPeriod(
  { what, orderId }: Extract<MemberTold, { orderId: string }>,
  member: MemberDetails,
  lang: Lang,
  now: Date,
): Letter {
  const t = words(lang)
  const { date } = formats(lang)
  const period = member.periods.find((one) => one.orderId === orderId)
  if (!period || (period.closedAt !== null) !== (what === 'refunded')) return null
  // A refund that did not arrive may be made again: each time has a name of its own.
  const id = `${what}.${orderId}.${(period.closedAt ?? member.changedAt).getTime()}`
  const said = { ...aboutMember(member), from: date(period.from), end: date(period.until) }
  if (what === 'returned') return { id, text: t('mail_returned', said) }
  const { state, paidUntil } = member
  const until = date(paidUntil)
  const { isOpen, opensAt } = openingOf(member, now)
  const text = [
    t('mail_refunded', said),
    t(state === 'left' ? 'mail_refunded_ended' : `mail_refunded_${state}`, { until }),
    state === 'left' && (isOpen || opensAt) && t('mail_refunded_kept', { until }),
    opensAt && t('mail_refunded_opens', { from: date(opensAt) }),
  ]
  return { id, text: text.filter(Boolean).join(' ') }
}
