import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import { addJob } from '../../platform/jobs/index.ts'
import { slugify } from '../identity/index.ts'
import type { How, OperationKind } from './operation.rules.ts'

/** The operation, held until the transaction ends. */
export const lockOperation = (tx: Tx, id: string) =>
  tx
    .selectFrom('operations')
    .selectAll()
    .where('id', '=', id)
    .where('hiddenAt', 'is', null)
    .forUpdate()
    .executeTakeFirst()

/** The same with its contest, for those who add to it: many at once, and none while it is being closed. */
export async function shareContest(tx: Tx, id: string) {
  const operation = await tx
    .selectFrom('operations')
    .select(['id', 'artistId', 'state', 'endsAt', 'language'])
    .where('id', '=', id)
    .where('hiddenAt', 'is', null)
    .forShare()
    .executeTakeFirst()
  const contest =
    operation &&
    (await tx
      .selectFrom('contests')
      .select(['sort', 'entriesUntil', 'mostEntries'])
      .where('operationId', '=', id)
      .executeTakeFirst())
  return operation && contest ? { ...operation, ...contest } : null
}

/** What was sent in goes once this is done: pictures, and sounds and films. */
export async function forgetSentIn(
  tx: Tx,
  sent: readonly { imageId: string | null; fileId?: string | null }[],
): Promise<void> {
  const images = sent.flatMap(({ imageId }) => imageId ?? [])
  const files = sent.flatMap(({ fileId }) => fileId ?? [])
  if (images.length || files.length) await addJob(tx, 'operations.forget-pictures', { images, files })
}

/** A free address under this artist, given one at a time. */
export async function freeSlug(
  tx: Tx,
  artistId: string,
  title: string,
  { kind, own = null }: { kind: OperationKind; own?: string | null },
): Promise<string> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`operation-slugs:${artistId}`}, 0))`.execute(tx)
  const base = slugify(title, kind)
  const rows = await tx.selectFrom('operations').select(['id', 'slug']).where('artistId', '=', artistId).execute()
  const taken = new Set(rows.filter(({ id }) => id !== own).map(({ slug }) => slug))
  if (!taken.has(base)) return base
  let n = 2
  while (taken.has(`${base}-${n}`)) n++
  return `${base}-${n}`
}

type Taking = { operationId: string; fanId: string; how: How; addressId: string; language: 'en' | 'fr'; at: Date }

/** Somebody takes part: they are told how it ends, by the address with which they said so. */
export const takesPart = (tx: Tx, row: Taking) =>
  tx
    .insertInto('operationPeople')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['operationId', 'fanId', 'how']).doUpdateSet({ addressId: row.addressId }),
    )
    .execute()
