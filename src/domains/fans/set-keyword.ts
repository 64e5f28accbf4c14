import type { Db, Tx } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { type Sender, senderColumns } from '../identity/index.ts'
import { readKeyword } from './addresses.rules.ts'

/** Words that every network and every person understands, in French and English: nobody may take them. */
const RESERVED = new Set(
  `STOP STOPALL UNSUBSCRIBE CANCEL END QUIT ARRET ARRETER ARRETE DESABO DESABONNEMENT DESINSCRIPTION START UNSTOP OUI YES NON NO OK HELP AIDE INFO
  INFOS CONTACT LEAVE REVOKE OPTOUT OPTIN JOIN`.split(/\s+/),
)

/** The word by which people join this artist or label by text, instead of the one before; null takes it away. */
export async function setKeyword(
  { db }: Pick<Platform, 'db'>,
  sender: Sender,
  text: string,
): Promise<Result<string | null, 'bad' | 'reserved' | 'taken'>> {
  const keyword = readKeyword(text)
  if (text.trim() && (!keyword || keyword.length < 2 || keyword.length > 20 || /\s/.test(text.trim())))
    return fail('bad')
  if (keyword && RESERVED.has(keyword)) return fail('reserved')
  const own = senderColumns(sender)
  return db.transaction().execute(async (tx) => {
    if (keyword) {
      const made = await tx
        .insertInto('keywords')
        .values({ keyword, ...own })
        .onConflict((conflict) => conflict.column('keyword').doNothing())
        .returning('keyword')
        .executeTakeFirst()
      if (!made && (await keywordOf(tx, sender)) !== keyword) return fail('taken')
    }
    await tx
      .deleteFrom('keywords')
      .where('artistId', 'is not distinct from', own.artistId)
      .where('labelId', 'is not distinct from', own.labelId)
      .where('keyword', '!=', keyword ?? '')
      .execute()
    return ok(keyword)
  })
}

export async function keywordOf(db: Db | Tx, sender: Sender): Promise<string | null> {
  const { artistId, labelId } = senderColumns(sender)
  const row = await db
    .selectFrom('keywords')
    .select('keyword')
    .where('artistId', 'is not distinct from', artistId)
    .where('labelId', 'is not distinct from', labelId)
    .executeTakeFirst()
  return row?.keyword ?? null
}
