import { allow } from '../../../platform/http/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { Subjects } from '../../exchange/index.ts'
import { senderColumns } from '../../identity/index.ts'
import { enqueueOne } from '../enqueue.ts'
import { announceWords } from '../words.ts'
import type { Announcement } from './announcement.store.ts'
import { sample } from './preview.ts'
import { writtenIn } from './words.rules.ts'

const TESTS = { name: 'announcement-tests', most: 30, windowSeconds: 3600 }

export type Tester = { mail: string; sms: { number: string; country: string } | null; name: string; language: Lang }

/** Sends the announcement, in each language that it has, to whoever writes it. It is no gift and touches nobody. */
export async function sendTest(
  platform: Platform,
  subjects: Subjects,
  announcement: Announcement,
  { mail, sms, name }: Tester,
): Promise<'sent' | 'too-many'> {
  const { sender, channels, variants } = announcement
  if (!(await allow(platform, TESTS, announcement.id))) return 'too-many'
  const dueAt = platform.now()
  for (const language of writtenIn(variants)) {
    const of = (channel: 'mail' | 'sms') =>
      channels.includes(channel) ? sample(platform, subjects, announcement, { channel, language, name }) : null
    const [letter, text] = [await of('mail'), sms && (await of('sms'))]
    const about = { kind: 'notice', ...senderColumns(sender), language, dueAt } as const
    await platform.db.transaction().execute(async (tx) => {
      if (letter)
        await enqueueOne(tx, {
          ...about,
          channel: 'mail',
          address: mail,
          message: {
            subject: announceWords(language)('test_subject', { subject: letter.subject }),
            text: letter.text,
            ...(letter.html && { html: letter.html }),
          },
        })
      if (text && sms)
        await enqueueOne(tx, {
          ...about,
          channel: 'sms',
          address: sms.number,
          domain: sms.country,
          message: { text: text.text },
        })
    })
  }
  return 'sent'
}
