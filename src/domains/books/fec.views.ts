import { sql } from 'kysely'
import type { Db } from '../../platform/database/index.ts'
import { minorDigits } from '../../platform/money.ts'
import type { AccountKind } from './account-plan.rules.ts'
import { yearDays } from './days.rules.ts'
import { type FecLine, fecHead, fecLine, isResult } from './fec.rules.ts'
import type { Seller } from './seller.views.ts'

const LOT = 5000

/** The years in which the books hold an entry that has its number, the newest first, with their last number. */
export async function yearsOf(db: Db, sellerId: string): Promise<{ year: number; last: number }[]> {
  const { rows } = await sql<{ year: number; last: number }>`
    select year, max(number) as last from ledger_numbers where seller_id = ${sellerId} group by year order by year desc`.execute(
    db,
  )
  return rows
}

/**
 * The fichier des écritures comptables of one year (article A47 A-1 of the livre des procédures fiscales): what is carried into it first, then every entry in
 * the order of its number. UTF-8, tabs, one line a line of the books.
 */
export async function* fecOf(db: Db, seller: Seller, year: number): AsyncGenerator<string> {
  const { from, through } = yearDays(year, seller.yearBegins)
  const names = new Map(
    (await db.selectFrom('payees').select(['id', 'name']).where('sellerId', '=', seller.id).execute()).map(
      ({ id, name }) => [id, name],
    ),
  )
  const write = (line: FecLine) => fecLine(line, seller.currency, minorDigits)
  yield fecHead()
  yield (await openingOf(db, seller, from)).map((line) => write({ ...line, ofName: names.get(line.of) ?? '' })).join('')
  for (let last = { number: 0, position: 0 }; ; ) {
    const { rows } = await sql<FecLine & { n: number; position: number }>`
      select n.number as n, l.position::int as position, n.number::text as number, e.kind, e.booked_on::text as "bookedOn", a.kind as account, a.of,
        e.reference, e.note as label, l.base_amount as "baseAmount", l.amount, l.currency,
        to_char(n.numbered_at at time zone ${seller.timeZone}, 'YYYY-MM-DD') as "numberedOn"
      from ledger_numbers n join ledger_entries e on e.id = n.entry_id join ledger_lines l on l.entry_id = e.id
        join ledger_accounts a on a.id = l.account_id
      where n.seller_id = ${seller.id} and n.year = ${year} and e.booked_on <= ${through} and l.base_amount <> 0
        and (n.number, l.position) > (${last.number}::int, ${last.position}::int)
      order by n.number, l.position limit ${LOT}`.execute(db)
    const [end] = rows.slice(-1)
    if (!end) return
    last = { number: end.n, position: end.position }
    yield rows.map((row) => write({ ...row, ofName: names.get(row.of) ?? '' })).join('')
  }
}

/** The à-nouveaux: what stands on each account of the balance when the year begins, and what the years before it came to. */
async function openingOf(db: Db, seller: Seller, from: string): Promise<FecLine[]> {
  const { rows } = await sql<{ account: AccountKind; of: string; amount: number }>`
    select a.kind as account, a.of, sum(l.base_amount)::bigint as amount
    from ledger_accounts a join ledger_lines l on l.account_id = a.id
    where a.seller_id = ${seller.id} and l.booked_on < ${from} group by 1, 2 order by 1, 2`.execute(db)
  const line = (account: AccountKind, of: string, amount: number): FecLine => ({
    ...{
      number: 'AN1',
      kind: 'opening',
      bookedOn: from,
      account,
      of,
      ofName: '',
      reference: 'AN1',
      label: 'À-nouveaux',
    },
    ...{ baseAmount: amount, numberedOn: from, amount, currency: seller.currency },
  })
  const result = rows.filter(({ account }) => isResult(account)).reduce((sum, { amount }) => sum + amount, 0)
  return [
    ...rows.filter(({ account }) => !isResult(account)).map(({ account, of, amount }) => line(account, of, amount)),
    line('royalties', '', result),
  ].filter(({ baseAmount }) => baseAmount !== 0)
}
