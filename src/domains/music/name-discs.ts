import { sql } from 'kysely'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { digestOf } from '../../platform/signing.ts'
import { audit } from '../identity/index.ts'
import type { EditProblem } from './edit-release.ts'
import type { By } from './publish-release.ts'
import { line } from './release.form.ts'
import { lockRelease, markChanged } from './release.store.ts'

/** The titles of a release's discs as its form shows them: `disc-1`, `disc-2`, each empty when it has none. */
export const discFields = (discs: readonly number[], titles: Record<string, string>): Record<string, string> =>
  Object.fromEntries(discs.map((disc) => [`disc-${disc}`, titles[disc] ?? '']))

/** Names the discs of a release, or takes their names away. `seen` is the digest of the names as they were shown. */
export async function nameDiscs(
  { db }: Pick<Platform, 'db'>,
  { releaseId, fields, seen, by }: { releaseId: string; fields: Record<string, string>; seen: string } & By,
): Promise<Result<null, EditProblem<Record<string, string>>>> {
  return db.transaction().execute(async (tx) => {
    const release = await lockRelease(tx, releaseId)
    if (!release) return fail({ code: 'missing' as const })
    const rows = await tx.selectFrom('tracks').select('disc').distinct().where('releaseId', '=', releaseId).execute()
    const discs = rows.map(({ disc }) => disc).sort((a, b) => a - b)
    const before = discFields(discs, release.discTitles)
    const digest = digestOf(before)
    if (digest !== seen) return fail({ code: 'changed' as const, current: before, seen: digest })
    const titles = Object.fromEntries(
      discs.flatMap((disc) => {
        const title = line(fields[`disc-${disc}`] ?? '')
        return title ? [[disc, title]] : []
      }),
    )
    if (digestOf(discFields(discs, titles)) !== digest) {
      await tx
        .updateTable('releases')
        .set({ discTitles: sql`${JSON.stringify(titles)}::jsonb` })
        .where('id', '=', releaseId)
        .execute()
      await markChanged(tx, releaseId, { heard: true })
      await audit(tx, { accountId: by, action: 'release.edit', artistId: release.artistId, subject: release.title })
    }
    return ok(null)
  })
}
