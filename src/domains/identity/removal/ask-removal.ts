import { newId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { audit } from '../audit.ts'
import type { Actor } from '../rights.rules.ts'
import type { AllBelongings, Owner } from './belongings.ts'
import { DAYS_TO_UNDO, ownerById, removalOf, setGoesAt } from './removal.store.ts'

type Deps = Pick<Platform, 'db' | 'now'>
type Whom = Pick<Owner, 'kind' | 'id'>

const about = ({ kind, id }: Whom) => ({
  artistId: kind === 'artist' ? id : null,
  labelId: kind === 'label' ? id : null,
})

/** Takes an artist or a label from the public at once, and for good when the days in which it can be undone are over. */
export async function askRemoval(
  { db, now }: Deps,
  all: AllBelongings,
  actor: Actor,
  whom: Whom,
): Promise<Result<{ goesAt: Date }, 'gone'>> {
  return db.transaction().execute(async (tx) => {
    const owner = await lockOwner(tx, whom)
    if (!owner) return fail('gone')
    const underWay = await removalOf(tx, whom)
    if (underWay) return ok({ goesAt: underWay.goesAt })
    const askedAt = now()
    const goesAt = new Date(askedAt.getTime() + DAYS_TO_UNDO * 86_400_000)
    const kept: Record<string, unknown> = {}
    for (const [name, part] of Object.entries(all)) {
      const hidden = await part.hide?.(tx, owner)
      if (hidden !== undefined) kept[name] = hidden
    }
    await setGoesAt(tx, owner, goesAt)
    const id = newId()
    await tx
      .insertInto('removals')
      .values({
        id,
        ...about(whom),
        name: owner.name,
        askedBy: actor.accountId,
        askedAt,
        goesAt,
        kept: JSON.stringify(kept),
      })
      .execute()
    await addJob(tx, 'identity.remove', { removalId: id }, { key: `remove:${id}`, runAt: goesAt, attempts: 25 })
    await audit(tx, { accountId: actor.accountId, action: `${whom.kind}.remove`, ...about(whom), subject: owner.name })
    return ok({ goesAt })
  })
}

/** Everything stands where it stood. Once rows are being deleted, nothing brings it back. */
export async function undoRemoval(
  { db, now }: Deps,
  all: AllBelongings,
  actor: Actor,
  whom: Whom,
): Promise<Result<{ owner: Owner }, 'gone'>> {
  return db.transaction().execute(async (tx) => {
    const owner = await lockOwner(tx, whom)
    const removal = owner && (await removalOf(tx, whom))
    if (!owner || !removal) return fail('gone')
    const undone = await tx
      .updateTable('removals')
      .set({ undoneAt: now(), name: '', kept: '{}' })
      .where('id', '=', removal.id)
      .where('begunAt', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!undone) return fail('gone')
    for (const [name, part] of Object.entries(all)) await part.show?.(tx, owner, removal.kept[name])
    await setGoesAt(tx, owner, null)
    await audit(tx, {
      accountId: actor.accountId,
      action: `${whom.kind}.remove-undo`,
      ...about(whom),
      subject: owner.name,
    })
    return ok({ owner })
  })
}

/** One at a time: who asks twice asks once. */
async function lockOwner(tx: Parameters<typeof ownerById>[0], whom: Whom): Promise<Owner | null> {
  const table = whom.kind === 'artist' ? 'artists' : 'labels'
  const there = await tx.selectFrom(table).select('id').where('id', '=', whom.id).forNoKeyUpdate().executeTakeFirst()
  return there ? ownerById(tx, whom.kind, whom.id) : null
}
