import type { Platform } from '../../platform/platform.ts'
import { keepReading } from './reading.ts'
import { ensurePartitions } from './record.store.ts'
import { forgetTheOld } from './visitors.ts'

declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    'exchange.tidy': Record<string, never>
    'exchange.read': { giftId: string }
  }
}

const AHEAD_MS = 100 * 24 * 3600 * 1000

/** Every night: partitions are made three months ahead, and what must be forgotten is. */
export async function tidyExchange(platform: Pick<Platform, 'db' | 'now'>): Promise<void> {
  const now = platform.now()
  await ensurePartitions(platform.db, now, new Date(now.getTime() + AHEAD_MS))
  await forgetTheOld(platform)
}

/** Reads anew what people one by one did with a gift of which very much came back. */
export async function readGift(platform: Pick<Platform, 'db' | 'now'>, { giftId }: { giftId: string }): Promise<void> {
  const gift = await platform.db
    .selectFrom('gifts')
    .select(['id', 'artistId', 'kind', 'at'])
    .where('id', '=', giftId)
    .executeTakeFirst()
  if (gift) await keepReading(platform.db, gift.artistId, gift, platform.now())
}
