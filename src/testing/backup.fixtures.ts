import { createHash } from 'node:crypto'
import type pg from 'pg'
import { addJob } from '../platform/jobs/index.ts'
import type { Platform } from '../platform/platform.ts'

/** Text that a careless export would break. */
export const AWKWARD = 'Ça « va » ?\n"quoted", \\N, \\., tab\t, 日本語 🎵, \'single\''

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`

/** A small label's rows of many types, with their files, jobs that wait, and things that are not to be kept. */
export async function smallWorld(platform: Pick<Platform, 'db' | 'pool' | 'storage'>): Promise<void> {
  const { pool, storage, db } = platform
  const run = (text: string, values: unknown[] = []) => pool.query(text, values)
  await run(`insert into accounts (id, email, name) values ($1, 'ana@example.org', $2)`, [id(1), AWKWARD])
  await run(
    `insert into sessions (id, token_hash, account_id, expires_at) values ($1, 'h', $2, now() + interval '1 day')`,
    [id(2), id(1)],
  )
  const picture = Buffer.from('a picture')
  const sha256 = createHash('sha256').update(picture).digest('hex')
  await run(
    `insert into images (id, sha256, width, height, widths, palette) values ($1, $2, 160, 160, '{160}', '{"a": [1, null]}')`,
    [id(3), sha256],
  )
  for (const name of ['original', '160.avif', '160.webp', '160.jpg'])
    await storage.put(`images/${sha256}/${name}`, picture)
  await run(
    `insert into artists (id, slug, name, sort_name, biography, places, links, portrait_image_id)
     values ($1, 'ana', $2, '', '', array['Lyon, "FR"', null, ''], '[{"title": "a\\nb"}]', $3)`,
    [id(4), AWKWARD, id(3)],
  )
  await run(`insert into releases (id, artist_id, slug, title, cover_image_id) values ($1, $2, 'one', 'One', $3)`, [
    id(5),
    id(4),
    id(3),
  ])
  for (const n of [1, 2, 3]) {
    await run(`insert into recordings (id, artist_id, title, bpm, lyrics) values ($1, $2, $3, 120.50, '')`, [
      id(10 + n),
      id(4),
      `Song ${n}`,
    ])
    await run(
      `insert into tracks (id, release_id, recording_id, position, slug, gives_stream) values ($1, $2, $3, $4, $5, null)`,
      [id(20 + n), id(5), id(10 + n), n, `song-${n}`],
    )
    await addMaster(platform, n)
  }
  await storage.put('bonus/ab/booklet', Buffer.from('%PDF'))
  await run(
    `insert into bonus_files (id, release_id, position, file_name, storage_key, sha256, size, type)
     values ($1, $2, 1, 'Livret é.pdf', 'bonus/ab/booklet', 'x', 4, 'application/pdf')`,
    [id(40), id(5)],
  )
  await storage.put('encodings/can-be-made-again', Buffer.from('mp3'))
  await run(
    `insert into encodings (content_hash, format, storage_key, size, crc32) values ('e', 'mp3', 'encodings/can-be-made-again', 3, 0)`,
  )
  await run(`insert into daily_salts (day, salt) values (current_date, 'secret')`)
  await run(`select ensure_spine_partitions('2024-01-15', '2024-03-15')`)
  await run(
    `insert into gifts (id, artist_id, kind, subject, at) values ($1, $2, 'release', 'release:x', '2024-02-29T23:59:59.123456Z')`,
    [id(50), id(4)],
  )
  await addJob(db, 'audio.prepare' as never, { masterId: id(31) } as never, {
    key: 'prepare-1',
    queue: 'audio',
    attempts: 7,
  })
  await addJob(db, 'platform.tidy' as never, {} as never, { key: 'platform.tidy' })
}

export async function addMaster(
  { pool, storage }: Pick<Platform, 'pool' | 'storage'>,
  n: number,
  key = `masters/0${n}/master-${n}`,
): Promise<string> {
  await storage.put(key, Buffer.alloc(200_000 + n, n))
  await pool.query(
    `insert into masters (id, recording_id, artist_id, file_name, storage_key, sha256, size, facts, duration_ms, waveform)
     values ($1, $2, $3, 'a.wav', $4, $5, $6, '{"channels": 2}', 1000, '\\x00ff0a0d22')`,
    [id(30 + n), id(10 + n), id(4), key, `sha-${n}`, 200_000 + n],
  )
  return key
}

/** Every row of every table as text, for comparing two databases. */
export async function everyRow(pool: pg.Pool): Promise<Record<string, string[]>> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`,
  )
  const found: Record<string, string[]> = {}
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: string }>(`select t::text as row from "${name}" t order by 1`)
    found[name] = rows.map(({ row }) => row)
  }
  return found
}

/** The schema as Postgres itself words it: columns, constraints, indexes, triggers. */
export async function schemaOf(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(`
    select format('%s.%s %s %s', table_name, column_name, data_type, column_default) as line from information_schema.columns where table_schema = 'public'
    union all select format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint
      where connamespace = 'public'::regnamespace and contype <> 'n'
    union all select indexdef from pg_indexes where schemaname = 'public'
    union all select format('%s %s %s', tgrelid::regclass, tgname, tgenabled) from pg_trigger where not tgisinternal
    order by 1`)
  return rows.map(({ line }) => line)
}
