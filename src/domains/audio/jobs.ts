import type { JobHandlers, Schedule } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { evictEncodings } from './evict.ts'
import { type EncodeJob, makeEncoding } from './make-encoding.ts'
import { prepareMaster } from './prepare-master.ts'

declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    'audio.prepare': { masterId: string }
    'audio.encode': EncodeJob
    'audio.evict': Record<string, never>
  }
}

export const audioJobs = (platform: Platform): Pick<JobHandlers, 'audio.prepare' | 'audio.encode' | 'audio.evict'> => ({
  'audio.prepare': (payload, context) => prepareMaster(platform, payload, context),
  'audio.encode': (payload, context) => makeEncoding(platform, payload, context),
  'audio.evict': async () => void (await evictEncodings(platform)),
})

export const audioSchedules: Schedule[] = [{ name: 'audio.evict', pattern: '47 * * * *' }]
