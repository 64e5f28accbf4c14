import type { JobHandlers, Schedule } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { OfferSource, Subjects } from '../exchange/index.ts'
import type { OtherMail } from '../fans/index.ts'
import { gatherDigests } from './announce/digest.ts'
import { leaveAnnouncement } from './announce/leave.ts'
import { tendAnnouncements } from './announce/tend.ts'
import { askFan } from './ask-fan.ts'
import { deliver } from './engine/deliver.ts'
import { tend } from './engine/tend.ts'
import { forgetReceived } from './forget-received.ts'
import { forgetGiven, giveLink } from './give-link.ts'
import { understandMail } from './mail/incoming/understand-mail.ts'
import { makeParts } from './parts.ts'
import { tendSms } from './providers/smpp/tend.ts'
import { readWaves } from './waves/read-waves.ts'

declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    'reach.deliver': { providerId: string }
    'reach.tend': Record<string, never>
    /** The delay after the press of "send" is over. */
    'reach.leave': { announcementId: string }
    'reach.tend-announcements': Record<string, never>
    'reach.digests': Record<string, never>
    'reach.read-waves': Record<string, never>
    'reach.forget-given': Record<string, never>
    'reach.forget-received': Record<string, never>
    /** A mail was kept as it came. */
    'reach.understand-mail': { receivedId: string }
  }
}

type Registries = { subjects: Subjects; offers: OfferSource; others: OtherMail[] }

/** What reach does in the worker. */
export function reachJobs(platform: Platform, { subjects, offers, others }: Registries) {
  const parts = makeParts(subjects)
  return {
    'reach.deliver': (payload, context) => deliver(platform, parts, payload, context),
    'reach.tend': async () => {
      await tend(platform)
      await tendSms(platform)
    },
    'reach.leave': async (payload) => void (await leaveAnnouncement(platform, offers, payload)),
    'reach.tend-announcements': () => tendAnnouncements(platform, offers),
    'reach.digests': async () => void (await gatherDigests(platform, subjects)),
    'reach.understand-mail': (payload) => understandMail({ ...platform, others }, payload),
    'reach.read-waves': () => readWaves(platform),
    'reach.forget-given': () => forgetGiven(platform),
    'reach.forget-received': () => forgetReceived(platform),
    'fans.asked': (payload) => askFan(platform, payload),
    'fans.given': (payload) => giveLink(platform, subjects, payload),
  } satisfies Partial<JobHandlers>
}

export const reachSchedules: Schedule[] = [
  { name: 'reach.tend', pattern: '* * * * *' },
  { name: 'reach.tend-announcements', pattern: '* * * * *' },
  { name: 'reach.digests', pattern: '2 * * * *' },
  { name: 'reach.read-waves', pattern: '11 * * * *' },
  { name: 'reach.forget-given', pattern: '37 3 * * *' },
  { name: 'reach.forget-received', pattern: '47 3 * * *' },
]
