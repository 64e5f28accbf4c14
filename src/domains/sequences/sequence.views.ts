import './tables.ts'
import { sql } from 'kysely'
import type { Db } from '../../platform/database/index.ts'
import { type Sender, senderId } from '../identity/index.ts'
import { letterCounts } from '../reach/index.ts'
import { giveSubject } from './paths.rules.ts'
import { columnOf } from './sequence.store.ts'
import type { RunState } from './tables.ts'
import type { WaitsFor } from './walk.rules.ts'

export type SequenceLine = {
  id: string
  name: string
  state: 'off' | 'on'
  version: number | null
  onAt: Date | null
  walking: number
}

/** An artist's or label's sequences, those that are on first, the latest first. */
export async function sequencesOf(db: Db, sender: Sender): Promise<SequenceLine[]> {
  const { rows } = await sql<SequenceLine>`
    select s.id, s.name, s.state, s.version, s.on_at as "onAt",
      (select count(*)::int from sequence_runs r where r.sequence_id = s.id and r.state = 'walking') as walking
    from sequences s where s.${sql.ref(columnOf(sender))} = ${senderId(sender)} order by s.state = 'off', s.created_at desc, s.id`.execute(
    db,
  )
  return rows
}

/** How many people are in which state. */
export async function runCounts(db: Db, sequenceId: string): Promise<{ state: RunState; people: number }[]> {
  const { rows } = await sql<{ state: RunState; people: number }>`
    select state, count(*)::int as people from sequence_runs where sequence_id = ${sequenceId} group by state`.execute(
    db,
  )
  return rows
}

export type Underway = {
  name: string
  version: number
  step: number
  dueAt: Date
  waitsFor: WaitsFor | null
}

export const MOST_SHOWN = 50

/** Those on their way, whose time comes first. */
export async function underwayIn(db: Db, sequenceId: string): Promise<Underway[]> {
  const { rows } = await sql<Underway>`
    select coalesce(f.name, '') as name, r.version, r.step, r.due_at as "dueAt", r.waits_for as "waitsFor"
    from sequence_runs r join fans f on f.id = r.fan_id
    where r.sequence_id = ${sequenceId} and r.state = 'walking' order by r.due_at, r.id limit ${MOST_SHOWN}`.execute(db)
  return rows
}

export type Sent = {
  giveId: string
  title: string
  givenBy: string | null
  waiting: number
  handed: number
  lost: number
  not: number
}

/** What became of the messages of each give, over all versions. */
export async function sentBy(db: Db, sequenceId: string): Promise<Sent[]> {
  const gives = await db
    .selectFrom('sequenceGives')
    .select(['id', 'title', 'givenBy'])
    .where('sequenceId', '=', sequenceId)
    .orderBy('id')
    .execute()
  const counts = await letterCounts(
    db,
    gives.map(({ id }) => giveSubject(id)),
  )
  return gives.map(({ id, title, givenBy }) => {
    const of = (...states: string[]) =>
      counts.reduce(
        (sum, { gift, state, count }) => sum + (gift === giveSubject(id) && states.includes(state) ? count : 0),
        0,
      )
    return {
      giveId: id,
      title,
      givenBy,
      waiting: of('held', 'queued', 'handing', 'uncertain'),
      handed: of('handed', 'delivered'),
      lost: of('bounced', 'failed'),
      not: of('suppressed', 'cancelled'),
    }
  })
}
