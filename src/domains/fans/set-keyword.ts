import type { Db } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { readKeyword } from './addresses.rules.ts'

/** Words that every network and every person understands, in French and English: no artist may take them. */
const RESERVED = new Set(
  `STOP STOPALL UNSUBSCRIBE CANCEL END QUIT ARRET ARRETER ARRETE DESABO DESABONNEMENT DESINSCRIPTION START UNSTOP OUI YES NON NO OK HELP AIDE INFO
  INFOS CONTACT LEAVE REVOKE OPTOUT OPTIN JOIN`.split(/\s+/),
)

/** The word by which people join this artist by text, instead of the one before; null takes it away. */
export async function setKeyword(
  { db }: Pick<Platform, 'db'>,
  artistId: string,
  text: string,
): Promise<Result<string | null, 'bad' | 'reserved' | 'taken'>> {
  const keyword = readKeyword(text)
  if (text.trim() && (!keyword || keyword.length < 2 || keyword.length > 20 || /\s/.test(text.trim())))
    return fail('bad')
  if (keyword && RESERVED.has(keyword)) return fail('reserved')
  return db.transaction().execute(async (tx) => {
    if (keyword) {
      const made = await tx
        .insertInto('keywords')
        .values({ keyword, artistId, labelId: null })
        .onConflict((conflict) => conflict.column('keyword').doNothing())
        .returning('keyword')
        .executeTakeFirst()
      const whose = await tx.selectFrom('keywords').select('artistId').where('keyword', '=', keyword).executeTakeFirst()
      if (!made && whose?.artistId !== artistId) return fail('taken')
    }
    await tx
      .deleteFrom('keywords')
      .where('artistId', '=', artistId)
      .where('keyword', '!=', keyword ?? '')
      .execute()
    return ok(keyword)
  })
}

export const keywordOf = async (db: Db, artistId: string): Promise<string | null> =>
  (await db.selectFrom('keywords').select('keyword').where('artistId', '=', artistId).executeTakeFirst())?.keyword ??
  null
