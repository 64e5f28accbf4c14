import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'

/** The label of that name that this artist gave a mandate to, or null: nobody's name leads to a label's page without that. */
export async function labelOf(tx: Tx, artistId: string, name: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select l.id from labels l join living_mandates m on m.label_id = l.id and m.artist_id = ${artistId}
    where searchable(l.name) = searchable(${name}) limit 2`.execute(tx)
  return rows.length === 1 ? (rows[0]?.id ?? null) : null
}
