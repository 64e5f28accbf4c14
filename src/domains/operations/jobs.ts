import { dropImage } from '../../platform/images/index.ts'
import type { JobContext } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Subjects } from '../exchange/index.ts'
import { type Asked, askWho } from './ask.ts'
import { forgetEntryFile } from './entry-files/keep-file.ts'
import { prepareEntryFile, settleEntryFiles } from './entry-files/prepare-file.ts'
import { sayUnplayable } from './entry-files/say-unplayable.ts'
import { type Pictured, settlePicture } from './held-pictures.ts'
import { countBrought } from './missions/count-brought.ts'
import { sendThanks } from './missions/thank.ts'
import { endLate } from './series/end-late.ts'
import { giveDue, mendNext } from './series/give-series.ts'
import { tellPeople } from './tell-people.ts'
import { tidySentIn } from './tidy-sent-in.ts'

declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    /** An entry, a ballot or a contribution came in with an address that nobody confirmed here before. */
    'operations.ask': { what: Asked; id: string }
    'operations.tell': { operationId: string; after?: string | null }
    'operations.give': Record<string, never>
    'operations.tidy': Record<string, never>
    /** Every ten minutes: who came by the links of a street team. */
    'operations.count': Record<string, never>
    /** Words of thanks leave with what is given. */
    'operations.thank': { thanksId: string }
    /** Pictures, sounds and films of what was taken back, or of whoever was erased. */
    'operations.forget-pictures': { images: string[]; files?: string[]; held?: string[] }
    /** Something with a picture was taken down, or is shown again. */
    'operations.settle-picture': { what: Pictured; id: string }
    /** A sound or a film came in, and somebody answers for it. */
    'operations.prepare-file': { fileId: string }
    'operations.say-unplayable': { fileId: string }
  }
}

type Forgotten = { images: string[]; files?: string[]; held?: string[] }

export const operationsJobs = (platform: Platform, subjects: Subjects) => ({
  'operations.ask': (payload: { what: Asked; id: string }): Promise<void> => askWho(platform, payload),
  'operations.tell': (payload: { operationId: string; after?: string | null }): Promise<void> =>
    tellPeople(platform, subjects, payload),
  'operations.give': (): Promise<void> => giveDue(platform),
  'operations.tidy': async (): Promise<void> => {
    await tidySentIn(platform)
    await mendNext(platform)
    await endLate(platform)
  },
  'operations.count': async (): Promise<void> => {
    await countBrought(platform)
    await settleEntryFiles(platform)
  },
  'operations.settle-picture': (payload: { what: Pictured; id: string }): Promise<void> =>
    settlePicture(platform, payload),
  'operations.prepare-file': (payload: { fileId: string }, context: JobContext): Promise<void> =>
    prepareEntryFile(platform, payload, context),
  'operations.say-unplayable': (payload: { fileId: string }): Promise<void> => sayUnplayable(platform, payload),
  'operations.thank': (payload: { thanksId: string }): Promise<void> => sendThanks(platform, subjects, payload),
  'operations.forget-pictures': async ({ images, files = [], held = [] }: Forgotten): Promise<void> => {
    for (const id of images) await dropImage(platform, id)
    for (const id of files) await forgetEntryFile(platform, id)
    for (const key of held) await platform.storage.remove(key)
  },
})

export const operationsSchedules = [
  { name: 'operations.give' as const, pattern: '* * * * *' },
  { name: 'operations.count' as const, pattern: '*/10 * * * *' },
  { name: 'operations.tidy' as const, pattern: '47 3 * * *' },
]
