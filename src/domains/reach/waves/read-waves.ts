import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { lift, type Sample, tailsOf } from '../../exchange/index.ts'
import { currencyOf, IN_WHOSE_BOOKS, whatTheyDid } from './did.views.ts'
import { type Figure, OUTCOMES, type Outcome } from './figure.types.ts'

const DAY_MS = 24 * 3_600_000

type Running = {
  id: string
  frozenAt: Date
  windowEndsAt: Date
  waveDays: number
  artistIds: string[]
}

/**
 * Reads what waves brought so far: once for each whole day, so that looking often tells nothing sooner, and for the last time when the second wave leaves. What was
 * read is kept and never read again. Safe to call at any time, by several at once.
 */
export async function readWaves({ db, now }: Pick<Platform, 'db' | 'now'>): Promise<void> {
  const { rows } = await sql<Running>`
    select a.id, a.frozen_at as "frozenAt", a.window_ends_at as "windowEndsAt", a.wave_days as "waveDays",
      ${IN_WHOSE_BOOKS} as "artistIds"
    from announcements a
    where a.window_ends_at is not null and a.frozen_at < ${now()}
      and not exists (select from wave_readings r where r.announcement_id = a.id and r.is_final)`.execute(db)
  for (const running of rows) await readOne(db, running, now())
}

async function readOne(db: Db, { id, frozenAt, windowEndsAt, waveDays, artistIds }: Running, now: Date): Promise<void> {
  const isFinal = windowEndsAt <= now
  const day = isFinal ? waveDays : Math.floor((now.getTime() - frozenAt.getTime()) / DAY_MS)
  if (day < 1 || (!isFinal && day >= waveDays)) return
  const known = await db
    .selectFrom('waveReadings')
    .select('day')
    .where('announcementId', '=', id)
    .where('day', '=', day)
    .executeTakeFirst()
  if (known) return
  const until = isFinal ? windowEndsAt : new Date(frozenAt.getTime() + day * DAY_MS)
  const currency = await currencyOf(db, artistIds)
  const samples = await whatTheyDid(db, {
    whom: sql`select fan_id, wave, stratum from wave_assignments where announcement_id = ${id}`,
    artistIds,
    from: frozenAt,
    until,
    currency,
  })
  const figures = figuresOf(samples, { looks: isFinal ? 1 : Math.max(1, waveDays - 1), currency })
  await db
    .insertInto('waveReadings')
    .values({ announcementId: id, day, at: until, isFinal, figures: JSON.stringify(figures) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Every outcome of which enough can be told, so that all of them, and all days on which they are read, hold at once. */
export function figuresOf(
  samples: Map<Outcome, Sample>,
  { looks, currency }: { looks: number; currency: string | null },
): Figure[] {
  // Who did anything is counted over both sides together, which says nothing of their difference.
  const told = [...samples.values()].filter(
    (sample) => !('tooFew' in lift(sample, tailsOf({ outcomes: 1, looks }))),
  ).length
  const tails = tailsOf({ outcomes: Math.max(1, told), looks })
  return OUTCOMES.flatMap((outcome) => {
    const sample = samples.get(outcome)
    if (!sample || (outcome === 'money' && !currency)) return []
    return [{ outcome, currency: outcome === 'money' ? currency : null, ...lift(sample, tails) }]
  })
}
