import type { Platform } from '../../platform/platform.ts'
import type { Subjects } from '../exchange/index.ts'
import { type Asked, askWho } from './ask.ts'
import { giveDue, mendNext } from './series/give-series.ts'
import { tellPeople } from './tell-people.ts'

declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    /** An entry or a ballot came in with an address that nobody confirmed here before. */
    'operations.ask': { what: Asked; id: string }
    'operations.tell': { operationId: string; after?: string | null }
    'operations.give': Record<string, never>
    'operations.tidy': Record<string, never>
  }
}

export const operationsJobs = (platform: Platform, subjects: Subjects) => ({
  'operations.ask': (payload: { what: Asked; id: string }): Promise<void> => askWho(platform, payload),
  'operations.tell': (payload: { operationId: string; after?: string | null }): Promise<void> =>
    tellPeople(platform, subjects, payload),
  'operations.give': (): Promise<void> => giveDue(platform),
  'operations.tidy': async (): Promise<void> => {
    await tidyContests(platform)
    await mendNext(platform)
  },
})

export const operationsSchedules = [
  { name: 'operations.give' as const, pattern: '* * * * *' },
  { name: 'operations.tidy' as const, pattern: '47 3 * * *' },
]

const KEPT_DAYS = 7

/** What nobody said was theirs is forgotten after a week, with its address. */
async function tidyContests({ db, now }: Pick<Platform, 'db' | 'now'>): Promise<void> {
  const before = new Date(now().getTime() - KEPT_DAYS * 24 * 3_600_000)
  for (const table of ['contestEntries', 'contestBallots'] as const)
    await db.deleteFrom(table).where('confirmedAt', 'is', null).where('at', '<', before).execute()
}
