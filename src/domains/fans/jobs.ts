import './events.ts'
import type { JobHandlers, Schedule } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { askingMessage } from './asking.tsx'
import { suppressedAmong } from './suppressions.ts'
import { tidyFans } from './tidy.ts'

declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    'fans.tidy': Record<string, never>
  }
}

/** What fans does in the worker. Until the delivery engine hears 'fans.asked', questions by mail leave by the place's own mailer. */
export const fansJobs = (platform: Platform) =>
  ({
    'fans.asked': ({ subscriptionId }) => mailQuestion(platform, subscriptionId),
    'fans.tidy': () => tidyFans(platform),
  }) satisfies Partial<JobHandlers>

export const fansSchedules: Schedule[] = [{ name: 'fans.tidy', pattern: '33 3 * * *' }]

async function mailQuestion(
  { db, mailer, ...deps }: Pick<Platform, 'db' | 'mailer' | 'config' | 'signer'>,
  subscriptionId: string,
): Promise<void> {
  const question = await askingMessage(db, deps, subscriptionId)
  if (question?.channel !== 'mail') return
  const reason = (await suppressedAmong(db, 'mail', [question.addressHash])).get(question.addressHash)
  // Who was erased, or wanted to be left alone, may want to come back; a dead address does not.
  if (reason && reason !== 'erased' && reason !== 'asked') return
  const { address, subject, text, html } = question
  await mailer.send({ to: address, subject, text, html })
}
