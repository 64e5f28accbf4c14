import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { recordGift, type Subject } from '../../exchange/index.ts'
import { audit } from '../../identity/index.ts'
import { CODE_BYTES, codeFrom, isOver } from './code.rules.ts'

/** The most codes of one batch that wait to be used: the cards of so many are drawn in a second. */
export const MOST_CODES = 1000
const LOT = 1000

export type NewBatch = {
  artistId: string
  /** What each of them gives. */
  subject: Subject
  name: string
  purpose: string
  /** The last day, `2026-12-31`; null for as long as the batch is open. */
  until: string | null
  count: number
}

/** The gift that a batch is: what comes back of its codes stands beside it. */
export const batchSubject = (batchId: string): Subject => `codes:${batchId}`
/** By which way somebody came who used a code. */
export const batchToken = (batchId: string): string => `codes.${batchId}`

/** Makes a batch with its codes, and gives it: that is a gift of its own. */
export const makeCodes = (
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { by, ...batch }: NewBatch & { by: string },
): Promise<string> =>
  db.transaction().execute(async (tx) => {
    const at = now()
    const id = newId(at.getTime())
    const { count, ...facts } = batch
    await tx
      .insertInto('codeBatches')
      .values({ ...facts, id, closedAt: null, createdAt: at })
      .execute()
    for (let made = 0; made < count; ) made += await insertCodes(tx, id, made, Math.min(LOT, count - made))
    await recordGift(tx, {
      artistId: batch.artistId,
      kind: 'codes',
      subject: batchSubject(id),
      at,
      audience: 'holders',
    })
    const { artistId, name: subject } = batch
    await audit(tx, { accountId: by, action: 'codes.make', artistId, subject, details: { count } })
    return id
  })

export type MoreCodes = {
  batchId: string
  count: number
  /** How many codes it had when this was asked for: pressed twice, it is done once. */
  had: number
  by: string
}

/** `ended`: it was closed, or its last day is over. `changed`: it has another number of codes by now. `many`: too many would wait to be used. */
export type MoreProblem = 'ended' | 'changed' | 'many'

/**
 * Makes more codes of a batch, with what its first ones give and until when, numbered on. It is the same gift: what comes back of them stands with the
 * others. Whoever waits for a code of it gets one the next time that is looked at. Answers with the number of the first.
 */
export const addCodes = (
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { batchId, count, had, by }: MoreCodes,
): Promise<Result<{ from: number }, MoreProblem>> =>
  db.transaction().execute(async (tx) => {
    const batch = await tx
      .selectFrom('codeBatches')
      .select(['artistId', 'name', 'closedAt', sql<string | null>`until::text`.as('until')])
      .where('id', '=', batchId)
      .forNoKeyUpdate()
      .executeTakeFirst()
    if (!batch || batch.closedAt || isOver(batch.until, now())) return fail('ended')
    const { rows } = await sql<{ count: number; last: number; left: number }>`
      select count(*)::int as count, coalesce(max(position), 0)::int as last,
        (count(*) filter (where redeemed_at is null and handed_at is null))::int as "left" from codes where batch_id = ${batchId}`.execute(
      tx,
    )
    const { count: has, last, left } = rows[0] ?? { count: 0, last: 0, left: 0 }
    if (has !== had) return fail('changed')
    if (left + count > MOST_CODES) return fail('many')
    for (let made = 0; made < count; ) made += await insertCodes(tx, batchId, last + made, count - made)
    const { artistId, name: subject } = batch
    await audit(tx, { accountId: by, action: 'codes.add', artistId, subject, details: { count } })
    return ok({ from: last + 1 })
  })

/** Adds so many; answers with how many were new. Another batch may hold the same by chance: that one is drawn again. */
async function insertCodes(tx: Tx, batchId: string, from: number, count: number): Promise<number> {
  const drawn = new Set<string>()
  while (drawn.size < count) {
    const code = codeFrom(randomBytes(CODE_BYTES))
    if (code) drawn.add(code)
  }
  const taken = await tx
    .selectFrom('codes')
    .select('code')
    .where('code', 'in', [...drawn])
    .execute()
  for (const { code } of taken) drawn.delete(code)
  if (drawn.size === 0) return 0
  await tx
    .insertInto('codes')
    .values(
      [...drawn].map((code, index) => ({ code, batchId, position: from + index + 1, redeemedAt: null, browser: null })),
    )
    .execute()
  return drawn.size
}

/** No code of it gives anything from now on; what was taken stays whoever's it is. */
export const closeBatch = ({ db, now }: Pick<Platform, 'db' | 'now'>, of: OfBatch): Promise<void> =>
  setClosed(db, of, now())

/** For whoever closed it by mistake. */
export const reopenBatch = ({ db }: Pick<Platform, 'db'>, of: OfBatch): Promise<void> => setClosed(db, of, null)

type OfBatch = { batchId: string; by: string }

/** Pressed twice, it is done, and written down, once. */
const setClosed = (db: Db, { batchId, by }: OfBatch, closedAt: Date | null): Promise<void> =>
  db.transaction().execute(async (tx) => {
    const batch = await tx
      .updateTable('codeBatches')
      .set({ closedAt })
      .where('id', '=', batchId)
      .where('closedAt', closedAt ? 'is' : 'is not', null)
      .returning(['artistId', 'name'])
      .executeTakeFirst()
    if (!batch) return
    const action = closedAt ? 'codes.close' : 'codes.reopen'
    await audit(tx, { accountId: by, action, artistId: batch.artistId, subject: batch.name })
  })
