import type { Platform } from '../../platform/platform.ts'
import { becomePublic } from './publication.store.ts'

/**
 * Publishes every scheduled release whose minute has come, each dated at its own minute however late this runs. Safe to run twice, and by
 * several workers at once. Answers with how many there were.
 */
export async function publishDue({ db, now }: Pick<Platform, 'db' | 'now'>): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const due = await tx
      .selectFrom('releases')
      .selectAll()
      .where('visibility', '=', 'scheduled')
      .where('publishAt', '<=', now())
      .orderBy('publishAt')
      .limit(500)
      .forUpdate()
      .skipLocked()
      .execute()
    for (const release of due) await becomePublic(tx, release, release.publishAt ?? now())
    return due.length
  })
}
