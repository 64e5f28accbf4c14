import type { Tx } from '../../platform/database/index.ts'
import { type About, logConsent, type Proof } from './consents.store.ts'
import type { Deps } from './fans.store.ts'

/** They agree that what they do on the site is put beside who they are, in the words that they saw; from now on, not for what was before. */
export async function becomeRecognised(
  tx: Tx,
  deps: Pick<Deps, 'now'>,
  about: About,
  proof: Proof,
  visitorId: string | null,
): Promise<void> {
  const at = await logConsent(
    tx,
    about,
    'changed',
    { ...proof, proof: { ...proof.proof, recognised: true } },
    deps.now(),
  )
  await tx
    .updateTable('fans')
    .set((fan) => ({ recognisedSince: fan.fn.coalesce('recognisedSince', fan.val(at)) }))
    .where('id', '=', about.fanId)
    .execute()
  if (visitorId) await putVisitor(tx, visitorId, about.fanId, at)
}

/** They do no more: visitors who were they are nobody again. */
export async function stopRecognising(tx: Tx, deps: Pick<Deps, 'now'>, about: About, proof: Proof): Promise<void> {
  await logConsent(tx, about, 'changed', { ...proof, proof: { ...proof.proof, recognised: false } }, deps.now())
  await tx.updateTable('fans').set({ recognisedSince: null }).where('id', '=', about.fanId).execute()
  // Persons of fans merged into this one stay: what they did, they did as fans.
  await tx
    .deleteFrom('personFans')
    .where('fanId', '=', about.fanId)
    .where('personId', 'not in', (fans) => fans.selectFrom('fans').select('personId'))
    .execute()
}

async function putVisitor(tx: Tx, personId: string, fanId: string, since: Date): Promise<void> {
  await tx
    .insertInto('personFans')
    .values({ personId, fanId, since })
    .onConflict((conflict) => conflict.column('personId').doUpdateSet({ fanId, since }))
    .execute()
}
