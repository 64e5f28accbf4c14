import { sql } from 'kysely'
import { csvTable } from '../../platform/csv.ts'
import type { Db, Tx } from '../../platform/database/index.ts'
import { formats } from '../../platform/i18n/index.ts'
import { type Belongings, inLots, type Leftover } from '../identity/index.ts'
import { playedElsewhere, releaseFolder } from '../music/index.ts'
import { safeName, trackFileName } from './names.rules.ts'
import { words } from './words.ts'

const LOT = 200

type Master = {
  recording: string
  title: string
  isrc: string | null
  fileName: string
  key: string
  sha256: string
  size: number
  durationMs: number
  slug: string | null
  disc: number | null
  position: number | null
  discs: number
}

/** Each master once, with the first place at which it is played. */
async function* mastersOf(db: Db | Tx, artistId: string): AsyncGenerator<Master[]> {
  for (let after: string | null = null; ; ) {
    const { rows }: { rows: Master[] } = await sql<Master>`
      select m.recording_id as recording, rec.title, rec.isrc, m.file_name as "fileName", m.storage_key as key, m.sha256, m.size, m.duration_ms as "durationMs",
        p.slug, p.disc, p.position, coalesce(p.discs, 1) as discs
      from masters m join recordings rec on rec.id = m.recording_id
      left join lateral (
        select r.slug, t.disc, t.position, (select max(o.disc) from tracks o where o.release_id = r.id) as discs
        from tracks t join releases r on r.id = t.release_id where t.recording_id = m.recording_id and r.artist_id = ${artistId} order by r.id limit 1
      ) p on true
      where m.artist_id = ${artistId} and (${after}::uuid is null or m.recording_id > ${after}::uuid) order by m.recording_id limit ${LOT}`.execute(
      db,
    )
    if (!rows.length) return
    yield rows
    after = rows.at(-1)?.recording ?? null
  }
}

function pathOf({ slug, disc, position, discs, title, fileName, recording }: Master): string {
  const extension = /\.([A-Za-z0-9]{1,8})$/.exec(fileName)?.[1] ?? 'bin'
  return slug === null
    ? `releases/without/${recording} - ${safeName(title)}.${extension}`
    : `${releaseFolder(slug)}/${trackFileName({ disc: disc ?? 1, number: position ?? 0, title }, discs, extension)}`
}

async function* listed(lots: AsyncIterable<Master[]>) {
  for await (const masters of lots)
    yield masters.map((master) => ({ ...master, file: pathOf(master), originalName: master.fileName }))
}

/** The sound itself, as it came. It comes before music, which deletes what it belongs to. */
export const audioBelongings: Belongings = {
  tables: ['masters', 'upload_batches'],

  async goes(db, { kind, id }, lang) {
    if (kind === 'label') return []
    const { rows } = await sql<{ masters: number; size: number }>`
      select count(*)::int as masters, coalesce(sum(size), 0)::float8 as size from masters where artist_id = ${id}`.execute(
      db,
    )
    const [{ masters, size } = { masters: 0, size: 0 }] = rows
    return masters ? [words(lang)('goes', { masters, size: formats(lang).bytes(size) })] : []
  },

  async *pack(db, { kind, id }) {
    if (kind === 'label') return
    yield {
      path: 'releases/masters.csv',
      text: csvTable(
        ['file', 'recording', 'title', 'isrc', 'originalName', 'size', 'sha256', 'durationMs'],
        listed(mastersOf(db, id)),
      ),
    }
    for await (const masters of mastersOf(db, id)) for (const one of masters) yield { path: pathOf(one), key: one.key }
  },

  explain: ({ kind }, { lang }) => (kind === 'label' ? [] : [['releases/masters.csv', words(lang)('readme')]]),

  async remove({ db }, { kind, id }, { leave, hiddenSince }) {
    if (kind === 'label') return
    await db.deleteFrom('uploadBatches').where('artistId', '=', id).execute()
    await sql`
      update masters m set artist_id = ${playedElsewhere} from recordings x
      where x.id = m.recording_id and m.artist_id = ${id} and x.artist_id = ${id} and ${playedElsewhere} is not null`.execute(
      db,
    )
    await inLots(db, async (tx) => {
      const { rows: masters } = await sql<{ id: string; key: string }>`
        select id, storage_key as key from masters where artist_id = ${id} order by id limit ${LOT} for update`.execute(
        tx,
      )
      if (!masters.length) return 0
      const ids = masters.map((master) => master.id)
      const { rows: led } = await sql<Leftover>`
        select distinct 'file' as kind, storage_key as key from renditions where master_id = any(${ids}::uuid[])`.execute(
        tx,
      )
      await leave(tx, [...led, ...masters.map(({ key }) => ({ kind: 'file' as const, key }))])
      await sql`delete from masters where id = any(${ids}::uuid[])`.execute(tx)
      return ids.length
    })
    // Downloads are kept by what they are made of, not by whose they are. None of these was taken since; all can be made again.
    await inLots(db, async (tx) => {
      const { rows: old } = await sql<{ hash: string; key: string }>`
        select content_hash as hash, storage_key as key from encodings where last_used_at <= ${hiddenSince} order by content_hash limit ${LOT}`.execute(
        tx,
      )
      await leave(
        tx,
        old.map(({ key }) => ({ kind: 'file', key })),
      )
      if (old.length)
        await tx
          .deleteFrom('encodings')
          .where(
            'contentHash',
            'in',
            old.map(({ hash }) => hash),
          )
          .execute()
      return old.length
    })
  },
}
