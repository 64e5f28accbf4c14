import './tables.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { addJob, type JobContext } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import type { OfferSource } from '../exchange/index.ts'
import { type Sender, senderId } from '../identity/index.ts'
import { countedTo } from '../reach/index.ts'
import { giversFor, problemsNow } from './givers.ts'
import { deedsSince, hoursFor, livesOf, partsFor } from './lives.views.ts'
import { giveSubject } from './paths.rules.ts'
import { type Give, givesOf, type Plan, type When } from './plan.rules.ts'
import { columnOf, limitOf, sequenceById, type Version } from './sequence.store.ts'
import { newTally, type Tried, tryOne, weeksOf } from './try.rules.ts'

const LOT = 1_000

export const MONTHS = [1, 3, 6, 12] as const

/** How much of the past a try looks at. */
export function pastOf(months: number, now: Date): { from: Date; until: Date } {
  const from = new Date(now)
  from.setUTCMonth(from.getUTCMonth() - months)
  return { from, until: now }
}

/**
 * What would have become of the fans of the past months had this plan been in force, by the rules that the running sequences go by. Reads, and writes
 * nothing; a thousand people at a time.
 */
export async function tryPlan(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  offers: OfferSource,
  { sender, plan, months, gifts = [] }: { sender: Sender; plan: Plan; months: number; gifts?: string[] },
  onRead?: (people: number) => Promise<unknown>,
): Promise<Tried> {
  const { from, until } = pastOf(months, now())
  const [limit, parts, hours, givers] = await Promise.all([
    limitOf(db, sender),
    partsFor(db, offers, sender, plan),
    hoursFor(db, sender),
    giversFor(db, offers, sender, givesOf(plan)),
  ])
  const tally = newTally()
  let people = 0
  const span = { from: from.getTime(), until: until.getTime(), zone: plan.timeZone }
  for await (const fanIds of fansOf(db, sender, plan.when, from)) {
    const lives = await livesOf(db, { sender, plan, fanIds, since: deedsSince(plan, from) })
    const told = Map.groupBy(
      await countedTo(db, { sender, fanIds, since: from, now: until, except: gifts }),
      ({ fanId }) => fanId,
    )
    for (const life of lives.values()) {
      const mayGive = (give: Give) => givers.of(give) !== null
      const world = { limit, parts, hours: hours(life), mayGive }
      const others = (told.get(life.fanId) ?? []).map(({ at }) => at.getTime())
      tryOne({ plan, ...span, world }, life, others, tally)
    }
    people += fanIds.length
    await onRead?.(people)
  }
  const { weeks: _, codes: drawn, ...figures } = tally
  const codes = [...drawn].map(([batch, many]) => ({ batch, people: many }))
  const range = { months, from: from.toISOString(), until: until.toISOString() }
  return { ...range, ...figures, codes, weeks: weeksOf(tally, span) }
}

/** Everybody who is or was a fan of theirs and to whom it may have happened, so many at a time. */
async function* fansOf(db: Db, sender: Sender, when: When, from: Date): AsyncGenerator<string[]> {
  const mayBe =
    when.is === 'joined'
      ? sql`exists (select from subscriptions u where u.fan_id = s.fan_id and u.${sql.ref(columnOf(sender))} = s.artist_id and u.joined_at > ${from})`
      : when.is === 'bought'
        ? sql`s.bought_at > ${from}`
        : sql`true`
  for (let after: string | null = null; ; ) {
    const { rows }: { rows: { fanId: string }[] } = await sql<{ fanId: string }>`
      select s.fan_id as "fanId" from standings s where s.artist_id = ${senderId(sender)} and (${after}::uuid is null or s.fan_id > ${after}::uuid) and ${mayBe}
      order by s.fan_id limit ${LOT}`.execute(db)
    if (rows.length) yield rows.map(({ fanId }) => fanId)
    after = rows.at(-1)?.fanId ?? null
    if (rows.length < LOT) return
  }
}

export type TryProblem = 'missing' | 'unfinished' | 'changed'

/** Tries the last version of a sequence, and keeps what it said as long as nothing of it changes. `changed`: it did meanwhile. */
export async function trySequence(
  platform: Pick<Platform, 'db' | 'now'>,
  offers: OfferSource,
  { id, months }: { id: string; months: number },
  onRead?: (people: number) => Promise<unknown>,
): Promise<Result<Tried, TryProblem>> {
  const { db, now } = platform
  const found = await sequenceById(db, id)
  if (!found) return fail('missing')
  const { last } = found
  const { sender } = found.sequence
  if ((await problemsNow(db, offers, sender, last.plan)).length) return fail('unfinished')
  const gifts = givesOf(last.plan).map(({ giveId }) => giveSubject(giveId))
  const plan = { sender, plan: last.plan, months, gifts }
  const tried = await tryPlan(platform, offers, plan, onRead)
  const kept = await thisVersion(db, id, last)
    .set({ tried: JSON.stringify(tried), triedAt: now(), tryFailed: false })
    .returning('number')
    .executeTakeFirst()
  return kept ? ok(tried) : fail('changed')
}

/** A version as it was read, not as it was changed since. */
const thisVersion = (db: Db | Tx, id: string, { number, edits }: Pick<Version, 'number' | 'edits'>) =>
  db
    .updateTable('sequenceVersions')
    .where('sequenceId', '=', id)
    .where('number', '=', number)
    .where('edits', '=', edits)

/**
 * Tries it at once where that takes a moment, and lets a job read on where there are many people; `reading`: their number is still being read, and the
 * page says how far it is.
 */
export async function askTry(
  platform: Pick<Platform, 'db' | 'now'>,
  offers: OfferSource,
  { id, months }: { id: string; months: number },
): Promise<Result<'tried' | 'reading', TryProblem>> {
  const { db, now } = platform
  const found = await sequenceById(db, id)
  if (!found) return fail('missing')
  const { last } = found
  const { sender } = found.sequence
  if ((await problemsNow(db, offers, sender, last.plan)).length) return fail('unfinished')
  const { rows } = await sql`select from standings where artist_id = ${senderId(sender)} limit ${LOT + 1}`.execute(db)
  if (rows.length <= LOT) {
    const done = await trySequence(platform, offers, { id, months })
    return done.ok ? ok('tried') : done
  }
  return db.transaction().execute(async (tx) => {
    const asked = { tryMonths: months, tryAskedAt: now(), tryRead: 0, tryFailed: false }
    const kept = await thisVersion(tx, id, last).set(asked).returning('number').executeTakeFirst()
    if (!kept) return fail('changed')
    await addJob(tx, 'sequences.try', { sequenceId: id }, { key: `sequences.try:${id}`, queue: `sequences.try:${id}` })
    return ok('reading')
  })
}

/** Reads a try that was asked for, from its beginning if a worker died over it. What was changed meanwhile is not tried by it. */
export async function readTry(
  platform: Pick<Platform, 'db' | 'now'>,
  offers: OfferSource,
  { sequenceId: id }: { sequenceId: string },
  { signal, lastAttempt }: Pick<JobContext, 'signal' | 'lastAttempt'>,
): Promise<void> {
  const { db } = platform
  const last = (await sequenceById(db, id))?.last
  if (!last?.tryAskedAt || !last.tryMonths) return
  const asked = () => thisVersion(db, id, last).where('tryAskedAt', '=', last.tryAskedAt)
  try {
    await trySequence(platform, offers, { id, months: last.tryMonths }, async (people) => {
      signal.throwIfAborted()
      await asked().set({ tryRead: people }).execute()
    })
    await asked().set({ tryAskedAt: null }).execute()
  } catch (error) {
    if (lastAttempt) await asked().set({ tryAskedAt: null, tryFailed: true }).execute()
    throw error
  }
}
