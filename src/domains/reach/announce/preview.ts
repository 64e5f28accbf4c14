import type { Lang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { describe, type Subjects } from '../../exchange/index.ts'
import type { Channel } from '../../fans/index.ts'
import { type Sender, senderColumns } from '../../identity/index.ts'
import { providerFor } from '../providers.store.ts'
import { countSms, outsideGsm } from '../sms.rules.ts'
import { announceWords } from '../words.ts'
import type { Announcement } from './announcement.store.ts'
import { templateOf } from './compose.ts'
import { linkCode } from './links.ts'
import type { MailAs, PreviewProps } from './pages/previews.tsx'
import { fill } from './render.ts'
import { writtenIn } from './words.rules.ts'

type Deps = Pick<Platform, 'db' | 'config' | 'signer'>

/** A message as a first recipient would get it. Its links lead straight to what they are about, except in a text message, whose length they decide. */
export async function sample(
  deps: Deps,
  subjects: Subjects,
  announcement: Announcement,
  { channel, language, name }: { channel: Channel; language: Lang; name: string },
): Promise<{ subject: string; text: string; html: string | null } | null> {
  const template = await templateOf(deps, subjects, announcement, { channel, language })
  if (!template) return null
  const base = deps.config.baseUrl
  const short = (link: number) => `${base}/l/${linkCode(deps.signer, { deliveryId: LIKELY_ID, link })}`
  return fill(template, {
    name,
    href: channel === 'sms' ? short : (_, target) => target,
    leave: `${base}/leave`,
    preferences: `${base}/fan`,
  })
}

/** As long as the numbers of deliveries of the next years. */
const LIKELY_ID = 0x7f_ff_ff

/** All previews of one language. */
export async function previewsOf(
  deps: Deps,
  subjects: Subjects,
  announcement: Announcement,
  { lang, show, mailAs, name }: { lang: Lang; show: Lang; mailAs: MailAs; name: string },
): Promise<Omit<PreviewProps, 'c' | 'announcement'>> {
  const { channels, variants, things } = announcement
  const written = writtenIn(variants)
  const language = written.includes(show) ? show : (written[0] ?? show)
  const of = (channel: Channel) =>
    channels.includes(channel) ? sample(deps, subjects, announcement, { channel, language, name }) : null
  const [mail, sms, push] = await Promise.all([of('mail'), of('sms'), of('push')])
  const facts = await describe(
    deps.db,
    subjects,
    things.map(({ subject }) => subject),
  )
  const count = sms && countSms(sms.text)
  return {
    written,
    show: language,
    mailAs,
    mail: mail && { subject: mail.subject, text: mail.text },
    sms:
      sms && count
        ? {
            text: sms.text,
            count,
            outside: outsideGsm(sms.text),
            cost: await costOfOne(deps, announcement, count.segments, lang),
          }
        : null,
    push: push && { title: push.subject, text: push.text },
    entries: things.flatMap(({ subject }) => {
      const known = facts.get(subject)
      return known ? [{ title: known.title, href: known.path, isPost: subject.startsWith('post:') }] : []
    }),
  }
}

/** What a text message of an artist or label costs, if whoever set up the way it leaves by has said so. */
export async function smsPrices(
  { db }: Pick<Platform, 'db'>,
  sender: Sender,
): Promise<{ prices: Record<string, number>; currency: string } | null> {
  const id = await providerFor(db, 'sms', senderColumns(sender))
  const provider =
    id !== null && (await db.selectFrom('providers').select('settings').where('id', '=', id).executeTakeFirst())
  const { prices, currency } = ((provider || null)?.settings ?? {}) as {
    prices?: Record<string, number>
    currency?: string
  }
  return prices && currency ? { prices, currency } : null
}

export const moneyWords = (millionths: number, currency: string, lang: Lang): string =>
  new Intl.NumberFormat(lang, { style: 'currency', currency, maximumFractionDigits: 3 }).format(millionths / 1_000_000)

async function costOfOne(deps: Deps, { sender }: Announcement, segments: number, lang: Lang): Promise<string | null> {
  const known = await smsPrices(deps, sender)
  const prices = known ? Object.values(known.prices) : []
  if (!known || !prices.length) return null
  const [least, most] = [Math.min(...prices), Math.max(...prices)].map((price) =>
    moneyWords(price * segments, known.currency, lang),
  ) as [string, string]
  const t = announceWords(lang)
  return least === most ? t('sms_price', { price: least }) : t('sms_price_between', { least, most })
}
