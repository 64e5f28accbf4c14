import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'

export type HistoryLine = {
  id: string
  at: Date
  /** Null for a command of the machine, or for somebody whose account is gone. */
  who: string | null
  action: string
  subject: string | null
  about: string | null
}
export type HistoryOf = { artistId: string } | { labelId: string } | { site: true }

/** So many that a telephone shows them in a few screens. */
const A_PAGE = 50

/** Who changed what, newest first: of one artist, of one label, or everything. `before` is the id of the last line seen. */
export async function history(
  db: Db,
  of: HistoryOf,
  before: string | null,
): Promise<{ lines: HistoryLine[]; older: string | null }> {
  let query = db
    .selectFrom('auditLog')
    .leftJoin('accounts', 'accounts.id', 'auditLog.accountId')
    .leftJoin('artists', 'artists.id', 'auditLog.artistId')
    .leftJoin('labels', 'labels.id', 'auditLog.labelId')
    .select(['auditLog.id', 'at', 'action', 'subject'])
    .select(
      sql<
        string | null
      >`case when accounts.id is null then null else coalesce(nullif(accounts.name, ''), email) end`.as('who'),
    )
    .select(sql<string | null>`coalesce(artists.name, labels.name)`.as('about'))
    .orderBy('auditLog.id', 'desc')
    .limit(A_PAGE + 1)
  if ('artistId' in of) query = query.where('auditLog.artistId', '=', of.artistId)
  if ('labelId' in of) query = query.where('auditLog.labelId', '=', of.labelId)
  if (before) query = query.where('auditLog.id', '<', before)
  const rows = await query.execute()
  const lines = rows.slice(0, A_PAGE)
  return { lines, older: rows.length > A_PAGE ? (lines.at(-1)?.id ?? null) : null }
}
