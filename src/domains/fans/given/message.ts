import type { Db, Tx } from '../../../platform/database/index.ts'
import { isLang, type Lang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { siteSettings } from '../../identity/index.ts'
import { readAddress } from '../addresses.rules.ts'
import { letter } from '../letter.tsx'
import { addressHash, suppressedAmong } from '../suppressions.ts'
import { shortTakeLink, takeLink } from './links.ts'
import { words } from './words.ts'

/** The letter with the link to a download, for whoever delivers it. `fanId`: of those who asked to be written to. */
export type GivenMessage = {
  channel: 'mail' | 'sms'
  address: string
  language: Lang
  artistId: string
  fanId: string | null
  askedAt: Date
  subject: string
  text: string
  html: string
}

/** Null when there is nothing to send any more, or nothing is ever sent to this address. `title`: of what was taken. */
export async function givenMessage(
  db: Db | Tx,
  deps: Pick<Platform, 'config' | 'signer' | 'now'>,
  { takingId, titleOf }: { takingId: string; titleOf: (subject: string, lang: Lang) => Promise<string | null> },
): Promise<GivenMessage | null> {
  const row = await db
    .selectFrom('takings')
    .select(['subject', 'key', 'short', 'channel', 'address', 'language', 'artistId', 'fanId', 'askedAt'])
    .where('id', '=', takingId)
    .where('closedAt', 'is', null)
    .where('expiresAt', '>', deps.now())
    .executeTakeFirst()
  const read = row?.address ? readAddress(row.channel, row.address) : null
  if (!row || !read?.ok) return null
  const { subject: item, key, short, channel, artistId, fanId, askedAt } = row
  const hash = addressHash(deps.signer, channel, read.value.key)
  if ((await suppressedAmong(db, channel, [hash])).size) return null
  const language = isLang(row.language) ? row.language : 'en'
  const title = await titleOf(item, language)
  if (title === null) return null
  const t = words(language)
  const link = short && channel === 'sms' ? shortTakeLink(deps, short) : takeLink(deps, key)
  const shared = { channel, address: read.value.address, language, artistId, fanId, askedAt }
  if (channel === 'sms')
    return { ...shared, subject: '', text: t('take_sms', { title: shortened(title), link }), html: '' }
  const { name: place } = await siteSettings(db)
  const from = t('take_from', { place, host: new URL(deps.config.baseUrl).host })
  const subject = t('take_subject', { title })
  return {
    ...shared,
    subject,
    text: `${t('take_text', { title, link, why: t('take_why') })}\n\n-- \n${from}\n`,
    html: letter({
      lang: language,
      title: subject,
      lead: t('take_lead', { title }),
      button: { label: t('take_button'), href: link },
      after: t('take_why'),
      foot: from,
    }),
  }
}

/** A title that leaves room for the link in one text message. */
const shortened = (title: string): string => (title.length > 60 ? `${title.slice(0, 57).trimEnd()}...` : title)
