import { sql } from 'kysely'
import { type Db, PREPARED, type Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import type { AccountKind } from './account-plan.rules.ts'
import { dayAfter } from './days.rules.ts'
import { type Account, bookedLines, type Line, type Rate } from './entry.rules.ts'

export type NewEntry = {
  sellerId: string
  /** What makes it this entry and no other: recorded twice, it stands once. */
  key: string
  /** What happened: 'sale', 'refund', 'fee' … */
  kind: string
  /** The day it counts for, YYYY-MM-DD, in the seller's own calendar. When its year is closed it is booked on the first day that is not. */
  bookedOn: string
  /** The day by which it is shared, when that is another: of a refund, the day of the sale. */
  earnedOn?: string
  at: Date
  /** The paper behind it. */
  reference?: string
  note?: string
  lines: Line[]
  /** For lines in another currency than the books': the rate of the day. */
  rates?: Rate[]
}

/**
 * Writes an entry of the books, in the transaction of what it tells. Its lines must balance in each currency, or it throws. False when it was
 * recorded before.
 */
export async function record(tx: Tx, entry: NewEntry): Promise<boolean> {
  const { currency: base, closedThrough } = await sellerFor(tx, entry.sellerId)
  const lines = bookedLines(
    entry.lines.filter((line) => line.amount !== 0),
    base,
    entry.rates,
  )
  if (lines.length < 2) throw new Error('an entry of the books has two lines at least')
  const accounts = await accountsOf(
    tx,
    entry.sellerId,
    lines.map((line) => line.account),
  )
  return write(
    tx,
    { ...entry, ...openDay(entry, closedThrough), reverses: null },
    lines.map((line, index) => ({ ...line, accountId: accounts[index] as string })),
  )
}

/** A day of a closed year is gone: what comes late is booked after it, and shared by its own day all the same. */
function openDay(
  { bookedOn, earnedOn }: Pick<NewEntry, 'bookedOn' | 'earnedOn'>,
  closedThrough: string | null,
): Pick<NewEntry, 'bookedOn' | 'earnedOn'> {
  if (closedThrough === null || bookedOn > closedThrough) return { bookedOn, ...(earnedOn && { earnedOn }) }
  return { bookedOn: dayAfter(closedThrough), earnedOn: earnedOn ?? bookedOn }
}

/**
 * Takes an entry back: another one with every line the other way round, about the same things. False when that was done before.
 * Throws when there is no such entry.
 */
export async function reverse(
  tx: Tx,
  { sellerId, key, ...said }: { sellerId: string; key: string; bookedOn: string; at: Date; note?: string },
): Promise<boolean> {
  const entry = await tx
    .selectFrom('ledgerEntries')
    .selectAll()
    .where('sellerId', '=', sellerId)
    .where('key', '=', key)
    .executeTakeFirstOrThrow()
  const lines = await tx
    .selectFrom('ledgerLines')
    .selectAll()
    .where('entryId', '=', entry.id)
    .orderBy('position')
    .execute()
  const { closedThrough } = await sellerFor(tx, sellerId)
  return write(
    tx,
    {
      sellerId,
      key: `reverse:${key}`,
      kind: entry.kind,
      reference: entry.reference,
      ...said,
      ...openDay(said, closedThrough),
      reverses: entry.id,
    },
    lines.map((line) => ({
      ...line,
      earnedOn: line.earnedOn ?? line.bookedOn,
      amount: -line.amount,
      baseAmount: -line.baseAmount,
      quantity: line.quantity === null ? null : -line.quantity,
    })),
  )
}

type WrittenLine = {
  accountId: string
  amount: number
  currency: string
  baseAmount: number
  subject?: string | null
  country?: string | null
  quantity?: number | null
  earnedOn?: string | null
}

async function write(
  tx: Tx,
  entry: Omit<NewEntry, 'lines' | 'rates'> & { reverses: string | null },
  lines: WrittenLine[],
): Promise<boolean> {
  const { sellerId, key, kind, bookedOn, reference = '', note = '', reverses, at } = entry
  const earnedOf = ({ earnedOn = entry.earnedOn ?? null }: WrittenLine) => (earnedOn === bookedOn ? null : earnedOn)
  const input = JSON.stringify(lines.map((line, index) => ({ ...line, earnedOn: earnedOf(line), position: index + 1 })))
  const { numAffectedRows } = await sql`${sql.raw(PREPARED)}
    with entry as (
      insert into ledger_entries (id, seller_id, key, kind, booked_on, reference, note, reverses, lines, recorded_at)
      values (${newId(at.getTime())}, ${sellerId}, ${key}, ${kind}, ${bookedOn}, ${reference}, ${note}, ${reverses}, ${lines.length}, ${at})
      on conflict (seller_id, key) do nothing
      returning id, booked_on
    )
    insert into ledger_lines (entry_id, position, account_id, booked_on, amount, currency, base_amount, subject, country, quantity, earned_on)
    select entry.id, l.position, l."accountId", entry.booked_on, l.amount, l.currency, l."baseAmount", l.subject, l.country, l.quantity, l."earnedOn"
    from entry, json_to_recordset(${input}::json) as l(
      position smallint, "accountId" uuid, amount bigint, currency text, "baseAmount" bigint, subject text, country text, quantity integer, "earnedOn" date)`.execute(
    tx,
  )
  return Number(numAffectedRows ?? 0) > 0
}

/** The currency in which the seller's books are kept, and until when they are closed. */
const sellerFor = (tx: Tx, sellerId: string) =>
  tx.selectFrom('sellers').select(['currency', 'closedThrough']).where('id', '=', sellerId).executeTakeFirstOrThrow()

/** The ids of the accounts, opened where they were not yet; in the order asked for. */
async function accountsOf(tx: Tx, sellerId: string, accounts: Account[]): Promise<string[]> {
  const wanted = new Map(accounts.map(({ kind, of = '' }) => [`${kind} ${of}`, { kind, of }]))
  const found = async () => {
    const rows = await tx
      .selectFrom('ledgerAccounts')
      .select(['id', 'kind', 'of'])
      .where('sellerId', '=', sellerId)
      .where('kind', 'in', [...new Set(accounts.map(({ kind }) => kind))])
      .where('of', 'in', [...new Set(accounts.map(({ of = '' }) => of))])
      .execute()
    return new Map(rows.map(({ id, kind, of }) => [`${kind} ${of}`, id]))
  }
  let known = await found()
  const missing = [...wanted].filter(([name]) => !known.has(name))
  if (missing.length > 0) {
    // In one order, so that two who open the same accounts at once do not wait for each other in a ring.
    await tx
      .insertInto('ledgerAccounts')
      .values(
        missing
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([, { kind, of }]) => ({ id: newId(), sellerId, kind, of })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    known = await found()
  }
  return accounts.map(({ kind, of = '' }) => known.get(`${kind} ${of}`) as string)
}

/** What stands on the accounts of a kind, by `of` and currency, minor units, debit above zero; those at nothing are left out. */
export async function balances(
  db: Db | Tx,
  sellerId: string,
  kind: AccountKind,
): Promise<{ of: string; currency: string; amount: number }[]> {
  const { rows } = await sql<{ of: string; currency: string; amount: number }>`
    select a.of, l.currency, sum(l.amount)::bigint as amount
    from ledger_accounts a join ledger_lines l on l.account_id = a.id
    where a.seller_id = ${sellerId} and a.kind = ${kind}
    group by a.of, l.currency having sum(l.amount) <> 0 order by a.of, l.currency`.execute(db)
  return rows
}
