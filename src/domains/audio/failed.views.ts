import type { Db } from '../../platform/database/index.ts'
import type { AudioProblem } from './engine/index.ts'

export type FailedSound = {
  masterId: string
  title: string
  trackId: string | null
  problem: AudioProblem | null
}

/** Sounds of an artist that could not be prepared, for somebody to look at. */
export async function failedSounds(db: Db, artistId: string): Promise<FailedSound[]> {
  return db
    .selectFrom('masters as m')
    .innerJoin('recordings as r', 'r.id', 'm.recordingId')
    .leftJoin('tracks as t', 't.recordingId', 'm.recordingId')
    .select(['m.id as masterId', 'r.title', 't.id as trackId', 'm.problem'])
    .where('m.artistId', '=', artistId)
    .where('m.state', '=', 'failed')
    .orderBy('m.createdAt', 'desc')
    .limit(50)
    .execute()
}
