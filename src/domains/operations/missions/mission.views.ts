import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import type { Cover } from '../../music/index.ts'
import type { EntryState } from '../operation.rules.ts'
import { type Operation, readOperations } from '../read-operations.ts'
import type { TaskKind, Thanks } from './mission.rules.ts'

export type Mission = Operation & {
  endsAt: Date | null
  thanks: Thanks
}

const thanksOf = (row: string) =>
  sql`json_build_object('words', ${sql.ref(`${row}.thanks_words`)}, 'subject', ${sql.ref(`${row}.thanks_subject`)}, 'batch', ${sql.ref(`${row}.thanks_batch`)})`

export const {
  byId: missionById,
  publicly: publicMission,
  ofArtist: missionsOf,
} = readOperations<Mission>(
  sql`o.ends_at as "endsAt", ${thanksOf('m')} as thanks`,
  sql`join missions m on m.operation_id = o.id`,
)

export type Task = {
  id: string
  kind: TaskKind
  words: string
  times: number
  subject: string | null
  language: string | null
  thanks: Thanks
  /** Contributions that are shown, or people who came. */
  done: number
}

/** What is asked, in its order, with what came of it so far. */
export async function tasksOf(db: Db | Tx, operationId: string): Promise<Task[]> {
  const { rows } = await sql<Task>`
    select t.id, t.kind, t.words, t.times, t.subject, t.language, ${thanksOf('t')} as thanks,
      (select coalesce(case when t.kind = 'bring' then sum(c.people) else count(*) end, 0)::int from mission_contributions c
        where c.task_id = t.id and c.state = 'shown') as done
    from mission_tasks t where t.operation_id = ${operationId} order by t.place, t.id`.execute(db)
  return rows
}

export type Contribution = {
  id: string
  operationId: string
  taskId: string
  kind: TaskKind
  name: string
  text: string
  link: string
  town: string
  alt: string
  language: Lang
  /** Of a translation: into which. */
  into: string | null
  of: string | null
  people: number
  at: Date
  isConfirmed: boolean
  state: EntryState
  reason: string
  accepted: string
  cover: Cover | null
  /** Its picture was taken down with it, and is held to be shown again. */
  isHeld: boolean
}

async function contributionsWhere(db: Db | Tx, where: ReturnType<typeof sql>): Promise<Contribution[]> {
  const { rows } = await sql<Contribution>`
    select c.id, c.operation_id as "operationId", c.task_id as "taskId", t.kind, c.name, c.text, c.link, c.town, c.alt, c.language, t.language as into,
      t.subject as of, c.people, c.at, c.confirmed_at is not null as "isConfirmed", c.state, c.reason, c.accepted,
      case when i.id is not null then json_build_object('id', i.id, 'sha256', i.sha256, 'width', i.width, 'height', i.height, 'widths', i.widths,
        'palette', i.palette) end as cover, exists (select from held_pictures h where h.of_id = c.id) as "isHeld"
    from mission_contributions c join mission_tasks t on t.id = c.task_id left join images i on i.id = c.image_id where ${where}`.execute(
    db,
  )
  return rows
}

/** How much of a wall one page shows. */
export const WALL_PAGE = 48

/** A page of the wall, from 0: what was accepted, the latest first, and whether there is more. */
export async function wallOf(
  db: Db | Tx,
  operationId: string,
  page: number,
): Promise<{ shown: Contribution[]; isMore: boolean }> {
  const rows = await contributionsWhere(
    db,
    sql`c.operation_id = ${operationId} and c.state = 'shown' and t.kind <> 'bring' order by c.at desc, c.id
      limit ${WALL_PAGE + 1} offset ${page * WALL_PAGE}`,
  )
  return { shown: rows.slice(0, WALL_PAGE), isMore: rows.length > WALL_PAGE }
}

/** All that somebody said is theirs and that can be looked at; what waits first. */
export const studioContributions = (db: Db | Tx, operationId: string): Promise<Contribution[]> =>
  contributionsWhere(
    db,
    sql`c.operation_id = ${operationId} and t.kind <> 'bring' and c.confirmed_at is not null
      order by c.state = 'waiting' desc, c.at desc, c.id`,
  )

/** What this fan did here, in the order in which they did. */
export const contributionsBy = (db: Db | Tx, operationId: string, fanId: string): Promise<Contribution[]> =>
  contributionsWhere(db, sql`c.operation_id = ${operationId} and c.fan_id = ${fanId} order by c.at, c.id`)

/** The one that a mail asks about. */
export const contributionById = async (db: Db | Tx, id: string): Promise<Contribution | null> =>
  (await contributionsWhere(db, sql`c.id = ${id}`))[0] ?? null

export type Given = {
  id: string
  taskId: string | null
  words: string
  subject: string | null
  code: string | null
  /** A code is owed. */
  isOwed: boolean
  /** They used their code of that batch before they were erased: there is no other. */
  hadCode: boolean
}

/** Of thanks `g` of a mission `m` for a task `t`: that no code came with them, though one of a batch does. */
export const hadCode = sql<boolean>`(g.given_at is not null and g.code is null
  and case when t.id is null then m.thanks_batch else t.thanks_batch end is not null)`

/** What this fan was given here in thanks. */
export async function givenTo(db: Db | Tx, operationId: string, fanId: string): Promise<Given[]> {
  const { rows } = await sql<Given>`
    select g.id, g.task_id as "taskId", case when t.id is null then m.thanks_words else t.thanks_words end as words,
      case when t.id is null then m.thanks_subject else t.thanks_subject end as subject, g.code, g.given_at is null as "isOwed",
      ${hadCode} as "hadCode"
    from mission_thanks g join missions m on m.operation_id = g.operation_id left join mission_tasks t on t.id = g.task_id
    where g.operation_id = ${operationId} and g.fan_id = ${fanId} order by g.task_id is null, g.due_at, g.id`.execute(
    db,
  )
  return rows
}

export type MissionCounts = {
  people: number
  waiting: number
  shown: number
  /** People who came by the links of those who take part. */
  brought: number
  thanked: number
  /** Thanks that wait for a code. */
  owed: number
}

export async function missionCounts(db: Db | Tx, operationId: string): Promise<MissionCounts> {
  const { rows } = await sql<MissionCounts>`
    select (select count(distinct fan_id)::int from operation_people p where p.operation_id = ${operationId}) as people,
      (count(*) filter (where c.state = 'waiting' and t.kind <> 'bring'))::int as waiting,
      (count(*) filter (where c.state = 'shown' and t.kind <> 'bring'))::int as shown,
      coalesce(sum(c.people) filter (where t.kind = 'bring'), 0)::int as brought,
      (select count(*)::int from mission_thanks g where g.operation_id = ${operationId} and g.given_at is not null) as thanked,
      (select count(*)::int from mission_thanks g where g.operation_id = ${operationId} and g.given_at is null and g.fan_id is not null) as owed
    from mission_contributions c join mission_tasks t on t.id = c.task_id
    where c.operation_id = ${operationId} and c.confirmed_at is not null`.execute(db)
  return rows[0] as MissionCounts
}
