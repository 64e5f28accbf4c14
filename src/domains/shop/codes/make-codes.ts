import { randomBytes } from 'node:crypto'
import type { Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { recordGift, type Subject } from '../../exchange/index.ts'
import { CODE_BYTES, codeFrom } from './code.rules.ts'

/** The most codes of one batch: the cards of so many are drawn in a second. */
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
export const makeCodes = ({ db, now }: Pick<Platform, 'db' | 'now'>, batch: NewBatch): Promise<string> =>
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
    return id
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
export async function closeBatch({ db, now }: Pick<Platform, 'db' | 'now'>, batchId: string): Promise<void> {
  await db
    .updateTable('codeBatches')
    .set({ closedAt: now() })
    .where('id', '=', batchId)
    .where('closedAt', 'is', null)
    .execute()
}

/** For whoever closed it by mistake. */
export const reopenBatch = async ({ db }: Pick<Platform, 'db'>, batchId: string): Promise<void> =>
  void (await db.updateTable('codeBatches').set({ closedAt: null }).where('id', '=', batchId).execute())
