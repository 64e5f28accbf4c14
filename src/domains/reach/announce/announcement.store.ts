import type { Db, Tx } from '../../../platform/database/index.ts'
import { isLang, type Lang } from '../../../platform/i18n/index.ts'
import { type OfferSource, offersFor, type Subject } from '../../exchange/index.ts'
import type { Channel } from '../../fans/index.ts'
import { type Sender, senderOf } from '../../identity/index.ts'
import { type Segment, subjectsOf } from '../segment.rules.ts'
import type { AnnouncementState } from '../tables.ts'
import type { Parts } from './segment.sql.ts'
import type { Variant } from './words.rules.ts'

/** One of the things that an announcement gives. The first leads. */
export type Thing = {
  subject: Subject
  /** The artist whose it is, and its gift, once it has left. */
  givenBy: string | null
  giftId: string | null
  /** How the spine calls that gift. */
  gift: Subject
  /** The press of "send" said that members alone are told of it. */
  forMembers: boolean
}

export type Announcement = {
  id: string
  sender: Sender
  state: AnnouncementState
  things: Thing[]
  channels: Channel[]
  segment: Segment
  sendAt: Date | null
  localTime: string | null
  timeZone: string | null
  undoMinutes: number
  leavesAt: Date | null
  frozenAt: Date | null
  finishedAt: Date | null
  giftId: string | null
  /** Why it stopped by itself: what was said to the last of many messages that were refused as such, or a word for another reason. */
  stopped: string | null
  changedAt: Date
  /** Text messages say letters that telephones lack with those they have. */
  plainLetters: boolean
  /** In how many waves it leaves, how many days apart; when the second one leaves, once that is settled. */
  waves: number
  waveDays: number
  windowEndsAt: Date | null
  variants: Variant[]
}

/** What words are made ready of: an announcement's, a letter's. */
export type Spoken = Pick<Announcement, 'sender' | 'things' | 'variants' | 'plainLetters'>

const COLUMNS = [
  'id',
  'artistId',
  'labelId',
  'state',
  'channels',
  'segment',
  'sendAt',
  'localTime',
  'timeZone',
  'undoMinutes',
  'leavesAt',
  'frozenAt',
  'finishedAt',
  'giftId',
  'stopped',
  'changedAt',
  'plainLetters',
  'waves',
  'waveDays',
  'windowEndsAt',
] as const

/** With its words; `lock` holds it until the transaction ends. */
export async function announcementById(db: Db | Tx, id: string, { lock = false } = {}): Promise<Announcement | null> {
  const query = db.selectFrom('announcements').select(COLUMNS).where('id', '=', id)
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst()
  if (!row) return null
  const texts = await db
    .selectFrom('announcementTexts')
    .select(['language', 'channel', 'title', 'body'])
    .where('announcementId', '=', id)
    .orderBy('language')
    .orderBy('channel')
    .execute()
  const { artistId, labelId, ...rest } = row
  return {
    ...rest,
    sender: senderOf({ artistId, labelId }),
    things: await thingsOf(db, id),
    variants: texts.filter(({ language }) => isLang(language)),
  }
}

async function thingsOf(db: Db | Tx, announcementId: string): Promise<Thing[]> {
  const rows = await db
    .selectFrom('announcementThings')
    .select(['subject', 'givenBy', 'giftId', 'gift', 'forMembers'])
    .where('announcementId', '=', announcementId)
    .orderBy('position')
    .execute()
  return rows.map((row) => ({ ...row, subject: row.subject as Subject, gift: row.gift as Subject }))
}

/** Puts these things, in this order, in the place of those that were. */
export async function saveThings(tx: Tx, announcementId: string, subjects: Subject[]): Promise<void> {
  await tx.deleteFrom('announcementThings').where('announcementId', '=', announcementId).execute()
  if (subjects.length)
    await tx
      .insertInto('announcementThings')
      .values(subjects.map((subject, position) => ({ announcementId, position, subject })))
      .execute()
}

/** Puts the words in the place of those that were; what is empty is not kept. */
export async function saveVariants(tx: Tx, announcementId: string, variants: Variant[]): Promise<void> {
  await tx.deleteFrom('announcementTexts').where('announcementId', '=', announcementId).execute()
  const kept = variants.filter(({ title, body }) => title || body)
  if (kept.length)
    await tx
      .insertInto('announcementTexts')
      .values(kept.map((row) => ({ ...row, announcementId })))
      .execute()
}

/** What belongs to each subject that a segment names: whoever took a track of a release took of the release. */
export async function partsOf(db: Db | Tx, offers: OfferSource, sender: Sender, segment: Segment): Promise<Parts> {
  const named = subjectsOf(segment)
  const parts: Parts = new Map()
  if (!named.length) return parts
  for (const { subject, within } of await offersFor(offers, db, sender))
    if (within && named.includes(within)) parts.set(within, [...(parts.get(within) ?? []), subject])
  return parts
}

/** A title for lists: the first there is. */
export const titleOf = (variants: Variant[], language: Lang): string =>
  [language, 'en' as const, 'fr' as const]
    .map((lang) => variants.find((one) => one.language === lang && one.channel === '')?.title)
    .find(Boolean) ?? ''
