import { type Selectable, sql } from 'kysely'
import type { Db, Tables, Tx } from '../../platform/database/index.ts'
import { dayIn, isDay } from '../../platform/days.ts'
import type { Dated, Span } from '../exchange/index.ts'
import { type Actor, artistsFor, can, labelRoster, type Sender, senderId, type Thing } from '../identity/index.ts'
import { studioReleases } from '../music/index.ts'

export type TaskRow = {
  id: string
  title: string
  dueOn: string | null
  doneAt: Date | null
  who: { id: string; name: string } | null
  artist: string | null
  release: { id: string; title: string } | null
  /** The label that asks it of somebody at this artist's desk; null for the desk's own. */
  askedBy: string | null
}

const DONE_SHOWN = 100

/** Which tasks a desk shows: its own, and at an artist's what a label with a living mandate asks of the people there. */
const shownTo = (sender: Sender) =>
  'labelId' in sender
    ? sql`t.label_id = ${sender.labelId}::uuid`
    : sql`(t.artist_id = ${sender.artistId}::uuid or (t.about_artist_id = ${sender.artistId}::uuid
        and t.label_id in (select label_id from living_mandates where artist_id = ${sender.artistId}::uuid)
        and t.assigned_to in (select account_id from memberships where artist_id = ${sender.artistId}::uuid)))`

/** What is to do at a desk, by its day, or what was done there, the latest first. Titles of releases only for who may see them. */
export async function tasksOf(
  db: Db,
  actor: Actor,
  sender: Sender,
  { done = false, limit = done ? DONE_SHOWN : 1000 }: { done?: boolean; limit?: number } = {},
): Promise<TaskRow[]> {
  const open = (await artistsFor(db, actor, 'music.edit')).map(({ id }) => id)
  const state = done ? sql`t.done_at is not null` : sql`t.done_at is null`
  const order = done ? sql`t.done_at desc, t.id` : sql`t.due_on nulls last, t.created_at, t.id`
  const { rows } = await sql<TaskRow>`
    select t.id, t.title, t.due_on as "dueOn", t.done_at as "doneAt", a.name as artist,
      case when t.assigned_to is not null then json_build_object('id', p.id, 'name', ${nameOf(sql`p`)}) end as who,
      case when r.id is not null then json_build_object('id', r.id, 'title', r.title) end as release,
      case when t.label_id is distinct from ${'labelId' in sender ? sender.labelId : null}::uuid then l.name end as "askedBy"
    from tasks t left join accounts p on p.id = t.assigned_to left join artists a on a.id = t.about_artist_id
      left join labels l on l.id = t.label_id
      left join releases r on r.id = t.release_id and r.removed_at is null and r.artist_id = any(${open}::uuid[])
    where t.removed_at is null and ${state} and ${shownTo(sender)} order by ${order} limit ${limit}`.execute(db)
  return rows
}

/** The tasks of a desk that have a day, done or not; the desk's own can be moved. */
export async function datedTasks(db: Db, sender: Sender, { from, to }: Span): Promise<Dated[]> {
  const [first, end] = [dayIn(from, 'UTC'), dayIn(to, 'UTC')]
  const { rows } = await sql<
    Pick<Dated, 'id' | 'title' | 'day' | 'changed' | 'version'> & { isDone: boolean; isOwn: boolean }
  >`
    select t.id, t.title, t.due_on as day, greatest(t.created_at, t.done_at) as changed, t.version, t.done_at is not null as "isDone",
      coalesce(t.artist_id, t.label_id) = ${senderId(sender)} as "isOwn"
    from tasks t where t.removed_at is null and ${shownTo(sender)} and t.due_on >= ${first} and t.due_on <= ${end}
    order by t.due_on, t.created_at, t.id limit 1000`.execute(db)
  return rows.map(({ isDone, isOwn, ...row }) => ({
    ...row,
    kind: 'task',
    senderId: senderId(sender),
    at: null,
    zone: null,
    given: isDone,
    href: isOwn ? `/studio/tasks/${row.id}` : '/studio/tasks',
    stands: isOwn && !isDone ? String(row.version) : null,
  }))
}

const nameOf = (account: ReturnType<typeof sql>) =>
  sql`coalesce(nullif(${account}.name, ''), split_part(${account}.email, '@', 1))`

/** How many tasks of this person at this desk are due, and whether the desk has any task at all. */
export async function dueFor(
  db: Db,
  sender: Sender,
  accountId: string,
  today: string,
): Promise<{ due: number; some: boolean }> {
  const { rows } = await sql<{ due: number; some: boolean }>`
    select count(*) filter (where t.done_at is null and t.assigned_to = ${accountId} and t.due_on <= ${today})::int as due, count(*) > 0 as some
    from tasks t where t.removed_at is null and ${shownTo(sender)}`.execute(db)
  return rows[0] ?? { due: 0, some: false }
}

const ITS_OWN = [
  'id',
  'artistId',
  'labelId',
  'title',
  'aboutArtistId',
  'releaseId',
  'assignedTo',
  'dueOn',
  'version',
] as const
export type Task = Pick<Selectable<Tables['tasks']>, (typeof ITS_OWN)[number]>

export async function taskById(db: Db | Tx, id: string): Promise<Task | null> {
  const task = await db.selectFrom('tasks').select(ITS_OWN).where('id', '=', id).executeTakeFirst()
  return task ?? null
}

/** Whose task it is. */
export const taskThing = ({ artistId, labelId }: Pick<Task, 'artistId' | 'labelId'>): Thing =>
  artistId ? { kind: 'artist', artistId } : { kind: 'label', labelId: labelId ?? '' }

/** By whose leave somebody says that it is done: its owner's, or, asked of them by a label, that of the artist for whom they work. */
export async function settlingThing(db: Db, actor: Actor, task: Task): Promise<Thing> {
  const { assignedTo, aboutArtistId, labelId } = task
  if (!labelId || !aboutArtistId || assignedTo !== actor.accountId || can(actor, 'tasks.edit', taskThing(task)))
    return taskThing(task)
  const living = await db
    .selectFrom('livingMandates')
    .select('id')
    .where('labelId', '=', labelId)
    .where('artistId', '=', aboutArtistId)
    .executeTakeFirst()
  return living ? { kind: 'artist', artistId: aboutArtistId } : taskThing(task)
}

export type Choices = {
  /** Who can be given a task; `artistId`: only one about that artist, for whom they work. */
  people: { id: string; name: string; artistId: string | null; artist: string | null }[]
  artists: { id: string; name: string }[]
  releases: { id: string; title: string; artistId: string; artist: string; day: string | null }[]
}

/** What a task of this desk can say: who does it, and about what. */
export async function choicesFor(db: Db, actor: Actor, sender: Sender, now: Date): Promise<Choices> {
  const isLabel = 'labelId' in sender
  const roster = isLabel ? await labelRoster(db, sender.labelId) : []
  const ids = isLabel ? roster.map(({ id }) => id) : [sender.artistId]
  const open = ids.filter((artistId) => can(actor, 'music.edit', { kind: 'artist', artistId }))
  const [{ rows: people }, releases] = await Promise.all([
    sql<Choices['people'][number]>`
      select distinct on (p.id) p.id, ${nameOf(sql`p`)} as name, case when m.label_id is null and ${isLabel} then m.artist_id end as "artistId",
        case when m.label_id is null and ${isLabel} then a.name end as artist
      from memberships m join accounts p on p.id = m.account_id and p.disabled_at is null left join artists a on a.id = m.artist_id
      where m.label_id = ${isLabel ? sender.labelId : null}::uuid or m.artist_id = any(${ids}::uuid[])
      order by p.id, m.label_id is null, a.sort_name`.execute(db),
    studioReleases(db, open, now),
  ])
  return {
    people: people.sort(
      (a, b) => Number(a.artistId !== null) - Number(b.artistId !== null) || a.name.localeCompare(b.name),
    ),
    artists: roster.map(({ id, name }) => ({ id, name })),
    releases: releases
      .filter(({ removedAt }) => !removedAt)
      .map(({ id, title, artistId, artistName, date, publishAt, publishZone }) => ({
        ...{ id, title, artistId, artist: artistName },
        day: date && isDay(date) ? date : publishAt && dayIn(publishAt, publishZone ?? 'UTC'),
      })),
  }
}
