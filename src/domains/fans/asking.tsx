import type { Db, Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { siteSettings } from '../identity/index.ts'
import { letter } from './letter.tsx'
import { confirmLink, preferencesLink } from './links.ts'
import type { Channel } from './tables.ts'
import { words } from './words.ts'

/** A message of ours to one address, for whoever delivers it. */
export type Question = {
  /** Whether it asks, also of somebody who is told already whether they want to be told each time, or says that there is nothing to confirm. */
  kind: 'asked' | 'already' | 'follows'
  channel: Channel
  address: string
  addressId: string
  addressHash: string
  fanId: string
  language: Lang
  artistId: string | null
  labelId: string | null
  subject: string
  text: string
  html: string
}

/**
 * What is sent after somebody asked that an address be told. Written in the language in which they asked. Null when there is nothing to send:
 * they left meanwhile, or are gone, or it is a push subscription, which needs no question.
 */
export async function askingMessage(
  db: Db | Tx,
  deps: Pick<Platform, 'config' | 'signer'>,
  subscriptionId: string,
): Promise<Question | null> {
  const row = await db
    .selectFrom('subscriptions')
    .innerJoin('fanAddresses', 'fanAddresses.id', 'subscriptions.addressId')
    .innerJoin('fans', 'fans.id', 'subscriptions.fanId')
    .leftJoin('artists', 'artists.id', 'subscriptions.artistId')
    .leftJoin('labels', 'labels.id', 'subscriptions.labelId')
    .select([
      'subscriptions.state',
      'subscriptions.askedWith',
      'subscriptions.artistId',
      'subscriptions.labelId',
      'subscriptions.channel',
      'fanAddresses.address',
      'fanAddresses.id as addressId',
      'fanAddresses.addressHash',
      'fans.id as fanId',
      'fans.language',
      'artists.name as artistName',
      'labels.name as labelName',
    ])
    .where('subscriptions.id', '=', subscriptionId)
    .executeTakeFirst()
  if (!row || row.state === 'left' || row.channel === 'push') return null
  const { state, askedWith, artistName, labelName, ...rest } = row
  const follows = row.channel === 'mail' ? askedWith?.follows : undefined
  const kind = follows ? 'follows' : state === 'asked' ? 'asked' : 'already'
  const language = askedWith?.language ?? row.language
  const t = words(language)
  const name = artistName ?? labelName ?? ''
  const link = kind === 'already' ? preferencesLink(deps, row.addressId) : confirmLink(deps, subscriptionId)
  if (row.channel === 'sms')
    return {
      ...rest,
      kind,
      language,
      subject: '',
      text: t(state === 'asked' ? 'asked_sms' : 'already_sms', { name, link }),
      html: '',
    }
  const place = (await siteSettings(db)).name
  const from = t('mail_from', { place, host: new URL(deps.config.baseUrl).host })
  const said = { name, title: follows?.title ?? '' }
  const subject = t(`${kind}_subject`, said)
  return {
    ...rest,
    kind,
    language,
    subject,
    text: `${t(`${kind}_text`, { ...said, link })}\n\n-- \n${from}\n`,
    html: letter({
      lang: language,
      title: subject,
      lead: t(`${kind}_lead`, said),
      button: { label: t(`${kind}_button`), href: link },
      after: t(`${kind}_else`),
      foot: from,
    }),
  }
}
