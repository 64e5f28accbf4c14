import type { JobHandlers, Schedule } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { askFan } from './ask-fan.ts'
import { deliver } from './engine/deliver.ts'
import { tend } from './engine/tend.ts'
import { PARTS } from './parts.ts'
import { tendSms } from './providers/smpp/tend.ts'

declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    'reach.deliver': { providerId: string }
    'reach.tend': Record<string, never>
  }
}

/** What reach does in the worker. */
export const reachJobs = (platform: Platform) =>
  ({
    'reach.deliver': (payload, context) => deliver(platform, PARTS, payload, context),
    'reach.tend': async () => {
      await tend(platform)
      await tendSms(platform)
    },
    'fans.asked': (payload) => askFan(platform, payload),
  }) satisfies Partial<JobHandlers>

export const reachSchedules: Schedule[] = [{ name: 'reach.tend', pattern: '* * * * *' }]
