import './events.ts'
import type { Platform } from '../../platform/platform.ts'
import { publishDuePosts } from './publish-post.ts'

declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    'journal.publish-due': Record<string, never>
  }
}

export const journalJobs = (platform: Pick<Platform, 'db' | 'now'>) => ({
  'journal.publish-due': async (): Promise<void> => void (await publishDuePosts(platform)),
})

/** Scheduled posts have a job of their own at their minute; this finds those whose job was lost, or whose clock was set. */
export const journalSchedules = [{ name: 'journal.publish-due' as const, pattern: '* * * * *' }]
