import type { JobHandlers } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { mailJobs } from './entrance/mails.ts'
import { forgetOldChallenges } from './entrance/passkeys.ts'
import { forgetOldLinks } from './links.ts'
import { endMandates } from './people/mandates.ts'
import { requestMailJobs } from './people/request-mail.ts'
import { forgetOldReports } from './place/report-abuse.ts'
import type { AllBelongings } from './removal/belongings.ts'
import { carryOutRemoval } from './removal/carry-out.ts'
import { forgetOldSessions } from './sessions.store.ts'

declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    'identity.tidy': Record<string, never>
    'identity.remove': { removalId: string }
  }
}

/** What identity does in the worker: mails with links, and once a day what nobody needs any more. */
export const identityJobs = (platform: Platform, belongings: AllBelongings, fileQueries: string[]) =>
  ({
    ...mailJobs(platform),
    ...requestMailJobs(platform),
    'identity.end-mandates': async () => void (await endMandates(platform)),
    'identity.remove': ({ removalId }) => carryOutRemoval(platform, belongings, fileQueries, removalId),
    'identity.tidy': async () => {
      await endMandates(platform)
      await forgetOldSessions(platform.db, platform.now())
      await forgetOldLinks(platform.db, platform.now())
      await forgetOldChallenges(platform)
      await forgetOldReports(platform.db, platform.now())
    },
  }) satisfies Partial<JobHandlers>
