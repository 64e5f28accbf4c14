import { formats, type Lang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { memberPath } from '../links.ts'
import { memberById } from './members.views.ts'
import { words } from './words.ts'

/** What a member is told when nothing was paid or asked: that they left, that their membership rests, or that it goes on since a refund that had ended it never arrived. */
export async function mailMember(
  { db, config, signer, mailer }: Pick<Platform, 'db' | 'config' | 'signer' | 'mailer'>,
  { membershipId, what }: { membershipId: string; what: 'left' | 'resting' | 'back' },
): Promise<void> {
  const member = await memberById(db, membershipId)
  // What has changed again since is told by what changed it.
  if (!member?.mail || (what === 'back' ? member.state === 'left' : member.state !== what)) return
  const lang: Lang = member.language === 'fr' ? 'fr' : 'en'
  const t = words(lang)
  const name = member.artistName ?? member.sellerName
  const until = formats(lang).date(member.paidUntil)
  await mailer.send({
    to: member.mail,
    subject: t(`mail_${what}_subject`, { title: member.title, name }),
    text: [
      t(`mail_${what}`, { title: member.title, name, until }),
      '',
      t('mail_page'),
      config.baseUrl + memberPath(signer, membershipId),
      '',
      member.sellerName,
    ].join('\n'),
    headers: {
      'Message-ID': `<member.${membershipId}.${what}.${member.changedAt.getTime()}@${new URL(config.baseUrl).hostname}>`,
    },
  })
}
