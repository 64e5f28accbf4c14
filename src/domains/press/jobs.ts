import type { Platform } from '../../platform/platform.ts'
import { forgetUnanswered } from './followers/follow-press.ts'
import { tellMomentum } from './followers/tell-momentum.ts'

declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    /** Every hour: where something is happening, those who follow are told. */
    'press.momentum': Record<string, never>
    'press.tidy': Record<string, never>
  }
}

export const pressJobs = (platform: Platform) => ({
  'press.momentum': (): Promise<void> => tellMomentum(platform),
  'press.tidy': (): Promise<void> => forgetUnanswered(platform),
})

export const pressSchedules = [
  { name: 'press.momentum' as const, pattern: '52 * * * *' },
  { name: 'press.tidy' as const, pattern: '57 3 * * *' },
]
