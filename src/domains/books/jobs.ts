import type { JobHandlers } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { mailSplit } from './mails.ts'

declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    /** Asks somebody by mail whether they agree to a split. */
    'books.ask-split': { splitId: string; payeeId: string }
  }
}

export const booksJobs = (platform: Platform) =>
  ({
    'books.ask-split': (payload) => mailSplit(platform, payload),
  }) satisfies Partial<JobHandlers>
