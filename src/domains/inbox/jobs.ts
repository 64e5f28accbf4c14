import { dropImage } from '../../platform/images/index.ts'
import type { JobHandlers } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { OtherMail } from '../fans/index.ts'
import { hearComment } from './hear-comment.ts'
import { hearJoined } from './hear-joined.ts'
import { hearReceived } from './hear-received.ts'
import { countHanded } from './stray.ts'

declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    /** Files of whoever was erased. */
    'inbox.forget-files': { keys: string[]; images: string[] }
    /** A text that was handed on can be taken back no more. */
    'inbox.count-handed': { receivedId: string }
  }
}

/** What the inbox hears, and what it does in the worker. */
export const inboxJobs = (platform: Platform, others: OtherMail[]) =>
  ({
    'reach.received': (payload) => hearReceived({ ...platform, others }, payload),
    'fans.joined': (payload) => hearJoined(platform, payload),
    'journal.commented': (payload) => hearComment(platform, payload),
    'inbox.count-handed': (payload) => countHanded(platform, payload),
    'inbox.forget-files': (payload) => forgetFiles(platform, payload),
  }) satisfies Partial<JobHandlers>

async function forgetFiles(
  { db, storage }: Pick<Platform, 'db' | 'storage'>,
  { keys, images }: { keys: string[]; images: string[] },
): Promise<void> {
  for (const key of keys) await storage.remove(key)
  // The same picture may be somebody's cover: then it stays, and says nothing of who sent it.
  for (const id of images) await dropImage({ db, storage }, id)
}
