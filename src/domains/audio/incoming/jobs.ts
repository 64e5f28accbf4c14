import type { JobHandlers, Schedule } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { makeReleases } from './make-releases.ts'
import { tidyUploads } from './tidy-uploads.ts'
import { understandBatch } from './understand-batch.ts'

declare module '../../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    'audio.understand': { batchId: string }
    'audio.makeReleases': { batchId: string }
    'audio.tidyUploads': Record<string, never>
  }
}

type Names = 'audio.understand' | 'audio.makeReleases' | 'audio.tidyUploads'

export const incomingJobs = (platform: Platform): Pick<JobHandlers, Names> => ({
  'audio.understand': (payload, context) => understandBatch(platform, payload, context),
  'audio.makeReleases': (payload, context) => makeReleases(platform, payload, context),
  'audio.tidyUploads': () => tidyUploads(platform),
})

export const incomingSchedules: Schedule[] = [{ name: 'audio.tidyUploads', pattern: '*/15 * * * *' }]
