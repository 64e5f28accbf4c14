import type { Platform } from '../../platform/platform.ts'
import type { OfferSource } from '../exchange/index.ts'
import { runSequences } from './run-sequences.ts'

declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    'sequences.run': Record<string, never>
  }
}

export const sequencesJobs = (platform: Platform, offers: OfferSource) => ({
  'sequences.run': (): Promise<void> => runSequences(platform, offers),
})

export const sequencesSchedules = [{ name: 'sequences.run' as const, pattern: '* * * * *' }]
