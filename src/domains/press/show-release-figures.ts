import './tables.ts'
import type { Platform } from '../../platform/platform.ts'
import type { ProofKind } from './proofs.rules.ts'
import { readReleaseProof } from './release-proofs.views.ts'

type Showing = { artistId: string; releaseId: string; proofs: ProofKind[] }

/** Keeps the figures of a release that its artist agrees to show, drawn up at this moment; what they do not agree to is kept nowhere. */
export async function showReleaseFigures(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { artistId, releaseId, proofs }: Showing,
): Promise<void> {
  const at = now()
  await db.transaction().execute(async (tx) => {
    // Two savings at once would both delete, and then both insert.
    await tx.selectFrom('releases').select('id').where('id', '=', releaseId).forUpdate().execute()
    await tx.deleteFrom('pressReleaseProofs').where('releaseId', '=', releaseId).execute()
    for (const kind of proofs) {
      const facts = JSON.stringify(await readReleaseProof(tx, kind, { id: releaseId, artistId }, at))
      await tx.insertInto('pressReleaseProofs').values({ releaseId, kind, facts, madeAt: at }).execute()
    }
  })
}
