import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { chainText } from './chain.rules.ts'
import { bookYear } from './entry.rules.ts'
import { lockSeller } from './lock.ts'

const LOT = 2000

/** Gives every entry and paper that waits its number, in order and without gaps, and chains the entries. One seller after the other. */
export async function numberAll({ db }: Pick<Platform, 'db'>): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select distinct seller_id as id from ledger_waiting union select distinct seller_id from papers where number is null`.execute(
    db,
  )
  for (const { id } of rows) await numberFor({ db }, id)
}

/** The same for one seller: before an accountant's file leaves. */
export async function numberFor({ db }: Pick<Platform, 'db'>, sellerId: string): Promise<void> {
  while (
    await db.transaction().execute(async (tx) => {
      await lockSeller(tx, sellerId)
      return numberLot(tx, sellerId)
    })
  );
  await db.transaction().execute(async (tx) => {
    await lockSeller(tx, sellerId)
    await sql`
      with waiting as (
        select id, series, row_number() over (partition by series order by issued_at, id) as place
        from papers where seller_id = ${sellerId} and number is null
      ), last as (select series, max(number) as number from papers where seller_id = ${sellerId} group by series)
      update papers p set number = coalesce(l.number, 0) + w.place from waiting w left join last l using (series) where p.id = w.id`.execute(
      tx,
    )
  })
}

type Waiting = { id: string; bookedOn: string }

/** Numbers some entries; true when more may wait. */
async function numberLot(tx: Tx, sellerId: string): Promise<boolean> {
  const { rows: waiting } = await sql<Waiting>`
    select e.id, e.booked_on as "bookedOn" from ledger_waiting w join ledger_entries e on e.id = w.entry_id
    where w.seller_id = ${sellerId} order by e.booked_on, e.recorded_at, e.id limit ${LOT}`.execute(tx)
  if (!waiting.length) return false
  const { yearBegins } = await tx
    .selectFrom('sellers')
    .select('yearBegins')
    .where('id', '=', sellerId)
    .executeTakeFirstOrThrow()
  const { rows: known } = await sql<{ year: number; number: number }>`
    select year, max(number) as number from ledger_numbers where seller_id = ${sellerId} group by year`.execute(tx)
  const last = new Map(known.map(({ year, number }) => [year, number]))
  const { rows: links } = await sql<{ chained: number; hash: Buffer }>`
    select chained, hash from ledger_numbers where seller_id = ${sellerId} and chained is not null order by chained desc limit 1`.execute(
    tx,
  )
  let { chained, hash } = links[0] ?? { chained: 0, hash: Buffer.alloc(0) }
  const ids = waiting.map(({ id }) => id)
  const texts = await textsOf(tx, ids)
  const numbered = waiting.map(({ id, bookedOn }) => {
    const year = bookYear(bookedOn, yearBegins)
    const number = (last.get(year) ?? 0) + 1
    last.set(year, number)
    chained++
    hash = linkOf(hash, year, number, texts.get(id) ?? '')
    return { entry_id: id, year, number, chained, hash: hash.toString('hex') }
  })
  await sql`
    insert into ledger_numbers (seller_id, year, number, entry_id, chained, hash)
    select ${sellerId}, r.year, r.number, r.entry_id, r.chained, decode(r.hash, 'hex')
    from json_to_recordset(${JSON.stringify(numbered)}::json) as r(year smallint, number integer, entry_id uuid, chained integer, hash text)`.execute(
    tx,
  )
  await tx.deleteFrom('ledgerWaiting').where('entryId', 'in', ids).execute()
  return waiting.length === LOT
}

const linkOf = (before: Buffer, year: number, number: number, text: string): Buffer =>
  createHash('sha256').update(before).update(`${year} ${number}\n${text}`).digest()

/** What is hashed of each entry: all that it says. */
async function textsOf(db: Db | Tx, ids: string[]): Promise<Map<string, string>> {
  const entries = await db
    .selectFrom('ledgerEntries')
    .select(['id', 'key', 'kind', 'bookedOn', 'reference', 'note', 'reverses', 'recordedAt'])
    .where('id', 'in', ids)
    .execute()
  const lines = await db
    .selectFrom('ledgerLines')
    .innerJoin('ledgerAccounts', 'ledgerAccounts.id', 'ledgerLines.accountId')
    .select(['entryId', 'position', 'kind', 'of', 'amount', 'currency', 'baseAmount', 'subject', 'country', 'quantity'])
    .select('earnedOn')
    .where('entryId', 'in', ids)
    .orderBy('entryId')
    .orderBy('position')
    .execute()
  const byEntry = Map.groupBy(lines, ({ entryId }) => entryId)
  return new Map(entries.map((entry) => [entry.id, chainText(entry, byEntry.get(entry.id) ?? [])]))
}

/** Goes through a seller's chain: null when every entry is as it was numbered and in its place, else where it breaks. */
export async function brokenLink(db: Db, sellerId: string): Promise<{ year: number; number: number } | null> {
  let before: Buffer = Buffer.alloc(0)
  for (let from = 0; ; from += LOT) {
    const { rows } = await sql<{ entryId: string; year: number; number: number; chained: number; hash: Buffer }>`
      select entry_id as "entryId", year, number, chained, hash from ledger_numbers
      where seller_id = ${sellerId} and chained > ${from} order by chained limit ${LOT}`.execute(db)
    if (!rows.length) return null
    const texts = await textsOf(
      db,
      rows.map(({ entryId }) => entryId),
    )
    for (const [index, { entryId, year, number, chained, hash }] of rows.entries()) {
      before = linkOf(before, year, number, texts.get(entryId) ?? '')
      if (chained !== from + index + 1 || !before.equals(hash)) return { year, number }
    }
  }
}
