import type { JobHandlers } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { OfferSource } from '../exchange/index.ts'
import { runSequences } from './run-sequences.ts'
import { readTry } from './try-sequence.ts'

declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    'sequences.run': Record<string, never>
    'sequences.try': { sequenceId: string }
  }
}

export const sequencesJobs = (platform: Platform, offers: OfferSource) =>
  ({
    'sequences.run': () => runSequences(platform, offers),
    'sequences.try': (payload, context) => readTry(platform, offers, payload, context),
  }) satisfies Partial<JobHandlers>

export const sequencesSchedules = [{ name: 'sequences.run' as const, pattern: '* * * * *' }]
