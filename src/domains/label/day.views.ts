import { sql } from 'kysely'
import type { Db } from '../../platform/database/index.ts'
import { addDays, dayIn } from '../../platform/days.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { type Action, type Actor, artistsFor, can, labelRoster } from '../identity/index.ts'
import { waitingIn } from '../inbox/index.ts'
import { type Stopped, stoppedAnnouncements } from '../reach/index.ts'
import { type Short, shortCodes } from '../sequences/index.ts'
import { momentOf } from './task.rules.ts'
import { type TaskRow, tasksOf } from './tasks.views.ts'
import { toPack } from './to-pack.views.ts'

/** An artist of the roster, or the label itself. */
type Whose = { name: string; slug: string }

export const LACKS = ['tracks', 'sound', 'cover', 'day', 'credits'] as const
export type Lack = (typeof LACKS)[number]
export type Lacking = { id: string; title: string; artist: string; lacks: Lack[] }
export type StatementsDue = Whose & { unsent: number; isDue: boolean }
export type Coming = { kind: 'release' | 'post' | 'announcement'; id: string; title: string | null; at: Date }

/** What a section shows is null when nobody of the roster lets this person see it: then it is not there, rather than empty. */
export type Day = {
  roster: number
  tasks: TaskRow[]
  pack: (Whose & { count: number; since: Date })[] | null
  waiting: (Whose & { count: number; since: Date })[]
  stopped: (Whose & Stopped)[]
  /** Batches of codes that run short in a sequence. */
  short: (Whose & Short)[]
  lacking: Lacking[] | null
  statements: StatementsDue[]
  next: (Whose & { id: string; coming: Coming | null })[]
  ending: (Whose & { endsAt: Date })[]
  asked: number
}

type Asked = { lang: Lang; actor: Actor; labelId: string; label: Whose; now: Date; zone: string }

const SOON_DAYS = 30

/** All that waits for a label today. Each part asks the artists alone who let this person see it. */
export async function dayOf(db: Db, { lang, actor, labelId, label, now, zone }: Asked): Promise<Day> {
  const today = dayIn(now, zone)
  const roster = await labelRoster(db, labelId)
  const ofRoster = new Map(roster.map((artist) => [artist.id, { name: artist.name, slug: artist.slug }]))
  const open = async (action: Action) =>
    (await artistsFor(db, actor, action)).map(({ id }) => id).filter((id) => ofRoster.has(id))
  const [orders, inboxes, music, books, journals, announcing] = await Promise.all([
    open('orders.handle'),
    open('inbox.answer'),
    open('music.edit'),
    open('books.see'),
    open('journal.edit'),
    open('announce.edit'),
  ])
  const named = (id: string): Whose => ofRoster.get(id) ?? label
  const [tasks, pack, waiting, stopped, short, lacking, statements, coming, mandates, asked] = await Promise.all([
    tasksOf(db, actor, { labelId }),
    toPack(db, orders, now),
    Promise.all([labelId, ...inboxes].map(async (id) => ({ id, ...(await waitingIn(db, [id])) }))),
    stoppedAnnouncements(
      db,
      [...(can(actor, 'announce.edit', { kind: 'label', labelId }) ? [labelId] : []), ...announcing],
      lang,
    ),
    Promise.all(announcing.map(async (id) => (await shortCodes(db, id, now)).map((one) => ({ ...one, ...named(id) })))),
    lackingOf(db, music, now),
    statementsDue(db, [...(can(actor, 'books.see', { kind: 'label', labelId }) ? [labelId] : []), ...books], today),
    comingOf(db, { music, journals, announcing }, now),
    endingOf(db, labelId, new Date(now.getTime() + SOON_DAYS * 86_400_000)),
    askedOf(db, labelId),
  ])
  return {
    roster: roster.length,
    tasks: tasks.filter(({ dueOn }) => ['overdue', 'today', 'week'].includes(momentOf(dueOn, today))),
    pack: orders.length ? pack.map(({ artistId, ...row }) => ({ ...row, ...named(artistId) })) : null,
    waiting: waiting
      .flatMap(({ id, count, since }) => (since ? [{ ...named(id), count, since }] : []))
      .sort((a, b) => a.since.getTime() - b.since.getTime()),
    stopped: stopped.map((row) => ({ ...row, ...named(row.senderId) })),
    short: short.flat(),
    lacking: music.length ? lacking : null,
    statements: statements.map(({ id, ...row }) => ({ ...row, ...named(id) })),
    next: roster.map(({ id, name, slug }) => ({ id, name, slug, coming: coming.get(id) ?? null })),
    ending: mandates.map(({ artistId, endsAt }) => ({ ...named(artistId), endsAt })),
    asked,
  }
}

/** Releases on their way out, and what each still lacks; those that come soonest first. */
async function lackingOf(db: Db, artistIds: string[], now: Date): Promise<Lacking[]> {
  const { rows } = await sql<Omit<Lacking, 'lacks'> & Record<Lack, boolean>>`
    select r.id, r.title, a.name as artist,
      not exists (select from tracks t where t.release_id = r.id) as tracks,
      exists (select from tracks t where t.release_id = r.id
        and not exists (select from masters m where m.recording_id = t.recording_id and m.state <> 'failed')) as sound,
      r.cover_image_id is null as cover,
      r.visibility = 'draft' and r.publish_at is null and coalesce(r.release_date, '') !~ '^\\d{4}-\\d{2}-\\d{2}$' as day,
      not exists (select from credits c where c.release_id = r.id
        or c.recording_id in (select recording_id from tracks t where t.release_id = r.id)) as credits
    from releases r join artists a on a.id = r.artist_id
    where r.artist_id = any(${artistIds}::uuid[]) and r.removed_at is null
      and (r.visibility = 'draft' or (r.visibility = 'scheduled' and r.publish_at > ${now}))
    order by coalesce(to_char(r.publish_at, 'YYYY-MM-DD'), r.release_date) nulls last, r.updated_at desc limit 200`.execute(
    db,
  )
  return rows
    .map(({ id, title, artist, ...is }) => ({ id, title, artist, lacks: LACKS.filter((one) => is[one]) }))
    .filter(({ lacks }) => lacks.length)
}

/** Whose statements wait: made and not sent, or something of what is shared was earned in months that are over and not distributed. */
async function statementsDue(
  db: Db,
  owners: string[],
  today: string,
): Promise<{ id: string; unsent: number; isDue: boolean }[]> {
  const monthEnd = addDays(`${today.slice(0, 7)}-01`, -1)
  const { rows } = await sql<{ id: string; unsent: number; isDue: boolean }>`
    select * from (
      select coalesce(s.artist_id, s.label_id) as id,
        (select count(*)::int from statements st join payees p on p.id = st.payee_id and p.email <> ''
          where st.seller_id = s.id and st.sent_at is null) as unsent,
        exists (select from splits sp join ledger_lines l on l.subject = sp.subject and l.booked_on <= ${monthEnd}::date
            and l.booked_on > coalesce((select max(d.through) from distributions d where d.seller_id = s.id), '-infinity'::date)
            and coalesce(l.earned_on, l.booked_on) >= sp.begins_on
          join ledger_accounts la on la.id = l.account_id and la.seller_id = s.id and la.kind in ('sales-digital', 'sales-goods')
          where sp.seller_id = s.id and sp.state = 'agreed') as "isDue"
      from sellers s where coalesce(s.artist_id, s.label_id) = any(${owners}::uuid[])
    ) of where unsent > 0 or "isDue"`.execute(db)
  return rows
}

type Open = { music: string[]; journals: string[]; announcing: string[] }

/** The next thing that each artist gives, of what is planned to the minute. */
async function comingOf(db: Db, { music, journals, announcing }: Open, now: Date): Promise<Map<string, Coming>> {
  const { rows } = await sql<Coming & { artistId: string }>`
    select distinct on (artist_id) artist_id as "artistId", kind, id, title, at from (
      select artist_id, 'release' as kind, id, title, publish_at as at from releases
        where artist_id = any(${music}::uuid[]) and visibility = 'scheduled' and removed_at is null
      union all
      select artist_id, 'post', id, title, publish_at from posts
        where artist_id = any(${journals}::uuid[]) and visibility = 'scheduled' and removed_at is null
      union all
      select artist_id, 'announcement', id, null, leaves_at from announcements
        where artist_id = any(${announcing}::uuid[]) and state = 'waiting'
    ) coming where at > ${now} order by artist_id, at, id`.execute(db)
  return new Map(rows.map(({ artistId, ...coming }) => [artistId, coming]))
}

async function endingOf(db: Db, labelId: string, before: Date): Promise<{ artistId: string; endsAt: Date }[]> {
  const rows = await db
    .selectFrom('livingMandates')
    .select(['artistId', 'endsAt'])
    .where('labelId', '=', labelId)
    .where('endsAt', '<', before)
    .orderBy('endsAt')
    .execute()
  return rows.flatMap(({ artistId, endsAt }) => (endsAt ? [{ artistId, endsAt }] : []))
}

async function askedOf(db: Db, labelId: string): Promise<number> {
  const row = await db
    .selectFrom('mandateRequests')
    .select((of) => of.fn.countAll<string>().as('n'))
    .where('labelId', '=', labelId)
    .where('settledAt', 'is', null)
    .executeTakeFirst()
  return Number(row?.n ?? 0)
}
