import type { Platform } from '../../platform/platform.ts'
import { publishDue } from './publish-due.ts'

declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    'music.publish-due': Record<string, never>
  }
}

export const musicJobs = (platform: Pick<Platform, 'db' | 'now'>) => ({
  'music.publish-due': async (): Promise<void> => void (await publishDue(platform)),
})

/** Scheduled releases have a job of their own at their minute; this finds those whose job was lost, or whose clock was set. */
export const musicSchedules = [{ name: 'music.publish-due' as const, pattern: '* * * * *' }]
