import type { Db, Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import type { Line, Rate } from './entry.rules.ts'
import { record } from './ledger.store.ts'

/** Somebody who shares. */
export async function givenPayee(
  db: Db,
  sellerId: string,
  said: { name?: string; email?: string; language?: 'en' | 'fr' } = {},
): Promise<string> {
  const id = newId()
  await db
    .insertInto('payees')
    .values({ id, sellerId, name: 'Ana', artistId: null, leftAt: null, ...said })
    .execute()
  return id
}

/** A split that holds, as one that was agreed to. */
export async function givenSplit(
  db: Db,
  sellerId: string,
  said: { subject: string; title?: string; from: string; recoupsCosts?: boolean; parts: Record<string, number> },
): Promise<string> {
  const id = newId()
  await db
    .insertInto('splits')
    .values({
      ...{ id, sellerId, subject: said.subject, title: said.title ?? 'Harbour', state: 'agreed' },
      ...{ askedFrom: said.from, beginsOn: said.from, recoupsCosts: said.recoupsCosts ?? true },
      ...{ createdAt: new Date(), createdBy: null, decidedAt: new Date() },
    })
    .execute()
  await db
    .insertInto('splitParts')
    .values(
      Object.entries(said.parts).map(([who, share], position) => ({
        ...{ splitId: id, position, share, payeeId: who === 'seller' ? null : who },
      })),
    )
    .execute()
  return id
}

export type GivenSale = {
  key: string
  on: string
  subject: string
  /** Tax included, minor units; below zero a refund. */
  gross: number
  tax?: number
  fee?: number
  currency?: string
  country?: string
  quantity?: number
  /** Of a refund, the day of the sale. */
  earnedOn?: string
  rates?: Rate[]
}

/** A sale as the shop records it: what is sold and its tax by subject and country, and the provider's fee beside it. */
export async function givenSale(tx: Tx, sellerId: string, said: GivenSale): Promise<boolean> {
  const { key, subject, gross, tax = 0, fee = 0, currency = 'EUR', country = 'FR' } = said
  const about = { currency, subject, country }
  const clearing = { kind: 'clearing', of: 'manual' } as const
  const lines: Line[] = [
    { account: clearing, amount: gross, currency },
    { account: { kind: 'sales-digital' }, amount: tax - gross, ...about, quantity: said.quantity ?? Math.sign(gross) },
    { account: { kind: 'vat-collected', of: `${country}:2000` }, amount: -tax, ...about },
    { account: { kind: 'fees' }, amount: fee, ...about },
    { account: clearing, amount: -fee, currency },
  ]
  return record(tx, {
    ...{ sellerId, key, kind: gross < 0 ? 'refund' : 'sale', bookedOn: said.on, at: new Date(), reference: key, lines },
    ...(said.earnedOn && { earnedOn: said.earnedOn }),
    ...(said.rates && { rates: said.rates }),
  })
}
