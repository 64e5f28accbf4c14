import { sql } from 'kysely'
import { csvTable } from '../../platform/csv.ts'
import type { Db } from '../../platform/database/index.ts'
import { decimal } from '../../platform/money.ts'
import { ACCOUNT_PLAN, type AccountKind } from './account-plan.rules.ts'
import type { Seller } from './seller.views.ts'

const COLUMNS = [
  ...([
    'number',
    'day',
    'kind',
    'key',
    'reference',
    'note',
    'account',
    'account_kind',
    'of',
    'amount',
    'currency',
  ] as const),
  ...(['worth', 'books_currency', 'subject', 'country', 'quantity', 'earned_on', 'hash'] as const),
]
type Row = Record<(typeof COLUMNS)[number], unknown>
const LOT = 5000

/** Every line of a year, with all that is known of it. */
export const booksCsv = (db: Db, seller: Seller, year: number): AsyncGenerator<string> =>
  csvTable<Row>([...COLUMNS], lots(db, seller, year))

async function* lots(db: Db, seller: Seller, year: number): AsyncGenerator<Row[]> {
  for (let last = { number: 0, position: 0 }; ; ) {
    const { rows } = await sql<Omit<Row, 'amount'> & { position: number; amount: number; account_kind: AccountKind }>`
      select n.number, l.position::int as position, l.booked_on as day, e.kind, e.key, e.reference, e.note, a.kind as account_kind, a.of, l.amount,
        l.currency, l.base_amount as worth, l.subject, l.country, l.quantity, l.earned_on, encode(n.hash, 'hex') as hash
      from ledger_numbers n join ledger_entries e on e.id = n.entry_id join ledger_lines l on l.entry_id = e.id
        join ledger_accounts a on a.id = l.account_id
      where n.seller_id = ${seller.id} and n.year = ${year} and (n.number, l.position) > (${last.number}::int, ${last.position}::int)
      order by n.number, l.position limit ${LOT}`.execute(db)
    const end = rows.at(-1)
    if (!end) return
    last = { number: Number(end.number), position: end.position }
    yield rows.map((row) => ({
      ...row,
      account: ACCOUNT_PLAN[row.account_kind].number,
      amount: decimal({ amount: row.amount, currency: String(row.currency) }),
      worth: decimal({ amount: Number(row.worth), currency: seller.currency }),
      books_currency: seller.currency,
    }))
  }
}
