import { describe, type Subjects } from '../../domains/exchange/index.ts'
import type { JobHandlers, Schedule } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { type Content, feedAt, feedsShowing } from './content.ts'
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
  const tell = async (kind: 'post' | 'release', id: string) => {
    const subject = `${kind}:${id}` as const
    const facts = (await describe(platform.db, subjects, [subject])).get(subject)
    if (facts) await distribute(platform, feedsShowing(facts.path, kind))
  }
  const content = async (path: string): Promise<Content | null> => {
    const found = await feedAt(platform, path)
    return found && 'text' in found ? found : null
  }
  return {
    'feeds.verify': (intent) => verifyIntent(platform, intent),
    'feeds.push': (told) => push(platform, content, told),
    'feeds.ping': (told) => pingHub(platform, told),
    'feeds.tidy': () => forgetOldLeases(platform),
    'journal.published': ({ postId }) => tell('post', postId),
    'music.published': ({ releaseId }) => tell('release', releaseId),
  } satisfies Partial<JobHandlers>
}

export const feedSchedules: Schedule[] = [{ name: 'feeds.tidy', pattern: '37 3 * * *' }]
