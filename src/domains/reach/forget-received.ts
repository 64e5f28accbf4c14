import './tables.ts'
import { sql } from 'kysely'
import type { Platform } from '../../platform/platform.ts'

const LOT = 500

/**
 * What came in is kept as it came for KEEP_RECEIVED_DAYS, handled or not: then its words, who wrote it and its file go. The row stays, with its day and what
 * was made of it: consents name it as their proof, and a provider that says the same again is recognised. Conversations have words and files of their own.
 */
export async function forgetReceived({
  db,
  storage,
  config,
  now,
}: Pick<Platform, 'db' | 'storage' | 'config' | 'now'>): Promise<void> {
  const at = now()
  const before = new Date(at.getTime() - config.keepReceivedDays * 86_400_000)
  for (;;) {
    // A mail has its Message-ID and our address for a name, which say who wrote to whom.
    const { rows } = await sql<{ storageKey: string | null }>`
      with old as (
        select id, storage_key from received where forgotten_at is null and received_at < ${before}
        order by received_at limit ${LOT} for update skip locked
      )
      update received r set forgotten_at = ${at}, handled_at = coalesce(handled_at, ${at}), sender = '', subject = '', text = '', storage_key = null, size = null,
        understood = case when handled_at is null then 'unknown' else understood end,
        recipient = case when channel = 'mail' then '' else recipient end,
        provider_ref = case when channel = 'mail' then r.id::text else provider_ref end
      from old where old.id = r.id returning old.storage_key as "storageKey"`.execute(db)
    // After the commit: a row that names a file which is gone would be broken; a file that no row names is tidied away.
    for (const { storageKey } of rows) if (storageKey) await storage.remove(storageKey)
    if (rows.length < LOT) return
  }
}
