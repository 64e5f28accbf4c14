import type { Db } from '../../../platform/database/index.ts'
import type { NewReceipt } from '../receipts.store.ts'

/**
 * Keeps a receipt of a message that was taken and of which nothing is in its row yet, to be written together with that. False when its row has to be
 * asked after all; null when it is no such message's.
 */
export type Hear = (receipt: NewReceipt) => Promise<boolean> | null

/** The runs of this process, for each platform (tests have several), by provider. */
const runs = new WeakMap<Db, Map<string, Set<Hear>>>()

/** From now on receipts of this provider are offered to `hear`, until what comes back is called. */
export function listenInFlight(db: Db, providerId: string, hear: Hear): () => void {
  const known = runs.get(db) ?? new Map<string, Set<Hear>>()
  runs.set(db, known)
  const all = known.get(providerId) ?? new Set<Hear>()
  known.set(providerId, all.add(hear))
  return () => all.delete(hear)
}

export function hearInFlight(db: Db, providerId: string, receipt: NewReceipt): Promise<boolean> | null {
  for (const hear of runs.get(db)?.get(providerId) ?? []) {
    const kept = hear(receipt)
    if (kept) return kept
  }
  return null
}
