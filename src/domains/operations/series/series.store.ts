import type { Tx } from '../../../platform/database/index.ts'
import { nextOf, type Rhythm } from './series.rules.ts'

/** The rhythm of a series; null where the operation is of another kind. */
export async function rhythmOf(tx: Tx, { id, timeZone }: { id: string; timeZone: string }): Promise<Rhythm | null> {
  const row = await tx
    .selectFrom('series')
    .select(['unit', 'every', 'firstDay', 'hour', 'count'])
    .where('operationId', '=', id)
    .executeTakeFirst()
  return row ? { ...row, timeZone } : null
}

/** The numbers that something has, given or just being given. */
export async function numbersOf(tx: Tx, operationId: string): Promise<Set<number>> {
  const rows = await tx
    .selectFrom('seriesItems')
    .select('number')
    .where('operationId', '=', operationId)
    .where('number', 'is not', null)
    .execute()
  return new Set(rows.flatMap(({ number }) => (number === null ? [] : [number])))
}

/** Writes down when the next is given, from now on. */
export async function setNext(tx: Tx, operationId: string, rhythm: Rhythm, now: Date): Promise<void> {
  const next = nextOf(rhythm, now, await numbersOf(tx, operationId))
  await tx
    .updateTable('series')
    .set({ nextAt: next?.at ?? null })
    .where('operationId', '=', operationId)
    .execute()
}
