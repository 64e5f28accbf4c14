import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import type { Subject } from '../../exchange/index.ts'
import { audit, type Sender, senderColumns, senderId } from '../../identity/index.ts'
import type { Segment } from '../segment.rules.ts'
import { type Announcement, announcementById, saveThings, saveVariants } from './announcement.store.ts'

type Deps = Pick<Platform, 'db' | 'now'>

/** Begins an announcement, perhaps of something that is given. */
export async function beginAnnouncement(
  { db, now }: Deps,
  { sender, subject, zone, by }: { sender: Sender; subject: Subject | null; zone: string; by: string },
): Promise<string> {
  return db.transaction().execute((tx) => begin(tx, { sender, subject, zone, by, at: now() }))
}

type Beginning = { sender: Sender; subject: Subject | null; zone: string; by: string; at: Date }

async function begin(tx: Tx, { sender, subject, zone, by, at }: Beginning): Promise<string> {
  const id = newId(at.getTime())
  const empty = { sendAt: null, localTime: null, leavesAt: null, frozenAt: null, finishedAt: null, giftId: null }
  await tx
    .insertInto('announcements')
    .values({
      id,
      ...senderColumns(sender),
      timeZone: zone,
      createdBy: by,
      createdAt: at,
      changedAt: at,
      ...empty,
    })
    .execute()
  if (subject) await saveThings(tx, id, [subject])
  await audit(tx, { accountId: by, action: 'announcement.make', ...senderColumns(sender) })
  return id
}

/**
 * A draft that gives this to that part of the fans, with its title in place and the words left to whoever speaks: the one that there is, or a new one. Asked twice at
 * once, it is one.
 */
export async function draftFor(
  { db, now }: Deps,
  { segment, title, language, ...of }: Omit<Beginning, 'at'> & { segment: Segment; title: string; language: Lang },
): Promise<string> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${senderId(of.sender)}, 86))`.execute(tx)
    const { rows } = await sql<{ id: string }>`
      select a.id from announcements a left join announcement_things t on t.announcement_id = a.id and t.position = 0
      where ${senderId(of.sender)} in (a.artist_id, a.label_id) and a.state = 'draft' and a.segment = ${JSON.stringify(segment)}::jsonb
        and t.subject is not distinct from ${of.subject}::text order by a.changed_at desc limit 1`.execute(tx)
    const [there] = rows
    if (there) return there.id
    const id = await begin(tx, { ...of, at: now() })
    await tx
      .updateTable('announcements')
      .set({ segment: JSON.stringify(segment) })
      .where('id', '=', id)
      .execute()
    await saveVariants(tx, id, [{ language, channel: '', title, body: '' }])
    return id
  })
}

export type Words = Pick<Announcement, 'channels' | 'plainLetters' | 'variants'> & { subjects: Subject[] }

/** What the form of the words shows of an announcement. */
export const wordsOf = ({ things, channels, plainLetters, variants }: Announcement): Words => ({
  subjects: things.map(({ subject }) => subject),
  channels,
  plainLetters,
  variants,
})

/** Saves the words of a draft. `seen` names what the form showed: somebody else's save in the meantime is not written over. */
export async function saveWords(
  { db, now }: Deps,
  { id, words, seen, digest }: { id: string; words: Words; seen: string; digest: (words: Words) => string },
): Promise<Result<'saved', 'missing' | 'left' | 'meanwhile'>> {
  return db.transaction().execute(async (tx) => {
    const current = await announcementById(tx, id, { lock: true })
    if (!current) return fail('missing')
    if (current.state !== 'draft') return fail('left')
    if (seen !== digest(wordsOf(current))) return fail('meanwhile')
    await tx
      .updateTable('announcements')
      .set({ channels: words.channels, plainLetters: words.plainLetters, changedAt: now(), version: sql`version + 1` })
      .where('id', '=', id)
      .execute()
    await saveThings(tx, id, words.subjects)
    await saveVariants(tx, id, words.variants)
    return ok('saved')
  })
}

/** Says whom a draft is for. */
export async function saveSegment(
  { db, now }: Deps,
  { id, change }: { id: string; change: (segment: Segment) => Segment },
): Promise<Result<'saved', 'missing' | 'left'>> {
  return db.transaction().execute(async (tx) => {
    const current = await announcementById(tx, id, { lock: true })
    if (!current) return fail('missing')
    if (current.state !== 'draft') return fail('left')
    await tx
      .updateTable('announcements')
      .set({ segment: JSON.stringify(change(current.segment)), changedAt: now(), version: sql`version + 1` })
      .where('id', '=', id)
      .execute()
    return ok('saved')
  })
}

/** Throws a draft away. What has left stays: it was said. */
export async function removeDraft({ db }: Deps, { id, by }: { id: string; by: string }): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const gone = await tx
      .deleteFrom('announcements')
      .where('id', '=', id)
      .where('state', '=', 'draft')
      .returning(['artistId', 'labelId'])
      .executeTakeFirst()
    if (gone) await audit(tx, { accountId: by, action: 'announcement.remove', ...gone })
    return gone !== undefined
  })
}
