import { sql } from 'kysely'
import type { Db } from '../../platform/database/index.ts'
import type { Month } from './month.rules.ts'

/** What was sold and spent from a day to another, both included. */
export async function monthOf(db: Db, sellerId: string, from: string, through: string): Promise<Month> {
  const { rows } = await sql<{
    kind: string
    subject: string | null
    country: string | null
    amount: number
    back: number
    quantity: number
  }>`
    select a.kind, l.subject, l.country, sum(l.base_amount)::bigint as amount, coalesce(sum(l.quantity), 0)::bigint as quantity,
      coalesce(sum(l.base_amount) filter (where l.base_amount > 0), 0)::bigint as back
    from ledger_accounts a join ledger_lines l on l.account_id = a.id
    where a.seller_id = ${sellerId} and l.booked_on between ${from} and ${through}
      and a.kind in ('sales-digital', 'sales-goods', 'sales-shipping', 'vat-collected', 'fees', 'dispute-losses', 'costs')
    group by 1, 2, 3`.execute(db)
  const { rows: counted } = await sql<{ n: number }>`
    select count(*)::int as n from ledger_entries
    where seller_id = ${sellerId} and kind = 'sale' and reverses is null and booked_on between ${from} and ${through}`.execute(
    db,
  )
  const sum = (kinds: string[], of: 'amount' | 'back' | 'quantity' = 'amount') =>
    rows.filter(({ kind }) => kinds.includes(kind)).reduce((total, row) => total + row[of], 0)
  const SALES = ['sales-digital', 'sales-goods', 'sales-shipping']
  const tax = -sum(['vat-collected'])
  const subjects = new Map<string, { net: number; quantity: number }>()
  const countries = new Map<string, number>()
  for (const { kind, subject, country, amount, quantity } of rows) {
    if (kind === 'vat-collected' || kind === 'costs') continue
    const isSale = SALES.includes(kind)
    if (subject) {
      const one = subjects.get(subject) ?? { net: 0, quantity: 0 }
      subjects.set(subject, { net: one.net - amount, quantity: one.quantity + (isSale ? quantity : 0) })
    }
    if (country && isSale) countries.set(country, (countries.get(country) ?? 0) - amount)
  }
  return {
    gross: tax - sum(SALES),
    tax,
    fees: sum(['fees', 'dispute-losses']),
    refunds: sum(SALES, 'back'),
    costs: sum(['costs']),
    quantity: sum(['sales-digital', 'sales-goods'], 'quantity'),
    sales: counted[0]?.n ?? 0,
    bySubject: [...subjects].map(([subject, one]) => ({ subject, ...one })).sort((a, b) => b.net - a.net),
    byCountry: [...countries].map(([country, net]) => ({ country, net })).sort((a, b) => b.net - a.net),
  }
}
