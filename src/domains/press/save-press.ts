import './tables.ts'
import type { Platform } from '../../platform/platform.ts'
import { callBackUntold } from './followers/follow-press.ts'
import type { PressPage } from './press.views.ts'
import type { ProofKind } from './proofs.rules.ts'
import { readProof } from './proofs.views.ts'

type Saving = PressPage & { artistId: string; proofs: ProofKind[] }

/** Keeps what an artist says, and the figures that they agree to show, drawn up at this moment; what they do not agree to is kept nowhere. */
export async function savePress(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { artistId, proofs, ...page }: Saving,
): Promise<void> {
  const at = now()
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('pressPages')
      .values({ artistId, ...page, updatedAt: at })
      .onConflict((conflict) => conflict.column('artistId').doUpdateSet({ ...page, updatedAt: at }))
      .execute()
    await callBackUntold(tx, artistId, at)
    await tx.deleteFrom('pressProofs').where('artistId', '=', artistId).execute()
    for (const kind of proofs)
      await tx
        .insertInto('pressProofs')
        .values({ artistId, kind, facts: JSON.stringify(await readProof(tx, kind, artistId, at)), madeAt: at })
        .execute()
  })
}
