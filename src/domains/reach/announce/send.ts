import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { fromLocal, isZone } from '../../../platform/zones.ts'
import type { Move, MoveProblem, OfferSource } from '../../exchange/index.ts'
import type { Channel } from '../../fans/index.ts'
import { audit, senderColumns } from '../../identity/index.ts'
import { type Announcement, announcementById, partsOf, titleOf } from './announcement.store.ts'
import { firstOfAll } from './due.rules.ts'
import { amongMembers, givenToMembers } from './for-members.ts'
import { type Aim, duesOf, groupsOf, peopleOf } from './freeze.store.ts'
import { announcementSettings } from './settings.store.ts'
import { writtenIn } from './words.rules.ts'

type Deps = Pick<Platform, 'db' | 'now'>

/** When it shall leave, as a form says it: wall clocks as `2026-12-01T18:00`. */
export type Asked = { when: 'now' | 'moment' | 'local'; at: string; zone: string }

export type SendError = 'missing' | 'left' | 'no-words' | 'no-channel' | 'no-moment' | 'past'

/** The time in which the press of the button can be taken back. */
export const UNDO_MINUTES = [1, 5, 15, 60] as const

/** In how many waves, and how many days apart. */
export const WAVES = [1, 2, 3] as const
export const WAVE_DAYS = [3, 7, 14] as const

/** Sends: from the end of the delay on it leaves by itself, and until then it can be undone. Answers with when that is. */
export async function sendAnnouncement(
  { db, now }: Deps,
  offers: OfferSource,
  {
    id,
    asked,
    undoMinutes,
    waves,
    by,
  }: { id: string; asked: Asked; undoMinutes: number; waves?: Aim['waves']; by: string },
): Promise<Result<Date, SendError>> {
  return db.transaction().execute(async (tx) => {
    const announcement = await announcementById(tx, id, { lock: true })
    if (!announcement) return fail('missing')
    if (announcement.state !== 'draft') return fail('left')
    if (!writtenIn(announcement.variants).length) return fail('no-words')
    if (!announcement.channels.length) return fail('no-channel')
    const undoneUntil = new Date(now().getTime() + undoMinutes * 60_000)
    const moment = momentOf(asked)
    if (asked.when !== 'now' && !moment) return fail('no-moment')
    const last = asked.when === 'local' ? fromLocal(asked.at, WESTERNMOST) : moment
    if (last && last <= now()) return fail('past')
    const leavesAt = moment && moment > undoneUntil ? moment : undoneUntil
    await tx
      .updateTable('announcements')
      .set({
        state: 'waiting',
        stopped: null,
        undoMinutes,
        waves: waves?.count ?? 1,
        ...(waves && { waveDays: waves.days }),
        leavesAt,
        sendAt: asked.when === 'moment' ? moment : null,
        localTime: asked.when === 'local' ? asked.at : null,
        timeZone: isZone(asked.zone) ? asked.zone : 'UTC',
        changedAt: now(),
        version: sql`version + 1`,
      })
      .where('id', '=', id)
      .execute()
    const closed = (await givenToMembers(tx, offers, announcement, now())).map(({ subject }) => subject)
    await tx
      .updateTable('announcementThings')
      .set({ forMembers: sql<boolean>`subject = any(${closed}::text[])` })
      .where('announcementId', '=', id)
      .execute()
    await addJob(tx, 'reach.leave', { announcementId: id }, { key: `reach.leave:${id}`, runAt: leavesAt })
    await audit(tx, {
      accountId: by,
      action: 'announcement.send',
      ...senderColumns(announcement.sender),
      subject: titleOf(announcement.variants, 'en'),
    })
    return ok(leavesAt)
  })
}

/** Where a wall clock time comes last. */
const WESTERNMOST = 'Etc/GMT+12'

function momentOf({ when, at, zone }: Asked): Date | null {
  if (when === 'moment') return fromLocal(at, zone)
  return when === 'local' ? firstOfAll(at) : null
}

/** Takes the press back, as long as nobody was chosen yet. */
export async function undoSending({ db, now }: Deps, { id, by }: { id: string; by: string }): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const undone = await tx
      .updateTable('announcements')
      .set({ state: 'draft', leavesAt: null, changedAt: now(), version: sql`version + 1` })
      .where('id', '=', id)
      .where('state', '=', 'waiting')
      .where('frozenAt', 'is', null)
      .returning(['artistId', 'labelId'])
      .executeTakeFirst()
    if (undone) await audit(tx, { accountId: by, action: 'announcement.undo', ...undone })
    return undone !== undefined
  })
}

/**
 * Moves an announcement that waits for its moment to another one, as long as it stands as whoever moves it saw it (`from`, ISO 8601). One that leaves by each
 * fan's own clock goes on doing so. What leaves at once, but for the time in which that can be taken back, is not moved.
 */
export async function moveAnnouncement(
  { db, now }: Deps,
  { id, from, to, zone, by }: Move,
): Promise<Result<Date, MoveProblem>> {
  return db.transaction().execute(async (tx) => {
    const announcement = await announcementById(tx, id, { lock: true })
    if (!announcement) return fail('missing')
    const { state, frozenAt, leavesAt, sendAt, localTime, sender, variants } = announcement
    if (frozenAt || (leavesAt && state === 'waiting' && leavesAt <= now())) return fail('left')
    if (state !== 'waiting' || !(sendAt || localTime) || leavesAt?.toISOString() !== from) return fail('meanwhile')
    const moment = localTime ? firstOfAll(to) : fromLocal(to, zone)
    const last = localTime ? fromLocal(to, WESTERNMOST) : moment
    if (!moment || !last || last <= now()) return fail('past')
    const next = new Date(Math.max(moment.getTime(), now().getTime()))
    await tx
      .updateTable('announcements')
      .set({
        leavesAt: next,
        ...(localTime ? { localTime: to } : { sendAt: moment }),
        changedAt: now(),
        version: sql`version + 1`,
      })
      .where('id', '=', id)
      .execute()
    await addJob(tx, 'reach.leave', { announcementId: id }, { key: `reach.leave:${id}`, runAt: next })
    await audit(tx, {
      accountId: by,
      action: 'announcement.send',
      ...senderColumns(sender),
      subject: titleOf(variants, 'en'),
    })
    return ok(next)
  })
}

/** All that choosing the audience of an announcement depends on. */
export async function aimOf(tx: Tx, offers: OfferSource, announcement: Announcement, now: Date): Promise<Aim> {
  const { sender, variants, channels, localTime, timeZone, waves, waveDays } = announcement
  const segment = amongMembers(announcement.segment, await givenToMembers(tx, offers, announcement, now))
  return {
    sender,
    announcementId: announcement.id,
    channels,
    segment,
    parts: await partsOf(tx, offers, sender, segment),
    written: writtenIn(variants),
    when: { localTime, zone: timeZone ?? 'UTC' },
    settings: await announcementSettings(tx, sender),
    waves: { count: waves, days: waveDays },
    now,
  }
}

/** What the press of "send" would do. */
export type Forecast = {
  /** How many people are told, and on which channel; who is on two is told on both. */
  people: number
  channels: { channel: Channel; people: number; weekly: number }[]
  /** Told in the other language, since theirs has no words. */
  otherLanguage: number
  /** Whom nothing may be sent to, whom the limit spares, for whom no hour is allowed. */
  silent: number
  tired: number
  noHour: number
  /** The first and last moments at which somebody is told, the weekly digest aside. */
  first: Date | null
  last: Date | null
  /** Countries of the numbers, for what text messages cost. */
  numbers: { country: string; count: number }[]
}

export async function forecast(tx: Tx, aim: Aim): Promise<Forecast> {
  const groups = await groupsOf(tx, aim)
  const dues = await duesOf(groups, aim)
  const sum = (of: (group: (typeof groups)[number], at: number) => number) =>
    groups.reduce((total, group, at) => total + of(group, at), 0)
  const told = ({ people, silent, tired }: (typeof groups)[number], at: number) =>
    dues[at] ? people - silent - tired : 0
  const moments = groups.flatMap((group, at) => (told(group, at) > group.weekly ? [dues[at]?.at.getTime() ?? 0] : []))
  return {
    people: await peopleOf(tx, aim),
    channels: aim.channels.map((channel) => ({
      channel,
      people: sum((group, at) => (group.channel === channel ? told(group, at) : 0)),
      weekly: sum((group, at) => (group.channel === channel && dues[at] ? group.weekly : 0)),
    })),
    otherLanguage: sum((group, at) => (aim.written.includes(group.language) ? 0 : told(group, at))),
    silent: sum(({ silent }) => silent),
    tired: sum(({ tired }) => tired),
    noHour: sum(({ people, silent, tired }, at) => (dues[at] ? 0 : people - silent - tired)),
    first: moments.length ? new Date(Math.min(...moments)) : null,
    last: moments.length ? new Date(Math.max(...moments)) : null,
    numbers: groups.flatMap((group, at) =>
      group.channel === 'sms' && told(group, at) ? [{ country: group.country ?? '', count: told(group, at) }] : [],
    ),
  }
}
