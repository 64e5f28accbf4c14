import type { Lang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { describe, type Subjects } from '../../exchange/index.ts'
import { type Channel, readAddress } from '../../fans/index.ts'
import { type Sender, senderColumns } from '../../identity/index.ts'
import { providerFor } from '../providers.store.ts'
import { smsCost, smsMoney, weighSms } from '../sms.rules.ts'
import { announceWords } from '../words.ts'
import type { Announcement } from './announcement.store.ts'
import { templateOf } from './compose.ts'
import { linkCode } from './links.ts'
import type { MailAs, PreviewProps, SmsShown } from './pages/previews.tsx'
import { fill, type Spell, spellingOf } from './render.ts'
import { writtenIn } from './words.rules.ts'

type Deps = Pick<Platform, 'db' | 'config' | 'signer'>

/** A message as a first recipient would get it. Its links lead straight to what they are about, except in a text message, whose length they decide. */
export async function sample(
  deps: Deps,
  subjects: Subjects,
  announcement: Announcement,
  { channel, language, name, spell }: { channel: Channel; language: Lang; name: string; spell?: Spell },
): Promise<{ subject: string; text: string; html: string | null } | null> {
  const template = await templateOf(deps, subjects, announcement, { channel, language, ...(spell && { spell }) })
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
  const of = (channel: Channel, spell?: Spell) =>
    channels.includes(channel)
      ? sample(deps, subjects, announcement, { channel, language, name, ...(spell && { spell }) })
      : null
  const [mail, sms, push] = await Promise.all([of('mail'), of('sms', (text) => text), of('push')])
  const facts = await describe(
    deps.db,
    subjects,
    things.map(({ subject }) => subject),
  )
  return {
    written,
    show: language,
    mailAs,
    mail: mail && { subject: mail.subject, text: mail.text },
    sms: sms && (await smsShown(deps, announcement, sms.text, lang)),
    push: push && { title: push.subject, text: push.text },
    entries: things.flatMap(({ subject }) => {
      const known = facts.get(subject)
      return known ? [{ title: known.title, href: known.path, isPost: subject.startsWith('post:') }] : []
    }),
  }
}

/** A text as it arrives, beside what it would be as it was typed and with plain letters. */
async function smsShown(deps: Deps, announcement: Announcement, typed: string, lang: Lang): Promise<SmsShown> {
  const weighed = weighSms(typed, spellingOf(announcement))
  const cost = (segments: number) => costOfOne(deps, announcement, segments, lang)
  const { count, plain } = weighed
  return {
    ...weighed,
    agreed: announcement.plainLetters,
    cost: await cost(count.segments),
    typedCost: await cost(weighed.typed),
    plainCost: plain && (await cost(plain.count.segments)),
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

/** What one text message to this number costs, in millionths, if that is known. */
export async function smsPriceTo(
  deps: Pick<Platform, 'db'>,
  sender: Sender,
  number: string,
): Promise<{ millionths: number; currency: string } | null> {
  const known = await smsPrices(deps, sender)
  const read = readAddress('sms', number, '')
  if (!known || !read.ok) return null
  const { millionths, unpriced } = smsCost(1, [{ country: read.value.country ?? '', count: 1 }], known.prices)
  return unpriced ? null : { millionths, currency: known.currency }
}

async function costOfOne(deps: Deps, { sender }: Announcement, segments: number, lang: Lang): Promise<string | null> {
  const known = await smsPrices(deps, sender)
  const prices = known ? Object.values(known.prices) : []
  if (!known || !prices.length) return null
  const [least, most] = [Math.min(...prices), Math.max(...prices)].map((price) =>
    smsMoney(price * segments, known.currency, lang),
  ) as [string, string]
  const t = announceWords(lang)
  return least === most ? t('sms_price', { price: least }) : t('sms_price_between', { least, most })
}
