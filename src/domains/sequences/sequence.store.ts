import './tables.ts'
import type { Db, Tx } from '../../platform/database/index.ts'
import { type Sender, senderColumns, senderId, senderOf } from '../identity/index.ts'
import type { Plan } from './plan.rules.ts'
import type { Tried } from './try.rules.ts'
import type { Limit } from './walk.rules.ts'

export type Sequence = {
  id: string
  sender: Sender
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

/** The column in which rows of an artist, or of a label, say whose they are. */
export const columnOf = (sender: Sender) => ('artistId' in sender ? 'artistId' : 'labelId')

/** With its last version; `lock` holds both until the transaction ends. */
export async function sequenceById(
  db: Db | Tx,
  id: string,
  { lock = false } = {},
): Promise<{ sequence: Sequence; last: Version } | null> {
  const query = db
    .selectFrom('sequences')
    .select(['id', 'artistId', 'labelId', 'name', 'state', 'version', 'onAt', 'seenUntil'])
    .where('id', '=', id)
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst()
  if (!row) return null
  const { artistId, labelId, ...rest } = row
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
  return { sequence: { ...rest, sender: senderOf({ artistId, labelId }) }, last }
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

export async function limitOf(db: Db | Tx, sender: Sender): Promise<Limit> {
  const row = await db
    .selectFrom('sequenceSettings')
    .select(['most', 'days'])
    .where(columnOf(sender), '=', senderId(sender))
    .executeTakeFirst()
  return row ?? DEFAULT_LIMIT
}

export async function saveLimit(db: Db | Tx, sender: Sender, limit: Limit): Promise<void> {
  await db
    .insertInto('sequenceSettings')
    .values({ ...senderColumns(sender), ...limit })
    .onConflict((conflict) => conflict.columns(['artistId', 'labelId']).doUpdateSet(limit))
    .execute()
}
