import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { audit } from '../identity/index.ts'
import type { Line } from './entry.rules.ts'
import { record, reverse } from './ledger.store.ts'
import { lockSeller } from './lock.ts'
import type { Seller } from './seller.views.ts'
import type { PaidFrom } from './tables.ts'

type Deps = Pick<Platform, 'db' | 'now' | 'storage'>

export type NewOutlay = {
  /** Minor units of the currency of the books, VAT included. */
  amount: number
  vat?: number
  paidOn: string
  paidFrom: PaidFrom
  note: string
  file?: { name: string; type: string; content: Buffer } | null
  by: string | null
} & ({ kind: 'cost'; subject: string; title: string } | { kind: 'advance' | 'payout'; payeeId: string })

/** `due`: more than that was to be paid out, and no sentence says why. */
export type OutlayProblem = { problem: 'more-than-due'; due: number }

/**
 * Records what was paid: spent on a project, in advance to somebody, or out to them. A payout of more than is due needs a sentence. The proof is kept before
 * the row that speaks of it (docs/decisions/0021).
 */
export async function recordOutlay(
  { db, now, storage }: Deps,
  seller: Seller,
  said: NewOutlay,
): Promise<Result<string, OutlayProblem>> {
  const at = now()
  const id = newId(at.getTime())
  const kept = said.file ? { storageKey: `proofs/${id}`, file: said.file } : null
  const size = kept ? await storage.put(kept.storageKey, kept.file.content) : null
  const { kind, amount, paidOn, paidFrom, note } = said
  const payeeId = said.kind === 'cost' ? null : said.payeeId
  const done = await db.transaction().execute(async (tx) => {
    await lockSeller(tx, seller.id)
    if (kind === 'payout' && !note) {
      const due = await dueTo(tx, seller.id, payeeId as string)
      if (amount > due) return fail({ problem: 'more-than-due' as const, due })
    }
    const vat = kind === 'cost' && seller.vatRegime === 'registered' ? (said.vat ?? 0) : 0
    await tx
      .insertInto('outlays')
      .values({
        ...{ id, sellerId: seller.id, kind, payeeId, amount, vat, paidOn, paidFrom, note: note.slice(0, 2000) },
        ...(said.kind === 'cost' ? { subject: said.subject, title: said.title.slice(0, 300) } : { subject: null }),
        ...{ storageKey: kept?.storageKey ?? null, fileName: kept?.file.name ?? '', fileType: kept?.file.type ?? '' },
        ...{ size, recordedAt: at, recordedBy: said.by, reversedAt: null },
      })
      .execute()
    await record(tx, {
      ...{ sellerId: seller.id, key: `outlay:${id}`, kind, bookedOn: paidOn, at, note: note.slice(0, 500) },
      lines: [
        ...debits(said, vat, seller.currency),
        { account: { kind: paidFrom }, amount: -amount, currency: seller.currency },
      ],
    })
    const { artistId, labelId } = seller
    await audit(tx, { accountId: said.by, action: 'books.pay', artistId, labelId })
    return ok(id)
  })
  if (!done.ok && kept) await storage.remove(kept.storageKey)
  return done
}

function debits(said: NewOutlay, vat: number, currency: string): Line[] {
  const { amount } = said
  if (said.kind !== 'cost') {
    const kind = said.kind === 'advance' ? 'advances' : 'payee'
    return [{ account: { kind, of: said.payeeId }, amount, currency }]
  }
  const { subject } = said
  return [
    { account: { kind: 'costs', of: subject }, amount: amount - vat, currency, subject },
    { account: { kind: 'vat-paid' }, amount: vat, currency },
  ]
}

/** What stands to somebody's credit: given to them by distributions, and not paid out. */
export async function dueTo(db: Db | Tx, sellerId: string, payeeId: string): Promise<number> {
  const { rows } = await sql<{ due: number }>`
    select coalesce(-sum(l.base_amount), 0)::bigint as due from ledger_accounts a join ledger_lines l on l.account_id = a.id
    where a.seller_id = ${sellerId} and a.kind = 'payee' and a.of = ${payeeId}`.execute(db)
  return rows[0]?.due ?? 0
}

/** Takes back what was recorded by mistake: the entry is reversed, the row and its proof stay. False when that was done. */
export async function takeBackOutlay(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  seller: Seller,
  { id, today, by }: { id: string; today: string; by: string | null },
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    await lockSeller(tx, seller.id)
    const row = await tx
      .updateTable('outlays')
      .set({ reversedAt: now() })
      .where('id', '=', id)
      .where('sellerId', '=', seller.id)
      .where('reversedAt', 'is', null)
      .returning(['kind', 'paidOn'])
      .executeTakeFirst()
    if (!row) return false
    const bookedOn = row.paidOn > today ? row.paidOn : today
    await reverse(tx, { sellerId: seller.id, key: `outlay:${id}`, bookedOn, at: now() })
    const { artistId, labelId } = seller
    await audit(tx, { accountId: by, action: 'books.take-back', artistId, labelId })
    return true
  })
}
