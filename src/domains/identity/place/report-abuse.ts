import type { Db } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { audit } from '../audit.ts'
import type { Actor } from '../rights.rules.ts'

export const REASONS = ['rights', 'hate', 'person', 'minors', 'other'] as const
export type Reason = (typeof REASONS)[number]

export type AbuseReport = { url: string; reason: Reason; message: string; contact: string | null }

export async function reportAbuse({ db, now }: Pick<Platform, 'db' | 'now'>, report: AbuseReport): Promise<void> {
  await db
    .insertInto('abuseReports')
    .values({ id: newId(), at: now(), ...report, handledAt: null, handledBy: null })
    .execute()
}

/** Marks a report as settled, or open again. */
export async function settleReport(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  actor: Actor,
  id: string,
  settled: boolean,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const report = await tx
      .updateTable('abuseReports')
      .set(settled ? { handledAt: now(), handledBy: actor.accountId } : { handledAt: null, handledBy: null })
      .where('id', '=', id)
      .where('handledAt', settled ? 'is' : 'is not', null)
      .returning('url')
      .executeTakeFirst()
    if (!report) return false
    const action = settled ? 'report.handle' : 'report.reopen'
    await audit(tx, { accountId: actor.accountId, action, subject: report.url })
    return true
  })
}

export const reportList = (db: Db) =>
  db.selectFrom('abuseReports').selectAll().orderBy('handledAt', 'desc').orderBy('at', 'desc').limit(500).execute()

/** As the privacy page says: a year after it was settled. */
export async function forgetOldReports(db: Db, now: Date): Promise<void> {
  const before = new Date(now.getTime() - 365 * 86_400_000)
  await db.deleteFrom('abuseReports').where('handledAt', '<', before).execute()
}
