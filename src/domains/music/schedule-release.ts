import { sql } from 'kysely'
import { addJob } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { isZone, toMinute } from '../../platform/zones.ts'
import { audit } from '../identity/index.ts'
import { hasTracks } from './publication.store.ts'
import type { By, PublishProblem } from './publish-release.ts'
import { lockRelease } from './release.store.ts'

/** `past`: the moment is over already. `no-zone`: not a time zone that exists. `public`: it is out, withdraw it first. */
export type ScheduleProblem = PublishProblem | 'past' | 'no-zone' | 'public'

/**
 * Lets a release become public by itself, to the minute. `zone` (IANA) is where that minute was chosen, and how it is shown. Until
 * then it can be scheduled again, for another time.
 */
export async function scheduleRelease(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { releaseId, at, zone, by }: { releaseId: string; at: Date; zone: string } & By,
): Promise<Result<{ publishAt: Date }, ScheduleProblem>> {
  const publishAt = toMinute(at)
  if (!isZone(zone)) return fail('no-zone')
  if (publishAt.getTime() <= now().getTime()) return fail('past')
  return db.transaction().execute(async (tx) => {
    const release = await lockRelease(tx, releaseId)
    if (!release || release.removedAt) return fail('missing')
    if (release.visibility === 'public') return fail('public')
    if (!(await hasTracks(tx, releaseId))) return fail('no-tracks')
    await tx
      .updateTable('releases')
      .set({
        visibility: 'scheduled',
        publishAt,
        publishZone: zone,
        version: sql`version + 1`,
        updatedAt: sql`now()`,
      })
      .where('id', '=', releaseId)
      .execute()
    await addJob(tx, 'music.publish-due', {}, { key: `music.publish:${releaseId}`, runAt: publishAt })
    await audit(tx, {
      accountId: by,
      action: 'release.schedule',
      artistId: release.artistId,
      subject: release.title,
      details: { at: publishAt.toISOString(), zone },
    })
    return ok({ publishAt })
  })
}
