import './events.ts'
import type { JobHandlers, Schedule } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { readList } from './lists/read-list.ts'
import { tidyFans } from './tidy.ts'

declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    'fans.tidy': Record<string, never>
    'fans.read-list': { listId: string }
  }
}

/** What fans does in the worker; its questions leave by the delivery engine, which hears 'fans.asked'. */
export const fansJobs = (platform: Platform) =>
  ({
    'fans.tidy': () => tidyFans(platform),
    'fans.read-list': (payload, { signal }) => readList(platform, payload, signal),
  }) satisfies Partial<JobHandlers>

export const fansSchedules: Schedule[] = [{ name: 'fans.tidy', pattern: '33 3 * * *' }]
