import './tables.ts'
import type { Db, Tx } from '../../platform/database/index.ts'
import type { Plan } from './plan.rules.ts'
import type { Tried } from './try.rules.ts'
import type { Limit } from './walk.rules.ts'

export type Sequence = {
  id: string
  artistId: string
  name: string
  state: 'off' | 'on'
  version: number | null
  onAt: Date | null
  seenUntil: Date | null
}

export type Version = {
  number: number
  plan: Plan
  edits: number
  tried: Tried | null
  triedAt: Date | null
  fixedAt: Date | null
  /** A try that is being read: since when, how far back, and how many people it has looked at. */
  tryAskedAt: Date | null
  tryMonths: number | null
  tryRead: number
  /** The last one came to no end. */
  tryFailed: boolean
}

/** With its last version; `lock` holds both until the transaction ends. */
export async function sequenceById(
  db: Db | Tx,
  id: string,
  { lock = false } = {},
): Promise<{ sequence: Sequence; last: Version } | null> {
  const query = db
    .selectFrom('sequences')
    .select(['id', 'artistId', 'name', 'state', 'version', 'onAt', 'seenUntil'])
    .where('id', '=', id)
  const sequence = await (lock ? query.forUpdate() : query).executeTakeFirst()
  if (!sequence) return null
  const last = await db
    .selectFrom('sequenceVersions')
    .select([
      'number',
      'plan',
      'edits',
      'tried',
      'triedAt',
      'fixedAt',
      'tryAskedAt',
      'tryMonths',
      'tryRead',
      'tryFailed',
    ])
    .where('sequenceId', '=', id)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  return { sequence, last }
}

export async function planOf(db: Db | Tx, sequenceId: string, number: number): Promise<Plan> {
  const { plan } = await db
    .selectFrom('sequenceVersions')
    .select('plan')
    .where('sequenceId', '=', sequenceId)
    .where('number', '=', number)
    .executeTakeFirstOrThrow()
  return plan
}

/** Twice a week, unless they said something else. */
export const DEFAULT_LIMIT: Limit = { most: 2, days: 7 }

export async function limitOf(db: Db | Tx, artistId: string): Promise<Limit> {
  const row = await db
    .selectFrom('sequenceSettings')
    .select(['most', 'days'])
    .where('artistId', '=', artistId)
    .executeTakeFirst()
  return row ?? DEFAULT_LIMIT
}

export async function saveLimit(db: Db | Tx, artistId: string, limit: Limit): Promise<void> {
  await db
    .insertInto('sequenceSettings')
    .values({ artistId, ...limit })
    .onConflict((conflict) => conflict.column('artistId').doUpdateSet(limit))
    .execute()
}
