import type { Db } from '../../../platform/database/index.ts'
import type { Figure } from './figure.types.ts'

export type Reading = { day: number; at: Date; isFinal: boolean; figures: Figure[] }

/** The last that was read of what waves brought; null before the first. */
export async function lastReading(db: Db, announcementId: string): Promise<Reading | null> {
  const row = await db
    .selectFrom('waveReadings')
    .select(['day', 'at', 'isFinal', 'figures'])
    .where('announcementId', '=', announcementId)
    .orderBy('day', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}
