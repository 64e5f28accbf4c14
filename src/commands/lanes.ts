import { availableParallelism } from 'node:os'
import type { Lane } from '../platform/jobs/index.ts'

export const CORES = availableParallelism()

/**
 * An hour of encoding holds back no mailing, a mailing no encoding, and neither of them the clock. What a fan waits for has places of its own, half
 * as many as there are cores: a download does not wait until an artist's forty albums are prepared, and these lose little to it. What strangers send in
 * to a contest has one place: fifty films are hours that nobody else's music or mail waits for.
 */
export const LANES: Lane[] = [
  { jobs: ['audio.prepare', 'journal.prepare-video'], concurrency: CORES },
  { jobs: ['audio.encode'], concurrency: Math.ceil(CORES / 2) },
  { jobs: ['operations.prepare-file'], concurrency: 1 },
  { jobs: ['reach.deliver'], concurrency: Math.max(2, CORES) },
]
