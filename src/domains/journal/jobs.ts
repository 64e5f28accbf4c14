import './events.ts'
import type { JobContext } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { askAuthor } from './ask-author.ts'
import { publishDuePosts } from './publish-post.ts'
import { tidyComments } from './tidy-comments.ts'
import { tidyVideos } from './tidy-videos.ts'
import { prepareVideo } from './videos.ts'

declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    'journal.publish-due': Record<string, never>
    'journal.ask-author': { commentId: string }
    'journal.prepare-video': { videoId: string }
    'journal.tidy': Record<string, never>
  }
}

export const journalJobs = (
  platform: Pick<Platform, 'db' | 'now' | 'signer' | 'mailer' | 'config' | 'storage' | 'paths'>,
) => ({
  'journal.publish-due': async (): Promise<void> => void (await publishDuePosts(platform)),
  'journal.ask-author': ({ commentId }: { commentId: string }): Promise<void> => askAuthor(platform, commentId),
  'journal.prepare-video': (payload: { videoId: string }, context: JobContext): Promise<void> =>
    prepareVideo(platform, payload, context),
  'journal.tidy': async (): Promise<void> => {
    await tidyComments(platform)
    await tidyVideos(platform)
  },
})

/** Scheduled posts have a job of their own at their minute; this finds those whose job was lost, or whose clock was set. */
export const journalSchedules = [
  { name: 'journal.publish-due' as const, pattern: '* * * * *' },
  { name: 'journal.tidy' as const, pattern: '37 3 * * *' },
]
