import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import type { Owner } from './belongings.ts'

type Kept = { id: string; visibility: string; publishAt: Date | null }

/** Makes drafts of all that an artist or a label shows of a kind; answers with what they were, for {@link intoSight}. */
export async function outOfSight(tx: Tx, table: 'releases' | 'posts', { kind, id }: Owner): Promise<Kept[]> {
  const { rows } = await sql<Kept>`
    with shown as (select id, visibility, publish_at from ${sql.table(table)} where ${sql.ref(`${kind}_id`)} = ${id} and visibility <> 'draft' for update)
    update ${sql.table(table)} t set visibility = 'draft', version = version + 1 from shown where shown.id = t.id
    returning t.id, shown.visibility, shown.publish_at as "publishAt"`.execute(tx)
  return rows
}

/** Makes them again what they were. */
export async function intoSight(tx: Tx, table: 'releases' | 'posts', kept: unknown): Promise<void> {
  await sql`
    update ${sql.table(table)} t set visibility = k.visibility, publish_at = k."publishAt", version = version + 1
    from json_to_recordset(${JSON.stringify(kept ?? [])}) as k(id uuid, visibility text, "publishAt" timestamptz) where t.id = k.id`.execute(
    tx,
  )
}
