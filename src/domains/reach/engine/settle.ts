import '../tables.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import { LIVING_WORKERS } from '../../../platform/jobs/index.ts'
import { recordTouches } from '../../exchange/index.ts'
import { type Channel, suppress } from '../../fans/index.ts'
import type { OpenedProvider, Outcome } from '../channel.types.ts'
import type { DeliveryState } from '../tables.ts'
import type { Claimed } from './claim.ts'
import { pauseAfter, retryAfter } from './retry.rules.ts'

export type Settled = { row: Claimed; outcome: Outcome | { is: 'silence'; reason: string } }

type Written = {
  id: number
  state: DeliveryState
  ref: string | null
  problem: string | null
  dueAt: Date | null
  attempts: number
  handed: boolean
  settled: boolean
}

/**
 * Writes what became of a batch, in one transaction: the rows, the touches of what was announced, the addresses that are dead, who asked to wait.
 * A row that was taken away from `holder` meanwhile (a person decided, or it was thought dead and its rows are uncertain) is only mended from 'uncertain'.
 */
export async function settle(
  db: Db,
  provider: Pick<OpenedProvider, 'id' | 'channel'>,
  holder: string,
  batch: Settled[],
  now: Date,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const written = batch.map((entry) => write(entry, now))
    const { rows: changed } = await sql<{ id: number }>`
      update deliveries d set state = x.state, provider_ref = coalesce(x.ref, d.provider_ref), problem = x.problem,
        due_at = coalesce(x."dueAt", d.due_at), attempts = x.attempts,
        handed_at = case when x.handed then ${now}::timestamptz else d.handed_at end,
        settled_at = case when x.settled then ${now}::timestamptz end,
        holder = case when x.state = 'uncertain' then d.holder end
      from json_to_recordset(${JSON.stringify(written)}::json)
        as x(id bigint, state text, ref text, problem text, "dueAt" timestamptz, attempts int, handed boolean, settled boolean)
      where d.id = x.id and d.holder = ${holder} and d.state in ('handing', 'uncertain') and d.settled_at is null
      returning d.id`.execute(tx)
    const mine = new Set(changed.map(({ id }) => id))
    const ours = batch.filter(({ row }) => mine.has(row.id))
    await touch(tx, provider.channel, ours, now)
    await suppressDead(tx, provider.channel, ours, now)
    await pause(tx, provider.id, ours, now)
  })
}

function write({ row, outcome }: Settled, now: Date): Written {
  const plain = {
    id: row.id,
    ref: null,
    problem: null,
    dueAt: null,
    attempts: row.attempts,
    handed: false,
    settled: false,
  }
  switch (outcome.is) {
    case 'handed':
      return { ...plain, state: 'handed', ref: outcome.ref, handed: true }
    case 'refused':
      return { ...plain, state: outcome.suppress ? 'bounced' : 'failed', problem: cut(outcome.problem), settled: true }
    case 'unknown':
      return { ...plain, state: 'uncertain', problem: cut(outcome.problem) }
    case 'silence':
      return { ...plain, state: 'suppressed', problem: outcome.reason, settled: true }
    case 'untouched':
      return { ...plain, state: 'queued', attempts: row.attempts - 1 }
    case 'later': {
      // Who does not answer at all refuses nobody: such an attempt does not count.
      const counts = outcome.holds !== 'provider'
      const at = counts ? retryAfter(row.attempts, now, outcome.at) : (outcome.at ?? now)
      if (!at) return { ...plain, state: 'failed', problem: cut(outcome.problem), settled: true }
      return {
        ...plain,
        state: 'queued',
        problem: cut(outcome.problem),
        dueAt: at,
        attempts: row.attempts - (counts ? 0 : 1),
      }
    }
  }
}

const cut = (problem: string) => problem.replaceAll('\0', '').slice(0, 500)

/** Every announcement that was handed over is a touch of the fan's, by its gift: each of those that a digest carries as well. */
async function touch(tx: Tx, channel: string, batch: Settled[], at: Date): Promise<void> {
  const handed = batch.filter(({ outcome }) => outcome.is === 'handed').map(({ row }) => row)
  const said = handed.filter(({ kind }) => kind === 'announcement')
  const carried = await carriedBy(
    tx,
    handed.filter(({ kind }) => kind === 'digest'),
  )
  await recordTouches(
    tx,
    [...said, ...carried].flatMap(({ id, announcementId, artistId, personId }) =>
      announcementId && artistId
        ? [
            {
              key: `delivery:${id}`,
              artistId,
              subject: `announcement:${announcementId}` as const,
              givenAs: `announcement:${announcementId}` as const,
              personId,
              channel,
              referrer: null,
              token: null,
              at,
            },
          ]
        : [],
    ),
  )
}

type Touching = Pick<Claimed, 'id' | 'announcementId' | 'artistId' | 'personId'>

async function carriedBy(tx: Tx, digests: Claimed[]): Promise<Touching[]> {
  if (digests.length === 0) return []
  const persons = new Map(digests.map(({ id, personId }) => [id, personId]))
  const rows = await tx
    .selectFrom('deliveries')
    .select(['id', 'announcementId', 'artistId', 'digestId'])
    .where('digestId', 'in', [...persons.keys()])
    .execute()
  return rows.map(({ digestId, ...row }) => ({ ...row, personId: persons.get(digestId ?? 0) ?? null }))
}

/** A dead address is left alone by everybody here. */
async function suppressDead(tx: Tx, channel: Channel, batch: Settled[], at: Date): Promise<void> {
  for (const { row, outcome } of batch)
    if (outcome.is === 'refused' && outcome.suppress && row.addressHash)
      await suppress(tx, { channel, addressHash: row.addressHash, reason: outcome.suppress, at })
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

/**
 * What the dead held becomes uncertain: rows whose holder is no living worker, and those of a finished run of this very process. Answers with how
 * many there were.
 */
export async function settleTheDead(db: Db, { worker = '', runs = [] as string[] } = {}): Promise<number> {
  const { numAffectedRows } = await sql`
    update deliveries set state = 'uncertain', problem = 'interrupted'
    where state = 'handing' and (
      split_part(holder, '/', 1) not in (${sql.raw(LIVING_WORKERS)})
      or (split_part(holder, '/', 1) = ${worker} and holder <> all(${runs})))`.execute(db)
  return Number(numAffectedRows ?? 0)
}

/** Announcements of which nothing is left to hand over are sent; what came back to one that was cancelled meanwhile stays here. */
export async function finishAnnouncements(db: Db, now: Date): Promise<void> {
  await sql`
    update deliveries d set state = 'cancelled', settled_at = ${now} from announcements a
    where a.state = 'cancelled' and d.announcement_id = a.id and d.state = 'queued'`.execute(db)
  await sql`
    update announcements a set state = 'sent', finished_at = ${now}
    where a.state = 'leaving' and a.frozen_at is not null
      and not exists (select from deliveries d where d.announcement_id = a.id and d.state in ('queued', 'handing'))`.execute(
    db,
  )
}
