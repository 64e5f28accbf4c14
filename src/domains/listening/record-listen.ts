import './tables.ts'
import { sql } from 'kysely'
import type { Platform } from '../../platform/platform.ts'
import { recordReturn, wayOf } from '../exchange/index.ts'
import { believable, isListen } from './listen.rules.ts'

export type ListenReport = { play: string; track: string; startedAt: Date; playedMs: number }

type Heard = { recordingId: string; releaseId: string; artistId: string; durationMs: number }

/**
 * Keeps what was heard of a track. The same play may be reported several times, each with more: the largest counts. The
 * first report that makes it a listen records the return, in the same transaction. False when nothing can be believed of it.
 */
export async function recordListen(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  report: ListenReport,
  personId: string | null,
): Promise<boolean> {
  const believed = believable(report, now())
  if (!believed) return false
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<Heard>`
      select t.recording_id as "recordingId", t.release_id as "releaseId", r.artist_id as "artistId", m.duration_ms as "durationMs"
      from tracks t join releases r on r.id = t.release_id join masters m on m.recording_id = t.recording_id
      where t.id = ${report.track} and r.visibility <> 'draft'`.execute(tx)
    const heard = rows[0]
    if (!heard) return false
    const playedMs = Math.round(Math.min(believed.playedMs, heard.durationMs))
    const { rows: kept } = await sql<{ playedMs: number; counted: boolean; startedAt: Date }>`
      insert into listens (play, track_id, recording_id, artist_id, person_id, started_at, played_ms, counted)
      values (${report.play}, ${report.track}, ${heard.recordingId}, ${heard.artistId}, ${personId}, ${believed.startedAt}, ${playedMs}, false)
      on conflict (play) do update set played_ms = greatest(listens.played_ms, excluded.played_ms)
        where listens.track_id = excluded.track_id
      returning played_ms as "playedMs", counted, started_at as "startedAt"`.execute(tx)
    const listen = kept[0]
    if (!listen) return false
    if (!listen.counted && isListen(listen.playedMs, heard.durationMs)) {
      await tx.updateTable('listens').set({ counted: true }).where('play', '=', report.play).execute()
      await recordReturn(tx, {
        artistId: heard.artistId,
        key: `listen:${report.play}`,
        kind: 'listen',
        subject: `track:${report.track}`,
        givenAs: `release:${heard.releaseId}`,
        at: listen.startedAt,
        personId,
        ...(await wayOf(tx, personId, heard.artistId, now())),
      })
    }
    return true
  })
}
