import type { Db } from '../../../platform/database/index.ts'
import { sayProgress } from './batches.store.ts'

const WRITE_MS = 500

/** Writes how far the work on a batch has come, from 0 to 1, at most twice a second. */
export function progressWriter(db: Db, batchId: string): (progress: number) => void {
  let last = 0
  return (progress) => {
    if (Date.now() - last < WRITE_MS) return
    last = Date.now()
    void sayProgress(db, batchId, Math.min(1, progress)).catch(() => undefined)
  }
}
