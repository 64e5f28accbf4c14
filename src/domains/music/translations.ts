import './tables.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'

export type Translation = {
  id: string
  /** ISO 639. */
  language: string
  text: string
  /** Whose it is; empty when it is nobody's. */
  name: string
}

/** Puts somebody's translation under the words of a track, wherever its recording stands. Kept again under the same id it is the same. */
export const keepTranslation = (
  tx: Tx,
  { id, trackId, language, text, name, at }: Translation & { trackId: string; at: Date },
): Promise<unknown> =>
  sql`
    insert into translations (id, recording_id, language, text, name, made_at)
    select ${id}, t.recording_id, ${language}, ${text}, ${name}, ${at} from tracks t where t.id = ${trackId}
    on conflict (id) do nothing`.execute(tx)

export const dropTranslations = (tx: Tx, ids: readonly string[]): Promise<unknown> =>
  sql`delete from translations where id = any(${[...ids]}::uuid[])`.execute(tx)

/** How many one page shows. */
const TRANSLATIONS_PAGE = 24

/** A page of them, from 0, in the order in which they came, and whether there are more. */
export async function translationsOf(
  db: Db | Tx,
  recordingId: string,
  page: number,
): Promise<{ shown: Translation[]; isMore: boolean }> {
  const rows = await db
    .selectFrom('translations')
    .select(['id', 'language', 'text', 'name'])
    .where('recordingId', '=', recordingId)
    .orderBy('madeAt')
    .orderBy('id')
    .limit(TRANSLATIONS_PAGE + 1)
    .offset(page * TRANSLATIONS_PAGE)
    .execute()
  return { shown: rows.slice(0, TRANSLATIONS_PAGE), isMore: rows.length > TRANSLATIONS_PAGE }
}
