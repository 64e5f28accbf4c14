import './tables.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { newCode, newId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { describe, type Subject, type SubjectFacts, type Subjects } from './subjects.ts'
import type { TokenReader } from './tokens.ts'

type Deps = Pick<Platform, 'db' | 'now'>

/** The name of these links among the tokens (`?via=s.CODE`). */
export const SHARE_TOKENS = 's'

const LENGTH = 8

export const sharePath = (code: string): string => `/s/${code}`

export type Share = { code: string; artistId: string; subject: Subject; personId: string; closedAt: Date | null }

/** The link by which one person passes one thing on; made when it is first asked for. */
export async function shareLink(
  { db, now }: Deps,
  { artistId, subject, personId }: { artistId: string; subject: Subject; personId: string },
): Promise<string> {
  // 31^8 codes: two alike are rare, and tried again.
  for (let turn = 0; turn < 10; turn++) {
    const made = { id: newId(), code: newCode(LENGTH), artistId, subject, personId, createdAt: now() }
    const { rows } = await sql<{ code: string }>`
      with made as (
        insert into shares (id, code, artist_id, subject, person_id, created_at)
        values (${made.id}, ${made.code}, ${artistId}, ${subject}, ${personId}, ${made.createdAt}) on conflict do nothing returning code
      )
      select code from made union all
      select code from shares where person_id = ${personId} and subject = ${subject} and closed_at is null limit 1`.execute(
      db,
    )
    if (rows[0]) return rows[0].code
  }
  throw new Error('No free code was found')
}

/** A code as somebody typed it: case counts for nothing. */
export async function shareByCode(db: Db, code: string): Promise<Share | null> {
  const row = await db
    .selectFrom('shares')
    .select(['code', 'artistId', 'subject', 'personId', 'closedAt'])
    .where('code', '=', code.toLowerCase())
    .executeTakeFirst()
  return row ? { ...row, subject: row.subject as Subject } : null
}

/** What anybody may have today, and so may pass on; null when it is not public, or not any more. */
export async function publicSubject(
  { db, now }: Deps,
  subjects: Subjects,
  subject: Subject,
): Promise<SubjectFacts | null> {
  const facts = (await describe(db, subjects, [subject])).get(subject)
  return facts?.publicAt && facts.publicAt <= now() ? facts : null
}

/** Reads `s.CODE`: the gift that was passed on, and by whom. Whose link was forgotten brings nobody. */
export const shareTokens =
  ({ db }: Pick<Platform, 'db'>, subjects: Subjects): TokenReader =>
  async (code) => {
    const share = await shareByCode(db, code)
    const facts = share && (await describe(db, subjects, [share.subject])).get(share.subject)
    if (!share || !facts) return null
    const { artistId, givenAs } = facts
    return { artistId, givenAs, personId: null, ...(!share.closedAt && { broughtBy: share.personId }) }
  }

/** Nobody is behind these links any more: wherever they were posted, they lead on. */
export async function closeShares(db: Db | Tx, personIds: string[], at: Date): Promise<void> {
  await db
    .updateTable('shares')
    .set({ closedAt: at })
    .where('personId', 'in', personIds)
    .where('closedAt', 'is', null)
    .execute()
}
