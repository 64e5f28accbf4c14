import { newId } from '../../../platform/ids.ts'
import { coverJpeg, type ImageError } from '../../../platform/images/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { lockOrder } from '../order.store.ts'
import { parcelById } from './parcels.views.ts'

type Deps = Pick<Platform, 'db' | 'now' | 'storage'>

/** Whoever has more than these has bound them together. */
const MOST_PROOFS = 5
/** Longer than any card may be disputed (540 days at most). */
export const PROOF_YEARS = 2

export type NewProof = {
  parcelId: string
  key: string
  reference: string
  /** As a day, `2026-12-02`. */
  handedOn: string | null
  file: { name: string; content: Buffer } | null
  by: string
}

export type ProofProblem = 'nothing' | 'too-many' | 'gone' | 'pdf-broken' | ImageError

/** A PDF that begins and ends as one; anything else is drawn anew as a picture, without what a camera wrote into it (where, when, by whom). */
async function checked(content: Buffer): Promise<Result<{ content: Buffer; extension: 'pdf' | 'jpg' }, ProofProblem>> {
  if (content.subarray(0, 1024).includes('%PDF-')) {
    if (!content.subarray(-2048).includes('%%EOF')) return fail('pdf-broken')
    return ok({ content, extension: 'pdf' })
  }
  const drawn = await coverJpeg(content)
  return drawn.ok ? ok({ content: Buffer.from(drawn.value.bytes), extension: 'jpg' }) : drawn
}

/** Keeps what shows that a parcel was handed over. The file is stored before the row that speaks of it. One form sent twice is one proof. */
export async function keepProof(
  { db, now, storage }: Deps,
  { parcelId, key, reference, handedOn, file, by }: NewProof,
): Promise<Result<null, ProofProblem>> {
  if (!file && !reference && !handedOn) return fail('nothing')
  const seen = file && (await checked(file.content))
  if (seen && !seen.ok) return seen
  const id = newId(now().getTime())
  const storageKey = seen ? `proofs/${id}` : null
  const size = seen && storageKey ? await storage.put(storageKey, seen.value.content) : null
  const fileName = file && seen ? `${nameOf(file.name)}.${seen.value.extension}` : ''
  const kept = await db.transaction().execute<Result<string | null, ProofProblem>>(async (tx) => {
    const parcel = await parcelById(tx, parcelId)
    if (!parcel) return fail('gone')
    await lockOrder(tx, parcel.orderId)
    const there = await tx.selectFrom('parcelProofs').select('formKey').where('parcelId', '=', parcelId).execute()
    if (there.some(({ formKey }) => formKey === key)) return ok(null)
    if (there.length >= MOST_PROOFS) return fail('too-many')
    const row = { id, formKey: key, parcelId, reference, handedOn, storageKey, fileName, size }
    await tx
      .insertInto('parcelProofs')
      .values({ ...row, addedAt: now(), addedBy: by })
      .execute()
    return ok(id)
  })
  if ((!kept.ok || kept.value === null) && storageKey) await storage.remove(storageKey)
  return kept.ok ? ok(null) : kept
}

const nameOf = (name: string): string =>
  name
    .replace(/\.[a-z\d]{1,5}$/i, '')
    .replace(/[\p{Cc}\p{Cf}"<>:|?*\\/]/gu, '')
    .slice(-100) || 'proof'

/** It is taken away; its file goes with the next tidying of what no row names. */
export const dropProof = ({ db }: Pick<Platform, 'db'>, proofId: string) =>
  db.deleteFrom('parcelProofs').where('id', '=', proofId).execute()

/** Files of receipts whose parcel left more than two years ago are no longer named, and so go. */
export async function forgetOldProofs({ db, now }: Pick<Platform, 'db' | 'now'>): Promise<void> {
  const before = new Date(now())
  before.setUTCFullYear(before.getUTCFullYear() - PROOF_YEARS)
  await db
    .updateTable('parcelProofs')
    .set({ storageKey: null, size: null })
    .where('storageKey', 'is not', null)
    .where(
      ({ selectFrom }) => selectFrom('parcels').select('sentAt').whereRef('parcels.id', '=', 'parcelId'),
      '<',
      before,
    )
    .execute()
}
