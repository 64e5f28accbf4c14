import '../tables.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import { type Channel, readAddress } from '../../fans/index.ts'
import { type Sender, senderColumns, senderId } from '../../identity/index.ts'
import { type Due, dueOf, type Recipients } from '../announce/due.rules.ts'
import { publicHolidays } from '../announce/holidays.ts'
import { announcementSettings } from '../announce/settings.store.ts'
import { toldIn } from '../announce/words.rules.ts'
import { domainOf, wakeDeliveries } from '../enqueue.ts'
import { CARRIED, countsSince, TOLD_AT } from '../told.ts'

/** One address by which a fan is told by an artist or a label, as it stands now. */
export type Way = {
  fanId: string
  channel: Channel
  addressId: string
  address: string
  addressKey: string
  cadence: 'each' | 'weekly'
  /** They asked to be left in peace until then. */
  pausedUntil: Date | null
  language: Lang
  zone: string | null
  country: string | null
}

/** The country that a number is of; of a mail address, the fan's own. */
export const countryAt = (channel: Channel, address: string, country: string | null): string | null => {
  const read = channel === 'sms' ? readAddress('sms', address, '') : null
  return read?.ok ? (read.value.country ?? country) : country
}

/** By which addresses these fans are told by this artist or label: those that they left or that are to be left alone are not among them. */
export async function waysOf(db: Db | Tx, sender: Sender, fanIds: string[]): Promise<Way[]> {
  const { rows } = await sql<Way>`
    select u.fan_id as "fanId", u.channel, u.address_id as "addressId", a.address, a.address_key as "addressKey", u.cadence, u.paused_until as "pausedUntil", f.language,
      f.time_zone as zone, f.country
    from subscriptions u join fans f on f.id = u.fan_id and f.erased_at is null
      join fan_addresses a on a.id = u.address_id and a.removed_at is null
    where u.${columnOf(sender)} = ${senderId(sender)} and u.fan_id = any(${fanIds}::uuid[]) and u.state = 'active'
      and not exists (select from suppressions x where x.channel = u.channel and x.address_hash = a.address_hash)
    order by u.joined_at, u.id`.execute(db)
  return rows.map((way) => ({ ...way, country: countryAt(way.channel, way.address, way.country) }))
}

/** Says when somebody may be told of what is given at a moment, by the hours that this artist or label set; null: never. */
export async function hoursOf(db: Db | Tx, sender: Sender): Promise<(to: Recipients, at: Date) => Due | null> {
  const { quiet, digestZone } = await announcementSettings(db, sender)
  const isHoliday = await publicHolidays()
  return (to, at) => dueOf(to, { localTime: null, zone: digestZone }, at, quiet, isHoliday)
}

export type NewLetter = {
  letterId: string
  sender: Sender
  way: Way
  due: Due
  /** What makes it this message and no other. */
  once: string
  /** A path where its first link leads them alone, until then. */
  own?: { href: string; until: Date } | null
}

/** Lets letters leave, each once, from the commit on. Whoever wants one letter a week finds it in that one. */
export async function sendLetters(tx: Tx, letters: NewLetter[], now: Date): Promise<void> {
  if (!letters.length) return
  const texts = await tx
    .selectFrom('letterTexts')
    .select(['letterId', 'language'])
    .where('letterId', 'in', [...new Set(letters.map(({ letterId }) => letterId))])
    .orderBy('language')
    .execute()
  const written = (id: string) => texts.flatMap(({ letterId, language }) => (letterId === id ? [language] : []))
  await tx
    .insertInto('deliveries')
    .values(
      letters.map(({ letterId, sender, way, due, once, own }) => ({
        ...{
          kind: 'letter' as const,
          letterId,
          ...senderColumns(sender),
          fanId: way.fanId,
          addressId: way.addressId,
          once,
        },
        ...{ address: way.address, channel: way.channel, language: toldIn(way.language, written(letterId)) },
        state: way.cadence === 'weekly' ? ('held' as const) : ('queued' as const),
        ...{ ownHref: own?.href ?? null, ownUntil: own?.until ?? null },
        ...{ dueAt: due.at, notAfter: due.notAfter, createdAt: now },
        domain: way.channel === 'mail' ? domainOf(way.address) : (way.country ?? ''),
        ...{ announcementId: null, message: null, providerId: null, providerRef: null, holder: null },
        ...{ problem: null, digestId: null, handingAt: null, handedAt: null, settledAt: null },
      })),
    )
    .onConflict((conflict) => conflict.column('once').where('once', 'is not', null).doNothing())
    .execute()
  const woken = new Map(letters.map(({ sender, way }) => [`${senderId(sender)} ${way.channel}`, { sender, way }]))
  for (const { sender, way } of woken.values())
    await wakeDeliveries(tx, { channel: way.channel, ...senderColumns(sender) })
}

const columnOf = (sender: Sender) => sql.ref('artistId' in sender ? 'artistId' : 'labelId')

type Asked = {
  sender: Sender
  fanIds: string[]
  since: Date
  now: Date /** Those of these gifts aside. */
  except?: string[]
}

/**
 * When each of these fans was told something by a letter of this artist since then, or is about to be: what has not left yet counts as now. Of a label, by its announcements
 * as well: what it says to its fans has one limit (docs/decisions/0119).
 */
export async function countedTo(
  db: Db | Tx,
  { sender, fanIds, since, now, except = [] }: Asked,
): Promise<{ fanId: string; at: Date }[]> {
  const at = sql`coalesce(${TOLD_AT}, greatest(coalesce(g.due_at, d.due_at), ${now}::timestamptz))`
  const theirs = sql`d.${columnOf(sender)} = ${senderId(sender)} and d.fan_id = any(${fanIds}::uuid[]) and ${countsSince(since)}`
  const announced =
    'labelId' in sender
      ? sql`union all select d.fan_id, min(${at}) from deliveries d ${CARRIED}
          where d.announcement_id is not null and ${theirs} group by d.fan_id, d.announcement_id`
      : sql``
  const { rows } = await sql<{ fanId: string; at: Date }>`
    select fan_id as "fanId", at from (
      select d.fan_id, ${at} as at from deliveries d ${CARRIED} where d.letter_id is not null and ${theirs}
        and not exists (select from letters l where l.id = d.letter_id and l.gift = any(${except}::text[]))
      ${announced}
    ) told order by 2`.execute(db)
  return rows
}

/** How many deliveries of the letters of each gift stand where. */
export async function letterCounts(
  db: Db | Tx,
  gifts: string[],
): Promise<{ gift: string; state: string; count: number }[]> {
  const { rows } = await sql<{ gift: string; state: string; count: number }>`
    select l.gift, d.state, count(*)::int as count from letters l join deliveries d on d.letter_id = l.id
    where l.gift = any(${gifts}::text[]) group by 1, 2 order by 1, 2`.execute(db)
  return rows
}
