import { sql } from 'kysely'
import { asJson, type Db, prepared, type Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import type { AccountKind } from './account-plan.rules.ts'
import { dayAfter } from './days.rules.ts'
import { type Account, bookedLines, type Line, type Rate } from './entry.rules.ts'
import { type Keeper, keeperOf } from './seller.views.ts'

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
  return (await recordAll(tx, await keeperOf(tx, entry.sellerId), [entry])) > 0
}

/** The same of several entries of one seller, in one statement. Answers with how many were new. */
export const recordAll = (tx: Tx, keeper: Keeper, entries: NewEntry[]): Promise<number> =>
  write(
    tx,
    keeper.id,
    entries.map((entry) => {
      const lines = bookedLines(moved(entry.lines), keeper.currency, entry.rates)
      if (lines.length < 2) throw new Error('an entry of the books has two lines at least')
      return { ...entry, ...openDay(entry, keeper.closedThrough), reverses: null, lines }
    }),
  )

/** What is nothing stands on no account. */
const moved = (lines: Line[]): Line[] => lines.filter(({ amount }) => amount !== 0)

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
    .innerJoin('ledgerAccounts', 'ledgerAccounts.id', 'accountId')
    .select(['amount', 'ledgerLines.currency', 'baseAmount', 'subject', 'country', 'quantity'])
    .select(['earnedOn', 'bookedOn', 'kind', 'of'])
    .where('entryId', '=', entry.id)
    .orderBy('position')
    .execute()
  const { closedThrough } = await keeperOf(tx, sellerId)
  const written = await write(tx, sellerId, [
    {
      key: `reverse:${key}`,
      kind: entry.kind,
      reference: entry.reference,
      ...said,
      ...openDay(said, closedThrough),
      reverses: entry.id,
      lines: lines.map(({ kind, of, ...line }) => ({
        ...line,
        account: { kind: kind as AccountKind, of },
        earnedOn: line.earnedOn ?? line.bookedOn,
        amount: -line.amount,
        baseAmount: -line.baseAmount,
        quantity: line.quantity === null ? null : -line.quantity,
      })),
    },
  ])
  return written > 0
}

type WrittenLine = {
  account: Account
  amount: number
  currency: string
  baseAmount: number
  subject?: string | null
  country?: string | null
  quantity?: number | null
  earnedOn?: string | null
}

type WrittenEntry = Omit<NewEntry, 'sellerId' | 'lines' | 'rates'> & { reverses: string | null; lines: WrittenLine[] }

/** Nothing is written while an account is not open: then `lacks` holds. */
const writeEntries = prepared<{ written: number; lacks: boolean }>(
  () => sql`
    with said as (
      select * from json_to_recordset($2::json) as e(
        id uuid, key text, kind text, "bookedOn" date, reference text, note text, reverses uuid, lines smallint, at timestamptz)
    ), lines as (
      select l.*, a.id as account_id
      from json_to_recordset($3::json) as l(
        "entryId" uuid, position smallint, kind text, "of" text, amount bigint, currency text, "baseAmount" bigint, subject text, country text, quantity integer,
        "earnedOn" date)
        left join ledger_accounts a on a.seller_id = $1 and a.kind = l.kind and a.of = l."of"
    ), entries as (
      insert into ledger_entries (id, seller_id, key, kind, booked_on, reference, note, reverses, lines, recorded_at)
      select id, $1, key, kind, "bookedOn", reference, note, reverses, lines, at from said
      where not exists (select from lines where account_id is null)
      on conflict (seller_id, key) do nothing
      returning id, booked_on
    ), written as (
      insert into ledger_lines (entry_id, position, account_id, booked_on, amount, currency, base_amount, subject, country, quantity, earned_on)
      select e.id, l.position, l.account_id, e.booked_on, l.amount, l.currency, l."baseAmount", l.subject, l.country, l.quantity, l."earnedOn"
      from entries e join lines l on l."entryId" = e.id
    )
    select (select count(*) from entries)::int as written, exists (select from lines where account_id is null) as lacks`,
)

async function write(tx: Tx, sellerId: string, entries: WrittenEntry[]): Promise<number> {
  const said = entries.map(({ reference = '', note = '', lines, ...entry }) => ({
    ...{ ...entry, reference, note, id: newId(entry.at.getTime()) },
    lines: lines.map(({ account: { kind, of = '' }, earnedOn = entry.earnedOn ?? null, ...line }, index) => ({
      ...{ ...line, kind, of, position: index + 1 },
      earnedOn: earnedOn === entry.bookedOn ? null : earnedOn,
    })),
  }))
  const lines = said.flatMap((entry) => entry.lines.map((line) => ({ ...line, entryId: entry.id })))
  const values = [sellerId, asJson(said.map((entry) => ({ ...entry, lines: entry.lines.length }))), asJson(lines)]
  const [first] = await writeEntries(tx, ...values)
  if (!first?.lacks) return first?.written ?? 0
  await open(tx, sellerId, lines)
  const [again] = await writeEntries(tx, ...values)
  if (!again || again.lacks) throw new Error('an account of the books could not be opened')
  return again.written
}

/** The accounts of entries that are written later in the transaction, by who is about to hold what others wait for: they are opened before that, as by everybody. */
export const openAccounts = (tx: Tx, sellerId: string, entries: Pick<NewEntry, 'lines'>[]): Promise<void> =>
  open(
    tx,
    sellerId,
    entries.flatMap(({ lines }) => moved(lines)).map(({ account: { kind, of = '' } }) => ({ kind, of })),
  )

/** In one order, so that two who open the same accounts at once do not wait for each other in a ring. */
async function open(tx: Tx, sellerId: string, lines: { kind: AccountKind; of: string }[]): Promise<void> {
  if (lines.length === 0) return
  const wanted = new Map(lines.map(({ kind, of }) => [`${kind} ${of}`, { id: newId(), sellerId, kind, of }]))
  await tx
    .insertInto('ledgerAccounts')
    .values([...wanted].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, account]) => account))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
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
