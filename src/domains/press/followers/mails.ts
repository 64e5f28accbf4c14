import type { Db, Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { type Burst, momentumWords } from '../../exchange/index.ts'
import { letter, preferencesLink } from '../../fans/index.ts'
import { siteSettings } from '../../identity/index.ts'
import { words } from '../words.ts'
import type { OneFollower } from './followers.views.ts'
import { followerPath } from './links.ts'

type Deps = Pick<Platform, 'config' | 'signer'>
type Mail = { subject: string; text: string; html: string; unsubscribe: string }

/** Asks whoever has an address whether they want to be told. */
export async function askingMail(
  db: Db | Tx,
  { config, signer }: Deps,
  { id, artist, askedWith, language }: Pick<OneFollower, 'id' | 'artist' | 'askedWith' | 'language'>,
): Promise<Mail> {
  const lang = askedWith?.language ?? language
  const t = words(lang)
  const link = config.baseUrl + followerPath(signer, 'confirm', id)
  const place = (await siteSettings(db)).name
  const foot = t('ask_follow_foot', { place, host: new URL(config.baseUrl).host })
  const lead = t('ask_follow_lead', { name: artist })
  const after = t('ask_follow_else')
  const subject = t('ask_follow_subject', { name: artist })
  return {
    subject,
    text: `${lead}\n\n${link}\n\n${after}\n\n-- \n${foot}\n`,
    html: letter({ lang, title: subject, lead, button: { label: t('ask_follow_button'), href: link }, after, foot }),
    unsubscribe: config.baseUrl + followerPath(signer, 'leave', id),
  }
}

/** Tells somebody who follows what the artist sees: what happened, how often chance alone would say so, and where to look. */
export function momentumMail(
  deps: Deps,
  {
    artist,
    burst,
    path,
    ...to
  }: { id: string; addressId: string; language: Lang; artist: string; burst: Burst; path: string },
): Mail {
  const { config, signer } = deps
  const lang = to.language
  const t = words(lang)
  const { what, how } = momentumWords(burst, lang)
  const page = config.baseUrl + path
  const leave = config.baseUrl + followerPath(signer, 'leave', to.id)
  const subject = t('momentum_subject', { name: artist })
  const lead = t('momentum_lead', { name: artist, what })
  const foot = t('momentum_foot', { name: artist })
  return {
    subject,
    text: `${lead}\n\n${page}\n\n${how}\n\n-- \n${foot}\n${t('momentum_leave')} ${leave}\n${t('momentum_kept')} ${preferencesLink(deps, to.addressId)}\n`,
    html: letter({
      ...{ lang, title: subject, lead, after: how, foot },
      button: { label: t('momentum_button', { name: artist }), href: page },
      leave: { label: t('momentum_leave_link'), href: leave },
    }),
    unsubscribe: leave,
  }
}
