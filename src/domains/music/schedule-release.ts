import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import { addJob } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { fromLocal, isZone, toMinute } from '../../platform/zones.ts'
import type { Move, MoveProblem } from '../exchange/index.ts'
import { audit } from '../identity/index.ts'
import { visibilityAt } from './given.rules.ts'
import { hasTracks } from './publication.store.ts'
import type { By, PublishProblem } from './publish-release.ts'
import { lockRelease, type ReleaseRow } from './release.store.ts'

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
    await plan(tx, release, { publishAt, zone, by })
    return ok({ publishAt })
  })
}

/** Moves a scheduled release to another moment, as long as it stands as whoever moves it saw it (`from`, ISO 8601); its own zone stays. */
export async function moveRelease(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { id, from, to, zone, by }: Move,
): Promise<Result<Date, MoveProblem>> {
  return db.transaction().execute(async (tx) => {
    const release = await lockRelease(tx, id)
    if (!release || release.removedAt) return fail('missing')
    if (visibilityAt(release, now()) === 'public') return fail('left')
    if (release.visibility !== 'scheduled' || release.publishAt?.toISOString() !== from) return fail('meanwhile')
    const publishAt = fromLocal(to, zone)
    if (!publishAt || publishAt <= now()) return fail('past')
    await plan(tx, release, { publishAt, zone: release.publishZone ?? zone, by })
    return ok(publishAt)
  })
}

async function plan(
  tx: Tx,
  { id, artistId, title }: ReleaseRow,
  { publishAt, zone, by }: { publishAt: Date; zone: string } & By,
): Promise<void> {
  await tx
    .updateTable('releases')
    .set({
      visibility: 'scheduled',
      publishAt,
      publishZone: zone,
      version: sql`version + 1`,
      updatedAt: sql`now()`,
    })
    .where('id', '=', id)
    .execute()
  await addJob(tx, 'music.publish-due', {}, { key: `music.publish:${id}`, runAt: publishAt })
  const details = { at: publishAt.toISOString(), zone }
  await audit(tx, { accountId: by, action: 'release.schedule', artistId, subject: title, details })
}
