import type { Platform } from '../../platform/platform.ts'
import { ensurePartitions } from './record.store.ts'
import { forgetTheOld } from './visitors.ts'

declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    'exchange.tidy': Record<string, never>
  }
}

const AHEAD_MS = 100 * 24 * 3600 * 1000

/** Every night: partitions are made three months ahead, and what must be forgotten is. */
export async function tidyExchange(platform: Pick<Platform, 'db' | 'now'>): Promise<void> {
  const now = platform.now()
  await ensurePartitions(platform.db, now, new Date(now.getTime() + AHEAD_MS))
  await forgetTheOld(platform)
}
