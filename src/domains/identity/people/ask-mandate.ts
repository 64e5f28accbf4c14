import { allow, type Limit } from '../../../platform/http/index.ts'
import { newId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { audit } from '../audit.ts'
import type { Actor } from '../rights.rules.ts'
import type { Grant } from './mandates.ts'

type Deps = Pick<Platform, 'db' | 'signer' | 'now'>

const A_DAY: Limit = { name: 'ask-mandate', most: 20, windowSeconds: 86_400 }
/** A no is heard for so long. */
const QUIET_DAYS = 30

/** `nobody`: no person answers for this artist yet. `declined`: they said no not long ago. */
export type AskError = 'none' | 'nobody' | 'declined' | 'too_many'

/** Asks an artist to let a label do these things; they hear of it by mail. A question that is still open is replaced. */
export async function askMandate(
  deps: Deps,
  actor: Actor,
  { message, ...asked }: Grant & { message: string },
): Promise<Result<{ artist: string }, AskError>> {
  const { artistId, labelId } = asked
  if (!(await allow(deps, A_DAY, labelId))) return fail('too_many')
  return deps.db.transaction().execute(async (tx) => {
    const label = await tx
      .selectFrom('labels')
      .select('name')
      .where('id', '=', labelId)
      .forNoKeyUpdate()
      .executeTakeFirst()
    const artist = await tx
      .selectFrom('artists')
      .select('name')
      .where('id', '=', artistId)
      .where('goesAt', 'is', null)
      .executeTakeFirst()
    if (!label || !artist) return fail('none')
    const answering = await tx
      .selectFrom('memberships')
      .select('id')
      .where('artistId', '=', artistId)
      .where('role', '=', 'artist')
      .executeTakeFirst()
    if (!answering) return fail('nobody')
    const of = () => tx.selectFrom('mandateRequests').where('artistId', '=', artistId).where('labelId', '=', labelId)
    const since = new Date(deps.now().getTime() - QUIET_DAYS * 86_400_000)
    const refused = await of()
      .select('id')
      .where('outcome', '=', 'declined')
      .where('settledAt', '>', since)
      .executeTakeFirst()
    if (refused) return fail('declined')
    await tx
      .updateTable('mandateRequests')
      .set({ settledAt: deps.now(), outcome: 'withdrawn' })
      .where('artistId', '=', artistId)
      .where('labelId', '=', labelId)
      .where('settledAt', 'is', null)
      .execute()
    const id = newId(deps.now().getTime())
    const by = { askedAt: deps.now(), askedBy: actor.accountId, settledAt: null, outcome: null }
    await tx
      .insertInto('mandateRequests')
      .values({ id, ...asked, message, ...by })
      .execute()
    await audit(tx, { accountId: actor.accountId, action: 'mandate.ask', artistId, labelId, subject: label.name })
    await addJob(tx, 'identity.mail-mandate-request', { requestId: id })
    return ok({ artist: artist.name })
  })
}

/** Ends an open question: its artist says no, or its label asks no more. False when it is not open. */
export async function settleRequest(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  actor: Actor,
  of: { artistId: string } | { labelId: string },
  id: string,
): Promise<boolean> {
  const byArtist = 'artistId' in of
  return db.transaction().execute(async (tx) => {
    const settled = await tx
      .updateTable('mandateRequests')
      .set({ settledAt: now(), outcome: byArtist ? 'declined' : 'withdrawn' })
      .where('id', '=', id)
      .where('settledAt', 'is', null)
      .where(byArtist ? 'artistId' : 'labelId', '=', byArtist ? of.artistId : of.labelId)
      .returning(['artistId', 'labelId'])
      .executeTakeFirst()
    if (!settled) return false
    const { name } = await tx
      .selectFrom('labels')
      .select('name')
      .where('id', '=', settled.labelId)
      .executeTakeFirstOrThrow()
    const action = byArtist ? 'mandate.decline' : 'mandate.ask-back'
    await audit(tx, { accountId: actor.accountId, action, ...settled, subject: name })
    return true
  })
}
