import { sql } from 'kysely'
import type { Platform } from '../../platform/platform.ts'

/** Keeps the downloads that were made within their budget of disk: those that nobody took for longest go first. They can be made again. */
export async function evictEncodings({
  db,
  storage,
  config,
  log,
}: Pick<Platform, 'db' | 'storage' | 'config' | 'log'>): Promise<number> {
  const { rows } = await sql<{ contentHash: string; storageKey: string }>`
    select content_hash, storage_key from (
      select content_hash, storage_key, sum(size) over (order by last_used_at desc, content_hash) as total from encodings
    ) kept where total > ${config.cacheBudget}`.execute(db)
  for (const { contentHash, storageKey } of rows) {
    await db.deleteFrom('encodings').where('contentHash', '=', contentHash).execute()
    await storage.remove(storageKey)
  }
  if (rows.length) log.info({ files: rows.length }, 'downloads evicted; they are made again when asked for')
  return rows.length
}
