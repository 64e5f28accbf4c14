import { sql } from 'kysely'
import type { Platform } from './platform.ts'
import type { StoredFile } from './storage/index.ts'

const DAY_MS = 24 * 3_600_000
const AT_ONCE = 200
/** More than this many, and more than what is wanted: then it is the rows that are missing, and nothing is touched. */
const FEW = 100

type Deps = Pick<Platform, 'db' | 'storage' | 'now'>

/** Which files rows need: SQL giving `key`. */
type Named = string[]

/**
 * Removes what was stored and never named, or is named no more: whoever is killed between a file and its row leaves one. Only what was there untouched for a day, in
 * these folders: a bucket may hold others' files. Resolves with how many went.
 */
export async function tidyFiles(
  platform: Deps & Pick<Platform, 'log'>,
  { folders, named }: { folders: string[]; named: Named },
): Promise<number> {
  const { db, storage, now, log } = platform
  const before = new Date(now().getTime() - DAY_MS)
  await sql`delete from storings where at < ${before}`.execute(db)
  const unnamed = await db.connection().execute(async (one) => {
    await sql`create temporary table stored_files (key text primary key)`.execute(one)
    try {
      let lot: StoredFile[] = []
      const keep = async () => {
        await sql`insert into stored_files select unnest(${lot.map(({ key }) => key)}::text[]) on conflict do nothing`.execute(
          one,
        )
        lot = []
      }
      for (const folder of folders)
        for await (const file of storage.list(`${folder}/`)) {
          if (file.modifiedAt >= before) continue
          lot.push(file)
          if (lot.length >= 5_000) await keep()
        }
      await keep()
      const { rows } = await sql<{ key: string; wanted: boolean }>`
        select s.key, n.key is not null as wanted from stored_files s left join (select distinct key from (${all(named)}) x) n on n.key = s.key
        order by wanted, s.key`.execute(one)
      const strays = rows.flatMap(({ key, wanted }) => (wanted ? [] : [key]))
      if (strays.length <= FEW || strays.length <= rows.length / 2) return strays
      log.error({ files: strays.length, of: rows.length }, 'most stored files are named by no row: none is removed')
      return []
    } finally {
      await sql`drop table stored_files`.execute(one)
    }
  })
  let removed = 0
  for (let at = 0; at < unnamed.length; at += AT_ONCE)
    removed += await removeUnnamed(platform, named, unnamed.slice(at, at + AT_ONCE))
  if (removed) log.info({ files: removed }, 'stored files removed that nothing needed')
  return removed
}

/**
 * Removes those of the files that no row names, unless they were stored, or claimed, within the last day: their row may be on its way, and
 * {@link tidyFiles} sees to them. Resolves with how many went.
 */
export async function removeUnnamed({ db, storage, now }: Deps, named: Named, keys: string[]): Promise<number> {
  const before = new Date(now().getTime() - DAY_MS)
  return db.transaction().execute(async (tx) => {
    // Held until the files are gone: who stores one of them again waits for that.
    const { rows: marks } = await sql<{ key: string; free: boolean }>`
      insert into storings (key, at) select distinct key, '-infinity'::timestamptz from unnest(${keys}::text[]) key order by key
      on conflict (key) do update set at = storings.at returning key, at < ${before} as free`.execute(tx)
    const free = marks.flatMap((mark) => (mark.free ? [mark.key] : []))
    const { rows } = await sql<{ key: string }>`
      select distinct key from (${all(named)}) x where key = any(${free}::text[])`.execute(tx)
    const kept = new Set(rows.map(({ key }) => key))
    const gone = free.filter((key) => !kept.has(key))
    for (const key of gone) await storage.remove(key)
    await sql`delete from storings where key = any(${free}::text[])`.execute(tx)
    return gone.length
  })
}

const all = (named: Named) =>
  sql.join(
    named.map((query) => sql`select f.key from (${sql.raw(query)}) f`),
    sql` union all `,
  )
