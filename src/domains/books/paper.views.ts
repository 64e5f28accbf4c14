import type { Db, Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { type PaperContent, type PaperKind, paperNumber } from './paper.rules.ts'

export type Paper = {
  id: string
  sellerId: string
  kind: PaperKind
  series: string
  number: number | null
  issuedOn: string
  language: Lang
  content: PaperContent
}

const COLUMNS = ['id', 'sellerId', 'kind', 'series', 'number', 'issuedOn', 'language', 'content'] as const

/** The papers of a seller, the newest first. */
export const papersOf = (db: Db, sellerId: string, page: number): Promise<Paper[]> =>
  db
    .selectFrom('papers')
    .select(COLUMNS)
    .where('sellerId', '=', sellerId)
    .orderBy('issuedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(101)
    .offset(page * 100)
    .execute()

export const paperById = (db: Db, id: string): Promise<Paper | undefined> =>
  db.selectFrom('papers').select(COLUMNS).where('id', '=', id).executeTakeFirst()

/** The paper that was issued for something; its number may be still to come. */
export const paperByKey = (db: Db, sellerId: string, key: string): Promise<Paper | undefined> =>
  db.selectFrom('papers').select(COLUMNS).where('sellerId', '=', sellerId).where('key', '=', key).executeTakeFirst()

/** Which papers were issued under some keys, the oldest first; what has no number yet gets it within minutes. */
export async function papersUnder(
  db: Db | Tx,
  sellerId: string,
  keys: string[],
): Promise<{ key: string; kind: PaperKind; name: string | null }[]> {
  if (keys.length === 0) return []
  const papers = await db
    .selectFrom('papers')
    .select(['key', 'kind', 'series', 'number'])
    .where('sellerId', '=', sellerId)
    .where('key', 'in', keys)
    .orderBy('issuedAt')
    .orderBy('id')
    .execute()
  return papers.map(({ key, kind, series, number }) => ({
    key,
    kind,
    name: number ? paperNumber(series, number) : null,
  }))
}
