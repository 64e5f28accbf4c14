import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import type { Cover } from '../../music/index.ts'
import { type EntryFile, fileOf } from '../entry-files/files.views.ts'
import type { ContestSort, EntryState } from '../operation.rules.ts'
import { type Operation, readOperations } from '../read-operations.ts'
import type { Closing } from './contest.rules.ts'

export type Contest = Operation & {
  endsAt: Date | null
  thanksWords: string
  thanksSubject: string | null
  sort: ContestSort
  releaseId: string | null
  releaseTitle: string | null
  entriesUntil: Date | null
  juryWeight: number
  mostEntries: number
  /** Files of its release that are given to work with. */
  stems: string[]
  winnerId: string | null
  /** Whether its rules say that votes may be set aside. */
  setsAside: boolean
  /** The draft that was made of what won, as a subject. */
  made: string | null
  results: Closing | null
}

export const {
  byId: contestById,
  publicly: publicContest,
  ofArtist: contestsOf,
} = readOperations<Contest>(
  sql`o.ends_at as "endsAt", o.thanks_words as "thanksWords", o.thanks_subject as "thanksSubject", c.sort, c.release_id as "releaseId", r.title as "releaseTitle",
    c.entries_until as "entriesUntil", c.jury_weight as "juryWeight", c.most_entries as "mostEntries", c.stems, c.sets_aside as "setsAside", c.made, c.winner_id as "winnerId", c.results`,
  sql`join contests c on c.operation_id = o.id left join releases r on r.id = c.release_id`,
)

export type Entry = {
  id: string
  name: string
  title: string
  text: string
  alt: string
  language: Lang
  at: Date
  state: EntryState
  reason: string
  decidedAt: Date | null
  accepted: string
  rulesVersion: number
  cover: Cover | null
  file: EntryFile | null
  /** Its picture was taken down with it, and is held to be shown again. */
  isHeld: boolean
}

async function entriesWhere(db: Db | Tx, where: ReturnType<typeof sql>): Promise<Entry[]> {
  const { rows } = await sql<Entry>`
    select e.id, e.name, e.title, e.text, e.alt, e.language, e.at, e.state, e.reason, e.decided_at as "decidedAt", e.accepted,
      e.rules_version as "rulesVersion",
      case when i.id is not null then json_build_object('id', i.id, 'sha256', i.sha256, 'width', i.width, 'height', i.height, 'widths', i.widths,
        'palette', i.palette) end as cover, ${fileOf(sql`e.file_id`)} as file,
      exists (select from held_pictures h where h.of_id = e.id) as "isHeld"
    from contest_entries e left join images i on i.id = e.image_id where ${where}`.execute(db)
  return rows
}

/** What is shown, in the order in which it came. */
export const shownEntries = (db: Db | Tx, operationId: string): Promise<Entry[]> =>
  entriesWhere(db, sql`e.operation_id = ${operationId} and e.state = 'shown' order by e.at, e.id`)

/** All that somebody said is theirs; what waits first. */
export const studioEntries = (db: Db | Tx, operationId: string): Promise<Entry[]> =>
  entriesWhere(
    db,
    sql`e.operation_id = ${operationId} and e.confirmed_at is not null order by e.state = 'waiting' desc, e.at desc, e.id`,
  )

export type AskedEntry = Entry & { operationId: string; isConfirmed: boolean }

/** The entry that a mail asks about. */
export async function askedEntry(db: Db | Tx, id: string): Promise<AskedEntry | null> {
  const [entry] = await entriesWhere(db, sql`e.id = ${id}`)
  const row =
    entry &&
    (await db
      .selectFrom('contestEntries')
      .select(['operationId', 'confirmedAt'])
      .where('id', '=', id)
      .executeTakeFirst())
  return row ? { ...entry, operationId: row.operationId, isConfirmed: row.confirmedAt !== null } : null
}

export const askedBallot = (db: Db | Tx, id: string) =>
  db
    .selectFrom('contestBallots')
    .select(['operationId', 'entryIds', 'confirmedAt'])
    .where('id', '=', id)
    .executeTakeFirst()

/** What this fan approves now. */
export async function approvedBy(db: Db | Tx, operationId: string, fanId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('contestVotes')
    .select('entryId')
    .where('operationId', '=', operationId)
    .where('fanId', '=', fanId)
    .where('withdrawnAt', 'is', null)
    .execute()
  return rows.map(({ entryId }) => entryId)
}

export type Rules = { version: number; language: Lang; text: string; madeAt: Date }

/** Rules in a language, the latest version unless told. */
export async function rulesOf(
  db: Db | Tx,
  operationId: string,
  { language, version }: { language: Lang; version?: number },
): Promise<Rules | null> {
  const row = await db
    .selectFrom('contestRules')
    .select(['version', 'language', 'text', 'madeAt'])
    .where('operationId', '=', operationId)
    .where('language', '=', language)
    .$if(version !== undefined, (query) => query.where('version', '=', version ?? 0))
    .orderBy('version', 'desc')
    .executeTakeFirst()
  return row ?? null
}

export type Juror = { id: string; name: string; scored: number }

export async function jurorsOf(db: Db | Tx, operationId: string): Promise<Juror[]> {
  const { rows } = await sql<Juror>`
    select j.id, j.name, (select count(*)::int from contest_scores s join contest_entries e on e.id = s.entry_id and e.state = 'shown'
      where s.juror_id = j.id) as scored
    from contest_jurors j where j.operation_id = ${operationId} and j.removed_at is null order by j.invited_at, j.id`.execute(
    db,
  )
  return rows
}

/** A juror who is still one, with what they gave so far. */
export async function jurorById(db: Db | Tx, id: string) {
  const juror = await db
    .selectFrom('contestJurors')
    .select(['id', 'name', 'operationId'])
    .where('id', '=', id)
    .where('removedAt', 'is', null)
    .executeTakeFirst()
  if (!juror) return null
  const scores = await db.selectFrom('contestScores').select(['entryId', 'score']).where('jurorId', '=', id).execute()
  return { ...juror, scores: new Map(scores.map(({ entryId, score }) => [entryId, score])) }
}

export type Counts = { entries: number; waiting: number; shown: number; blocked: number; voters: number }

/** How much came in, without what for whom: nobody sees that before the end. */
export async function countsOf(db: Db | Tx, operationId: string): Promise<Counts> {
  const { rows } = await sql<Counts>`
    select count(*)::int as entries, (count(*) filter (where state = 'waiting'))::int as waiting, (count(*) filter (where state = 'shown'))::int as shown,
      (count(*) filter (where state = 'blocked'))::int as blocked,
      (select count(distinct coalesce(fan_id, erased_as))::int from contest_votes v
        where v.operation_id = ${operationId} and withdrawn_at is null and merged_at is null) as voters
    from contest_entries where operation_id = ${operationId} and confirmed_at is not null`.execute(db)
  return rows[0] as Counts
}
