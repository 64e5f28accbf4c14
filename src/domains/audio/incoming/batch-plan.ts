import type { ImportPlan } from '../../music/index.ts'
import type { MasterFacts } from '../engine/index.ts'

/**
 * What was understood of a batch. Everywhere in the plans, `path` is the id of the upload that holds the bytes. `facts` are the engine's,
 * by the same id; `incomplete` are the names of files that never arrived whole.
 */
export type BatchPlan = { releases: ImportPlan[]; facts: Record<string, MasterFacts>; incomplete: string[] }
