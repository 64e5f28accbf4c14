import type { Generated, JSONColumnType } from 'kysely'
import type { AudioProblem, Format, Loudness, MasterFacts } from './engine/index.ts'
import type { BatchPlan } from './incoming/batch-plan.ts'

export type MasterState = 'waiting' | 'preparing' | 'ready' | 'failed'
export type StreamFormat = 'opus' | 'aac'
export type BatchState = 'receiving' | 'reading' | 'understood' | 'making' | 'imported' | 'abandoned'
/** Which work on a batch stopped: reading it, or making something of it. */
export type BatchTrouble = 'reading' | 'making'

declare module '../../platform/database/tables.ts' {
  interface Tables {
    masters: {
      id: string
      recordingId: string
      artistId: string
      fileName: string
      storageKey: string
      sha256: string
      size: number
      facts: JSONColumnType<MasterFacts>
      durationMs: number
      state: Generated<MasterState>
      progress: Generated<number>
      problem: JSONColumnType<AudioProblem | null, string | null | undefined, string | null>
      loudness: JSONColumnType<Loudness | null, string | null | undefined, string | null>
      waveform: Buffer | null
      createdAt: Generated<Date>
      preparedAt: Date | null
    }
    renditions: { masterId: string; format: StreamFormat; storageKey: string; size: number; type: string }
    encodings: {
      contentHash: string
      format: Format
      storageKey: string
      size: number
      crc32: number
      createdAt: Generated<Date>
      lastUsedAt: Generated<Date>
    }
    checksums: { sha256: string; crc32: number }
    uploadBatches: {
      id: string
      accountId: string
      artistId: string
      releaseId: string | null
      trackId: string | null
      state: Generated<BatchState>
      progress: Generated<number>
      trouble: BatchTrouble | null
      plan: JSONColumnType<BatchPlan | null, string | null | undefined, string | null>
      made: Generated<string[]>
      createdAt: Generated<Date>
      updatedAt: Generated<Date>
    }
    uploads: {
      id: string
      batchId: string
      relativePath: string
      size: number
      received: Generated<number>
      modifiedMs: number | null
      completedAt: Date | null
      createdAt: Generated<Date>
    }
  }
}
