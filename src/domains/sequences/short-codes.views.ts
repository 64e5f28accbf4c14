import './tables.ts'
import { sql } from 'kysely'
import type { Db } from '../../platform/database/index.ts'
import { batchesOf } from '../shop/index.ts'
import { givesOf, type Plan } from './plan.rules.ts'
import { DAY_MS } from './walk.rules.ts'

/** The days whose codes say how many the next ones may take. */
const LATELY_DAYS = 14

/** A batch of which a sequence that is on gives, and that has run out, may be used no longer, or will soon have run out. */
export type Short = {
  sequenceId: string
  sequence: string
  batch: string
  is: 'empty' | 'ended' | 'low'
  left: number
  /** People who wait for a code of it now. */
  waiting: number
  /** People on their way to one, in all sequences that give of it. */
  ahead: number
  /** Codes of it that were taken in the last two weeks, by whatever way. */
  lately: number
}

/** Those of an artist. Nearly empty: fewer are left than people are on their way to one, with as many more as the last two weeks took. */
export async function shortCodes(db: Db, artistId: string, now: Date): Promise<Short[]> {
  const { rows: versions } = await sql<{ id: string; name: string; number: number; version: number; plan: Plan }>`
    select s.id, s.name, v.number, s.version, v.plan from sequences s join sequence_versions v on v.sequence_id = s.id
    where s.artist_id = ${artistId} and s.state = 'on' and v.fixed_at is not null order by s.created_at, s.id, v.number`.execute(
    db,
  )
  const current = versions.filter(({ number, version }) => number === version)
  const asked = current.flatMap(({ id, name, plan }) =>
    [...new Set(givesOf(plan).flatMap(({ batch }) => batch ?? []))].map((batch) => ({ id, name, batch })),
  )
  if (!asked.length) return []
  const batches = new Map((await batchesOf(db, artistId, now)).map((batch) => [batch.id, batch]))
  const lately = await takenSince(db, artistId, new Date(now.getTime() - LATELY_DAYS * DAY_MS))
  const ahead = new Map<string, Ahead>()
  for (const batch of new Set(asked.map((one) => one.batch)))
    for (const [id, many] of await aheadOf(db, batch, versions)) ahead.set(`${id} ${batch}`, many)
  return asked.flatMap(({ id, name, batch: batchId }) => {
    const batch = batches.get(batchId)
    const left = batch?.left ?? 0
    const soon = asked
      .filter((one) => one.batch === batchId)
      .reduce((sum, one) => sum + (ahead.get(`${one.id} ${batchId}`)?.people ?? 0), 0)
    const took = lately.get(batchId) ?? 0
    const is = batch?.state !== 'open' ? 'ended' : left === 0 ? 'empty' : left < soon + took ? 'low' : null
    const waiting = ahead.get(`${id} ${batchId}`)?.waiting ?? 0
    return is
      ? [{ sequenceId: id, sequence: name, batch: batch?.name ?? '', is, left, waiting, ahead: soon, lately: took }]
      : []
  })
}

type Ahead = { people: number; waiting: number }

/** By sequence: who has no code of this batch yet, and stands before a step that gives one. */
async function aheadOf(
  db: Db,
  batch: string,
  versions: { id: string; number: number; version: number; plan: Plan }[],
): Promise<Map<string, Ahead>> {
  const ids = [...new Set(versions.map(({ id }) => id))]
  const { rows } = await sql<{ id: string; version: number; step: number; waits: boolean; people: number }>`
    select r.sequence_id as id, r.version, r.step, coalesce(r.waits_for = 'code', false) as waits, count(*)::int as people from sequence_runs r
    where r.sequence_id = any(${ids}::uuid[]) and r.state = 'walking'
      and not exists (select from given_codes c where c.batch_id = ${batch} and c.fan_id = r.fan_id)
    group by 1, 2, 3, 4`.execute(db)
  const found = new Map<string, Ahead>()
  for (const { id, version, step, waits, people } of rows) {
    const theirs = versions.find((one) => one.id === id && one.number === version)
    const current = versions.find((one) => one.id === id && one.number === one.version)
    const gives = new Set(current && givesOf(current.plan).flatMap((give) => (give.batch === batch ? give.giveId : [])))
    const comes = (at: number) => {
      const next = theirs?.plan.steps[at]
      return next?.kind === 'give' && gives.has(next.giveId)
    }
    if (!theirs?.plan.steps.some((_, at) => at >= step && comes(at))) continue
    const so = found.get(id) ?? { people: 0, waiting: 0 }
    found.set(id, { people: so.people + people, waiting: so.waiting + (waits && comes(step) ? people : 0) })
  }
  return found
}

/** How many codes of each batch were used, or given to somebody by name. */
async function takenSince(db: Db, artistId: string, since: Date): Promise<Map<string, number>> {
  const { rows } = await sql<{ batch: string; codes: number }>`
    select c.batch_id as batch, count(*)::int as codes from codes c join code_batches b on b.id = c.batch_id
    where b.artist_id = ${artistId} and least(c.handed_at, c.redeemed_at) > ${since} group by 1`.execute(db)
  return new Map(rows.map(({ batch, codes }) => [batch, codes]))
}
