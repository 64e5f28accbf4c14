import './events.ts'
import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import { addJob } from '../../platform/jobs/index.ts'
import { recordGift } from '../exchange/index.ts'
import { lockRelease, type ReleaseRow } from './release.store.ts'

/**
 * Makes a release public. The first time it is a gift, dated when it was given; a release is published once, whatever happens to it
 * later. Answers with the moment of that first publication.
 */
export async function becomePublic(tx: Tx, release: ReleaseRow, at: Date): Promise<Date> {
  const publishedAt = release.publishedAt ?? at
  await tx
    .updateTable('releases')
    .set({
      visibility: 'public',
      forMembers: false,
      publishAt: null,
      publishedAt,
      version: sql`version + 1`,
      updatedAt: sql`now()`,
    })
    .where('id', '=', release.id)
    .execute()
  if (!release.publishedAt) {
    await recordGift(tx, { artistId: release.artistId, kind: 'release', subject: `release:${release.id}`, at })
    await addJob(tx, 'music.published', { releaseId: release.id })
  }
  return publishedAt
}

export const hasTracks = async (tx: Tx, releaseId: string): Promise<boolean> =>
  (await tx.selectFrom('tracks').select('id').where('releaseId', '=', releaseId).limit(1).executeTakeFirst()) !==
  undefined

/** Makes a release public as of an earlier moment: for what was given elsewhere before, or in a demonstration. */
export async function publishAt(tx: Tx, { releaseId, at }: { releaseId: string; at: Date }): Promise<void> {
  const release = await lockRelease(tx, releaseId)
  if (release && !release.publishedAt) await becomePublic(tx, release, at)
}
