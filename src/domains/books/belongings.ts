import { sql } from 'kysely'
import { csvTable } from '../../platform/csv.ts'
import type { Db, Tx } from '../../platform/database/index.ts'
import { type Belongings, type Owner, ownerColumn } from '../identity/index.ts'

type Line = Record<string, unknown> & { id: string; position: number }

async function* linesOf(db: Db | Tx, { kind, id }: Owner): AsyncGenerator<Line[]> {
  for (let last: Line | undefined; ; ) {
    const after = last ? sql`and (e.id, l.position) > (${last.id}::uuid, ${last.position}::int)` : sql``
    const { rows }: { rows: Line[] } = await sql<Line>`
      select e.id, l.position::int as position, e.booked_on::text as "bookedOn", e.kind, e.reference, e.note, e.reverses, a.kind as account, a.of,
        l.amount::text as amount, l.currency, l.base_amount::text as "baseAmount", l.subject, l.country, l.quantity
      from ledger_entries e join sellers s on s.id = e.seller_id join ledger_lines l on l.entry_id = e.id join ledger_accounts a on a.id = l.account_id
      where ${kind === 'artist' ? sql`s.artist_id` : sql`s.label_id`} = ${id} ${after} order by e.id, l.position limit 2000`.execute(
      db,
    )
    if (!rows.length) return
    yield rows
    last = rows.at(-1)
  }
}

/** The books are the seller's, a legal person, who must keep them when the artist is gone: a copy leaves, nothing is deleted. */
export const booksBelongings: Belongings = {
  tables: ['sellers', 'payees'],

  async *pack(db, owner) {
    const { rows } = await sql<{ sells: boolean }>`
      select exists (select from sellers where ${ownerColumn(owner)} = ${owner.id}) as sells`.execute(db)
    if (rows[0]?.sells)
      yield {
        path: 'shop/books.csv',
        text: csvTable(
          [
            'id',
            'position',
            'bookedOn',
            'kind',
            'reference',
            'note',
            'reverses',
            'account',
            'of',
            'amount',
            'currency',
            'baseAmount',
            'subject',
            'country',
            'quantity',
          ],
          linesOf(db, owner),
        ),
      }
  },
}
