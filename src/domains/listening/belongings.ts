import { sql } from 'kysely'
import { csvTable } from '../../platform/csv.ts'
import type { Db, Tx } from '../../platform/database/index.ts'
import { type Belongings, inLots } from '../identity/index.ts'

const LOT = 5_000

type Listen = {
  play: string
  startedAt: Date
  cursor: string
  track: string
  title: string
  person: string | null
  playedMs: number
  counted: boolean
}

async function* listensOf(db: Db | Tx, artistId: string): AsyncGenerator<Listen[]> {
  for (let last: Listen | undefined; ; ) {
    const after = last ? sql`and (l.started_at, l.play) > (${last.cursor}::timestamptz, ${last.play}::uuid)` : sql``
    const { rows }: { rows: Listen[] } = await sql<Listen>`
      select l.play, l.started_at as "startedAt", l.started_at::text as cursor, l.track_id as track, r.title, l.person_id as person, l.played_ms as "playedMs", l.counted
      from listens l join recordings r on r.id = l.recording_id
      where l.artist_id = ${artistId} ${after} order by l.started_at, l.play limit ${LOT}`.execute(db)
    if (!rows.length) return
    yield rows
    last = rows.at(-1)
  }
}

/** What was played. Said to the reader beside what came back (exchange). */
export const listeningBelongings: Belongings = {
  tables: ['listens'],

  async *pack(db, { kind, id }) {
    if (kind === 'artist')
      yield {
        path: 'returns/listens.csv',
        text: csvTable(['play', 'startedAt', 'track', 'title', 'person', 'playedMs', 'counted'], listensOf(db, id)),
      }
  },

  async remove({ db }, { kind, id }) {
    if (kind === 'artist')
      await inLots(db, async (tx) => {
        const { numAffectedRows } = await sql`
          delete from listens where play in (select play from listens where artist_id = ${id} limit ${LOT})`.execute(tx)
        return Number(numAffectedRows ?? 0)
      })
  },
}
