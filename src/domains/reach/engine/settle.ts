import '../tables.ts'
import { sql } from 'kysely'
import { type Db, PREPARED, type Tx } from '../../../platform/database/index.ts'
import { LIVING_WORKERS } from '../../../platform/jobs/index.ts'
import { recordTouches, type Subject } from '../../exchange/index.ts'
import { type Channel, type SuppressionReason, suppress } from '../../fans/index.ts'
import type { OpenedProvider, Outcome } from '../channel.types.ts'
import type { NewReceipt } from '../receipts.store.ts'
import type { DeliveryState } from '../tables.ts'
import type { Claimed } from './claim.ts'
import { pauseAfter, retryAfter } from './retry.rules.ts'

export type Settled = {
  row: Claimed
  outcome: Outcome | { is: 'silence'; reason: string }
  /** What the provider has said of it since. */
  receipt?: NewReceipt
}

/** What a row says of an outcome. */
export type Written = {
  id: number
  state: DeliveryState
  ref: string | null
  problem: string | null
  dueAt: Date | null
  attempts: number
  /** It was taken, and this is what was said of it after that. */
  hasReceipt?: true
  /** The address is to be left alone, for this reason. */
  dead?: { addressHash: string; reason: SuppressionReason }
}

/** A load, and whether nothing of it is left to be said: its own rows go with the last. */
export type OfLoad = { holder: string; load: number; whole: boolean }

/**
 * Writes what became of a load, in one transaction: the rows, the touches of what was announced, the addresses that are dead, who asked to wait.
 * A row that was taken away from `holder` meanwhile (a person decided, or it was thought dead and its rows are uncertain) is only mended from 'uncertain'.
 */
export async function settle(
  db: Db,
  provider: Pick<OpenedProvider, 'id' | 'channel'>,
  { holder, load, whole }: OfLoad,
  batch: Settled[],
  now: Date,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    // First, as whoever settles the dead does: the other way round the two could wait for each other for ever.
    const own = await tx
      .selectFrom('handLoads')
      .select('load')
      .where('holder', '=', holder)
      .where('load', '=', load)
      .forUpdate()
      .executeTakeFirst()
    // Settled as dead meanwhile: what was not begun waits again, or was taken anew, in our own name too, and is no more of this load's to say.
    const said = own ? batch : batch.filter(({ outcome }) => outcome.is !== 'untouched')
    const entries = said.map((entry) => writtenOf(entry, now))
    const states = own ? (['handing', 'uncertain'] as const) : (['uncertain'] as const)
    const mine = await writeRows(tx, { providerId: provider.id, holder, entries, states, now })
    const ours = batch.filter(({ row }) => mine.has(row.id))
    await touch(tx, provider.channel, ours, now)
    await suppressDead(
      tx,
      provider.channel,
      entries.filter(({ id }) => mine.has(id)),
      now,
    )
    await pause(tx, provider.id, ours, now)
    await stopRefused(tx, ours, now)
    if (whole) await forgetLoad(tx, { holder, load })
  })
}

/** Answers with those that were still this holder's to say. */
async function writeRows(
  tx: Tx,
  {
    providerId,
    holder,
    entries,
    states,
    now,
  }: { providerId: string; holder: string; entries: Written[]; states: readonly DeliveryState[]; now: Date },
): Promise<Set<number>> {
  const all = <T>(of: (entry: Written) => T): T[] => entries.map(of)
  const { rows: changed } = await sql<{ id: number }>`${sql.raw(PREPARED)}
    update deliveries d set state = x.state, provider_ref = coalesce(x.ref, d.provider_ref), problem = x.problem, provider_id = ${providerId},
      due_at = coalesce(x.due_at, d.due_at), late_since = case when x.due_at is null then d.late_since else coalesce(d.late_since, d.due_at) end, attempts = x.attempts,
      handed_at = case when x.taken then ${now}::timestamptz else d.handed_at end,
      settled_at = case when x.state in ('delivered', 'bounced', 'failed', 'suppressed') then ${now}::timestamptz end,
      holder = case when x.state = 'uncertain' then d.holder end
    from unnest(${all(({ id }) => id)}::bigint[], ${all(({ state }) => state)}::text[], ${all(({ ref }) => ref)}::text[],
      ${all(({ problem }) => problem)}::text[], ${all(({ dueAt }) => dueAt)}::timestamptz[], ${all(({ attempts }) => attempts)}::int[],
      ${all(wasTaken)}::boolean[])
      as x(id, state, ref, problem, due_at, attempts, taken)
    where d.id = x.id and d.holder = ${holder} and d.state = any(${[...states]}::text[]) and d.settled_at is null
    returning d.id`.execute(tx)
  return new Set(changed.map(({ id }) => id))
}

const wasTaken = ({ state, hasReceipt }: Written): boolean => state === 'handed' || hasReceipt === true

/** What the row of a message says after its outcome, and after its receipt. */
export function writtenOf({ row, outcome, receipt }: Settled, now: Date): Written {
  const plain = { id: row.id, ref: null, problem: null, dueAt: null, attempts: row.attempts }
  if (receipt) {
    const { ref, settled: state, problem } = receipt
    return { ...plain, state, ref, problem: problem && cut(problem), hasReceipt: true }
  }
  switch (outcome.is) {
    case 'handed':
      return { ...plain, state: 'handed', ref: outcome.ref }
    case 'refused': {
      const { suppress: reason, problem } = outcome
      if (!reason) return { ...plain, state: 'failed', problem: cut(problem) }
      const { addressHash } = row
      return {
        ...plain,
        state: 'bounced',
        problem: cut(problem),
        ...(addressHash && { dead: { addressHash, reason } }),
      }
    }
    case 'unknown':
      return { ...plain, state: 'uncertain', problem: cut(outcome.problem) }
    case 'silence':
      return { ...plain, state: 'suppressed', problem: outcome.reason }
    case 'untouched':
      return { ...plain, state: 'queued', attempts: row.attempts - 1 }
    case 'later': {
      // Who does not answer at all refuses nobody: such an attempt does not count.
      const counts = outcome.holds !== 'provider'
      const at = counts ? retryAfter(row.attempts, now, outcome.at) : (outcome.at ?? now)
      if (!at) return { ...plain, state: 'failed', problem: cut(outcome.problem) }
      const attempts = row.attempts - (counts ? 0 : 1)
      return { ...plain, state: 'queued', problem: cut(outcome.problem), dueAt: at, attempts }
    }
  }
}

const cut = (problem: string) => problem.replaceAll('\0', '').slice(0, 500)

/** Every announcement and letter that was handed over is a touch of the fan's, by its gift: each of those that a digest carries as well. */
async function touch(tx: Tx, channel: string, batch: Settled[], at: Date): Promise<void> {
  await touchHanded(
    tx,
    channel,
    batch.filter(({ outcome }) => outcome.is === 'handed').map(({ row }) => row),
    at,
  )
}

async function touchHanded(
  tx: Tx,
  channel: string,
  handed: (Touching & Pick<Claimed, 'kind'>)[],
  at: Date,
): Promise<void> {
  const said = handed.filter(({ kind }) => kind === 'announcement' || kind === 'letter')
  const carried = await carriedBy(
    tx,
    handed.filter(({ kind }) => kind === 'digest'),
  )
  const all = [...said, ...carried]
  const others = await otherGiftsOf(
    tx,
    all.flatMap(({ announcementId }) => announcementId ?? []),
  )
  await recordTouches(
    tx,
    all.flatMap(({ id, announcementId, gift, artistId, labelId, personId }) => {
      const whose = artistId ?? labelId
      const own = gift ?? (announcementId && (`announcement:${announcementId}` as const))
      if (!own || !whose) return []
      const touched = { artistId: whose, personId, channel, referrer: null, token: null, at }
      return [
        { ...touched, key: `delivery:${id}`, subject: own, givenAs: own },
        ...others
          .filter((other) => other.announcementId === announcementId)
          .map(({ position, gift }) => ({
            ...{ ...touched, key: `delivery:${id}:${position}` },
            ...{ subject: gift, givenAs: gift },
          })),
      ]
    }),
  )
}

/** The gifts of what announcements give besides what leads: the fan is told of each. */
async function otherGiftsOf(tx: Tx, announcementIds: string[]) {
  if (announcementIds.length === 0) return []
  const rows = await tx
    .selectFrom('announcementThings')
    .select(['announcementId', 'position', 'gift'])
    .where('announcementId', 'in', [...new Set(announcementIds)])
    .where('position', '>', 0)
    .execute()
  return rows.map((row) => ({ ...row, gift: row.gift as Subject }))
}

type Touching = Pick<Claimed, 'id' | 'announcementId' | 'gift' | 'artistId' | 'labelId' | 'personId'>

async function carriedBy(tx: Tx, digests: Touching[]): Promise<Touching[]> {
  if (digests.length === 0) return []
  const persons = new Map(digests.map(({ id, personId }) => [id, personId]))
  const rows = await tx
    .selectFrom('deliveries')
    .leftJoin('letters', 'letters.id', 'letterId')
    .select([
      'deliveries.id',
      'announcementId',
      'letters.gift',
      'deliveries.artistId',
      'deliveries.labelId',
      'digestId',
    ])
    .where('digestId', 'in', [...persons.keys()])
    .execute()
  return rows.map(({ digestId, gift, ...row }) => ({
    ...row,
    gift: gift as Subject | null,
    personId: persons.get(digestId ?? 0) ?? null,
  }))
}

/** A dead address is left alone by everybody here. */
async function suppressDead(tx: Tx, channel: Channel, entries: Written[], at: Date): Promise<void> {
  for (const { dead } of entries) if (dead) await suppress(tx, { channel, ...dead, at })
}

/** Counts refusals in a row; a message that was taken ends the row. */
async function pause(tx: Tx, providerId: string, batch: Settled[], now: Date): Promise<void> {
  const refused = new Map<string, { problem: string; asked: Date | undefined }>()
  const taken = new Set<string>()
  for (const { row, outcome } of batch) {
    if (outcome.is === 'later' && outcome.holds) {
      const domain = outcome.holds === 'provider' ? '' : row.domain
      if (outcome.holds === 'provider' || domain)
        refused.set(domain, { problem: cut(outcome.problem), asked: outcome.at })
    } else if (outcome.is === 'handed') {
      taken.add(row.domain)
      taken.add('')
    }
  }
  const better = [...taken].filter((domain) => !refused.has(domain))
  if (better.length > 0)
    await tx.deleteFrom('handPauses').where('providerId', '=', providerId).where('domain', 'in', better).execute()
  if (taken.has('') && !refused.has(''))
    await tx
      .updateTable('providers')
      .set({ problem: null })
      .where('id', '=', providerId)
      .where('problem', 'is not', null)
      .execute()
  // In one order, so that two processes never wait for each other.
  for (const [domain, { problem, asked }] of [...refused].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { strikes } = await tx
      .insertInto('handPauses')
      .values({ providerId, domain, until: now, strikes: 1, problem })
      .onConflict((conflict) =>
        conflict.columns(['providerId', 'domain']).doUpdateSet({ strikes: sql`hand_pauses.strikes + 1`, problem }),
      )
      .returning('strikes')
      .executeTakeFirstOrThrow()
    if (!domain) await tx.updateTable('providers').set({ problem }).where('id', '=', providerId).execute()
    const until = pauseAfter(strikes, now, domain ? 'domain' : 'provider', asked)
    if (until)
      await tx
        .updateTable('handPauses')
        .set({ until })
        .where('providerId', '=', providerId)
        .where('domain', '=', domain)
        .execute()
  }
}

/** So many refusals by policy in a row are no accident of one recipient. */
const MOST_REFUSALS = 30

/**
 * Pauses an announcement that one server after the other refuses as such: to go on would spend the whole list, and our name with it. Those that were
 * refused in that row wait again, since what was refused has reached nobody.
 */
async function stopRefused(tx: Tx, batch: Settled[], now: Date): Promise<void> {
  const announcements = new Map<string, { handed: number; refused: number; problem: string }>()
  for (const { row, outcome } of batch) {
    if (!row.announcementId) continue
    const count = announcements.get(row.announcementId) ?? { handed: 0, refused: 0, problem: '' }
    announcements.set(row.announcementId, count)
    if (outcome.is === 'handed') count.handed++
    if (outcome.is !== 'refused' || !outcome.policy) continue
    count.refused++
    count.problem = cut(outcome.problem)
  }
  for (const [id, { handed, refused, problem }] of announcements) {
    if (handed > 0)
      await tx
        .updateTable('announcements')
        .set({ refusals: 0, refusedSince: null })
        .where('id', '=', id)
        .where('refusals', '>', 0)
        .execute()
    else if (refused > 0) {
      const { refusals, refusedSince, state } = await tx
        .updateTable('announcements')
        .set({ refusals: sql`refusals + ${refused}`, refusedSince: sql`coalesce(refused_since, ${now})` })
        .where('id', '=', id)
        .returning(['refusals', 'refusedSince', 'state'])
        .executeTakeFirstOrThrow()
      // What was on its way when it was paused waits with the others.
      if (refusals < MOST_REFUSALS || !(state === 'leaving' || state === 'paused')) continue
      await tx.updateTable('announcements').set({ state: 'paused', stopped: problem }).where('id', '=', id).execute()
      await sql`
        update deliveries set state = 'queued', settled_at = null, due_at = ${now}, attempts = attempts - 1
        where announcement_id = ${id} and state = 'failed' and settled_at >= ${refusedSince} and problem ~ '5\\.7\\.\\d'`.execute(
        tx,
      )
    }
  }
}

/**
 * What the dead held: holders that are no living worker, and finished runs of this very process. Of their loads, what is known is written, what was not
 * begun waits as before, and only what had begun and of which nothing is known becomes uncertain. Answers with how many those are.
 */
export async function settleTheDead(
  db: Db,
  now: Date,
  { worker = '', runs = [] as string[], thorough = false } = {},
): Promise<number> {
  const dead = sql`(split_part(holder, '/', 1) not in (${sql.raw(LIVING_WORKERS)})
    or (split_part(holder, '/', 1) = ${worker} and holder <> all(${runs})))`
  let uncertain = 0
  for (;;) {
    const found = await db.transaction().execute(async (tx) => {
      const { rows } = await sql<DeadLoad>`
        select holder, load, provider_id as "providerId", ids from hand_loads where ${dead}
        order by holder, load limit 1 for update skip locked`.execute(tx)
      const [load] = rows
      if (load) uncertain += await settleDeadLoad(tx, load, now)
      return load
    })
    if (!found) break
  }
  if (!thorough) return uncertain
  await sql`delete from hand_outcomes o where not exists (
    select from hand_loads l where l.holder = o.holder and l.load = o.load)`.execute(db)
  // Whatever else is held by nobody who lives: nothing is known of it.
  const { numAffectedRows } = await sql`
    update deliveries d set state = 'uncertain', problem = 'interrupted'
    where d.waits and d.state = 'handing' and ${dead}
      and not exists (select from hand_loads l where l.holder = d.holder and d.id = any(l.ids))`.execute(db)
  return uncertain + Number(numAffectedRows ?? 0)
}

type DeadLoad = { holder: string; load: number; providerId: string; ids: number[] }

async function settleDeadLoad(tx: Tx, { holder, load, providerId, ids }: DeadLoad, now: Date): Promise<number> {
  // One load of a holder after the other: a later one may hold rows that this one had written and given back.
  await sql`select pg_advisory_xact_lock(hashtext('dead loads'), hashtext(${holder}))`.execute(tx)
  const { rows: retaken } = await sql<{ id: number }>`
    select unnest(ids) as id from hand_loads where holder = ${holder} and load > ${load}`.execute(tx)
  const elsewhere = new Set(retaken.map(({ id }) => id))
  const lots = await tx
    .selectFrom('handOutcomes')
    .select(['outcomes', 'begun'])
    .where('holder', '=', holder)
    .where('load', '=', load)
    .execute()
  const begun = Math.max(0, ...lots.map((lot) => lot.begun))
  const entries = new Map<number, Written>()
  for (const { outcomes } of lots)
    for (const entry of JSON.parse(outcomes) as Written[]) {
      // In whatever order they are read: a receipt is the later word.
      const later = entry.hasReceipt || !entries.get(entry.id)?.hasReceipt
      if (!elsewhere.has(entry.id) && later) entries.set(entry.id, entry)
    }
  const known = await writeRows(tx, {
    ...{ providerId, holder, now },
    entries: [...entries.values()],
    states: ['handing', 'uncertain'],
  })
  const ours = [...entries.values()].filter(({ id }) => known.has(id))
  if (ours.length > 0) {
    const handed = ours.filter(wasTaken)
    const channel = await tx
      .selectFrom('deliveries')
      .select('channel')
      .where('id', '=', ours[0]?.id ?? 0)
      .executeTakeFirstOrThrow()
    await suppressDead(tx, channel.channel, ours, now)
    const { rows } = await sql<Touching & Pick<Claimed, 'kind'>>`
      select d.id, d.kind, d.announcement_id as "announcementId", le.gift, d.artist_id as "artistId", d.label_id as "labelId",
        f.person_id as "personId"
      from deliveries d left join letters le on le.id = d.letter_id left join fan_addresses a on a.id = d.address_id left join fans f on f.id = coalesce(a.fan_id, d.fan_id)
      where d.id = any(${handed.map(({ id }) => id)}::bigint[])`.execute(tx)
    await touchHanded(tx, channel.channel, rows, now)
  }
  await sql`
    update deliveries set state = 'queued', holder = null, attempts = attempts - 1
    where id = any(${ids.slice(begun)}::bigint[]) and state = 'handing' and holder = ${holder}`.execute(tx)
  const { numAffectedRows } = await sql`
    update deliveries set state = 'uncertain', problem = 'interrupted', provider_id = ${providerId}
    where id = any(${ids.slice(0, begun)}::bigint[]) and state = 'handing' and holder = ${holder}`.execute(tx)
  await forgetLoad(tx, { holder, load })
  return Number(numAffectedRows ?? 0)
}

async function forgetLoad(tx: Tx, { holder, load }: { holder: string; load: number }): Promise<void> {
  await tx.deleteFrom('handLoads').where('holder', '=', holder).where('load', '=', load).execute()
  await tx.deleteFrom('handOutcomes').where('holder', '=', holder).where('load', '=', load).execute()
}

/** Announcements of which nothing is left to hand over are sent; what came back to one that was cancelled meanwhile stays here. */
export async function finishAnnouncements(db: Db, now: Date): Promise<void> {
  await sql`
    update deliveries d set state = 'cancelled', settled_at = ${now} from announcements a
    where a.state = 'cancelled' and d.announcement_id = a.id and d.waits and d.state = 'queued'`.execute(db)
  await sql`
    update announcements a set state = 'sent', finished_at = ${now}
    where a.state = 'leaving' and a.frozen_at is not null
      and not exists (select from deliveries d where d.announcement_id = a.id and d.waits and d.state in ('queued', 'handing'))`.execute(
    db,
  )
}
