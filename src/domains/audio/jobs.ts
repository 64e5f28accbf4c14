import type { JobHandlers, Schedule } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { evictEncodings } from './evict.ts'
import { type EncodeJob, makeEncoding } from './make-encoding.ts'
import { prepareMaster } from './prepare-master.ts'
import { settleMasters } from './settle-masters.ts'

declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    'audio.prepare': { masterId: string }
    'audio.encode': EncodeJob
    'audio.evict': Record<string, never>
    'audio.settle': Record<string, never>
  }
}

export const audioJobs = (
  platform: Platform,
): Pick<JobHandlers, 'audio.prepare' | 'audio.encode' | 'audio.evict' | 'audio.settle'> => ({
  'audio.prepare': (payload, context) => prepareMaster(platform, payload, context),
  'audio.encode': (payload, context) => makeEncoding(platform, payload, context),
  'audio.evict': async () => void (await evictEncodings(platform)),
  'audio.settle': async () => void (await settleMasters(platform)),
})

export const audioSchedules: Schedule[] = [
  { name: 'audio.evict', pattern: '47 * * * *' },
  { name: 'audio.settle', pattern: '*/5 * * * *' },
]
