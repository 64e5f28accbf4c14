import type { Context } from 'hono'
import type { Db } from '../../../platform/database/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { isBot, personOf, recordReturn, visitorOfTheDay, wayOf } from '../../exchange/index.ts'
import type { WebEnv } from '../../identity/index.ts'
import type { Contest } from './contest.views.ts'

/** A file that lies beside the music of a release. `size` in bytes. */
export type Stem = { id: string; fileName: string; size: number; storageKey: string; sha256: string }

/** What may be given to work with: all that lies beside the music of a release. */
export const filesBeside = (db: Db, releaseId: string | null): Promise<Stem[]> =>
  releaseId
    ? db
        .selectFrom('bonusFiles')
        .select(['id', 'fileName', 'size', 'storageKey', 'sha256'])
        .where('releaseId', '=', releaseId)
        .orderBy('position')
        .execute()
    : Promise.resolve([])

/** What is given to work with, as long as it lies there. */
export async function stemsOf(db: Db, { stems, releaseId }: Pick<Contest, 'stems' | 'releaseId'>): Promise<Stem[]> {
  if (!stems.length) return []
  return (await filesBeside(db, releaseId)).filter(({ id }) => stems.includes(id))
}

/** Taken to work with: a return, once a day for one person and file. */
export async function recordStemTaken(
  c: Context<WebEnv>,
  platform: Platform,
  { artistId, operationId, stemId }: { artistId: string; operationId: string; stemId: string },
): Promise<void> {
  if (isBot(c.req.raw.headers) || c.get('actor')?.memberships.some((m) => m.artistId === artistId)) return
  const personId = await personOf(c, platform, { create: true })
  const who = personId ?? (await visitorOfTheDay(platform, c.get('address'), c.req.header('user-agent') ?? ''))
  const at = platform.now()
  const subject = `operation:${operationId}` as const
  await platform.db.transaction().execute(async (tx) => {
    await recordReturn(tx, {
      artistId,
      key: `download:${who}:${subject}:${stemId}:${at.toISOString().slice(0, 10)}`,
      kind: 'download',
      ...{ subject, givenAs: subject, personId, at },
      details: { bonus: stemId },
      ...(await wayOf(tx, personId, artistId, at)),
    })
  })
}
