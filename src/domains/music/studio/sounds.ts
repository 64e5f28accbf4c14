import type { Db, Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'

/** What the studio's pages say of a recording's sound. `note`: what one should know, in a sentence; null when all is well. */
export type Sound = { durationMs: number | null; note: string | null }

/** Told by the domain that keeps the sound; music does not know it. */
export type SoundOf = (db: Db | Tx, recordingIds: string[], lang: Lang) => Promise<Map<string, Sound>>

export const noSound: SoundOf = async () => new Map()
