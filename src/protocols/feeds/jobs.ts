import { describe, type Subject, type Subjects } from '../../domains/exchange/index.ts'
import type { JobHandlers, Schedule } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { type Content, feedAt, feedsOfPost, feedsOfRelease, feedsOfSeries } from './content.ts'
import { distribute, forgetOldLeases, pingHub, push } from './websub/distribute.ts'
import { type Intent, verifyIntent } from './websub/verify.ts'

declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    'feeds.verify': Intent
    'feeds.push': { subscriptionId: string }
    'feeds.ping': { hub: string; topics: string[] }
    'feeds.tidy': Record<string, never>
  }
}

export function feedJobs(platform: Platform, subjects: Subjects) {
  const pathOf = async (subject: Subject) =>
    (await describe(platform.db, subjects, [subject])).get(subject)?.path ?? null
  const content = async (path: string): Promise<Content | null> => {
    const found = await feedAt(platform, path)
    return found && 'text' in found ? found : null
  }
  return {
    'feeds.verify': (intent) => verifyIntent(platform, intent),
    'feeds.push': (told) => push(platform, content, told),
    'feeds.ping': (told) => pingHub(platform, told),
    'feeds.tidy': () => forgetOldLeases(platform),
    'journal.published': async ({ postId }) => {
      const path = await pathOf(`post:${postId}`)
      if (path) await distribute(platform, feedsOfPost(path))
    },
    'music.published': async ({ releaseId }) => {
      const path = await pathOf(`release:${releaseId}`)
      if (path) await distribute(platform, await feedsOfRelease(platform.db, { id: releaseId, path }))
    },
    'operations.given': async ({ operationId }) => {
      const path = await pathOf(`operation:${operationId}`)
      if (path) await distribute(platform, feedsOfSeries(path))
    },
  } satisfies Partial<JobHandlers>
}

export const feedSchedules: Schedule[] = [{ name: 'feeds.tidy', pattern: '37 3 * * *' }]
