import type { Db } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { describe, type Subjects } from '../../exchange/index.ts'
import { type Channel, leaveLink, preferencesLink } from '../../fans/index.ts'
import { lendingTo, senderId, senderNames } from '../../identity/index.ts'
import type { Compose } from '../channel.types.ts'
import { letterById } from '../letters/letter.store.ts'
import { type Announcement, announcementById, type Spoken } from './announcement.store.ts'
import { linkCode } from './links.ts'
import { fill, type Given, prepare, type Spell, spellingOf, type Template } from './render.ts'
import { isWritten, toldIn, wordsFor, writtenIn } from './words.rules.ts'

type Deps = Pick<Platform, 'db' | 'config'>

/** The one that a delivery carries. */
export const spokenBy = async (
  db: Db,
  { announcementId, letterId }: { announcementId: string | null; letterId: string | null },
): Promise<Spoken | null> =>
  announcementId ? announcementById(db, announcementId) : letterId ? letterById(db, letterId) : null

/** Its words made ready for one channel and language; null when there is nothing to say. */
export async function templateOf(
  { db, config }: Deps,
  subjects: Subjects,
  spoken: Spoken,
  { channel, language, spell = spellingOf(spoken) }: { channel: Channel; language: Lang; spell?: Spell },
): Promise<Template | null> {
  const { sender, variants } = spoken
  const told = toldIn(language, writtenIn(variants))
  if (!isWritten(wordsFor(variants, told, channel))) return null
  const { name, slug } = await senderNames(db, sender)
  return prepare(
    {
      artist: { name, href: `${config.baseUrl}/${slug}` },
      given: await givenOf(db, subjects, spoken, config.baseUrl),
      language: told,
      channel,
      variants,
      spell,
    },
    config.baseUrl,
  )
}

/** What it gives, thing by thing; null in the place of one that is not there any more, or not theirs to give. */
export async function givenOf(
  db: Db,
  subjects: Subjects,
  { things, sender }: Pick<Announcement, 'things' | 'sender'>,
  base: string,
): Promise<(Given | null)[]> {
  if (!things.length) return []
  const known = await describe(
    db,
    subjects,
    things.map(({ subject }) => subject),
  )
  const own = senderId(sender)
  const lending = 'artistId' in sender ? [own] : [own, ...(await lendingTo(db, own, 'announce.send'))]
  return things.map(({ subject, givenBy }) => {
    const facts = known.get(subject)
    const theirs = facts && (facts.artistId === givenBy || lending.includes(facts.artistId))
    return theirs ? { title: facts.title, href: base + facts.path } : null
  })
}

/** How the engine gets the words of announcements and letters: read once for each channel and language, filled in for each fan. */
export const composeWith =
  (subjects: Subjects): Compose =>
  async (platform, { channel, language, ...of }) => {
    const spoken = await spokenBy(platform.db, of)
    const template = spoken && (await templateOf(platform, subjects, spoken, { channel, language }))
    if (!template) return null
    const base = platform.config.baseUrl
    return ({ deliveryId, addressId, subscriptionId, name }) => {
      const href = (link: number) => `${base}/l/${linkCode(platform.signer, { deliveryId, link })}`
      // Only a mail has them, and each is a signature.
      const leave = channel === 'mail' && subscriptionId ? leaveLink(platform, subscriptionId) : ''
      const preferences = channel === 'mail' && addressId ? preferencesLink(platform, addressId) : ''
      const { subject, text, html } = fill(template, { name, href, leave, preferences })
      if (channel === 'sms') return { text }
      if (channel === 'push') return { subject, text, href: href(template.lead) }
      return { subject, text, ...(html && { html }), ...(leave && { unsubscribe: leave }) }
    }
  }
