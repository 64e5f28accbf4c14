import { createReadStream } from 'node:fs'
import { type Selectable, sql } from 'kysely'
import type { Db, Tables, Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import type { Owner } from '../../books/index.ts'
import { cellsOf, delimiterOf, encodingOf, linesOf } from '../../fans/index.ts'
import { type Sender, senderColumns, senderOf } from '../../identity/index.ts'
import { recordsOf } from '../bandcamp/bandcamp.rules.ts'
import { DISPUTED } from '../order.store.ts'
import { guessFileColumns, type OrderFacts, type Plan, planFor, type ReadRow, readRows } from './carrier-file.rules.ts'
import { handledBy } from './parcels.views.ts'

export type CarrierFile = Selectable<Tables['carrierFiles']>

const MOST_ROWS = 1000
const KEPT_DAYS = 14

/** Reads a carrier's file and keeps its lines for two weeks; nothing is sent yet. `excel`: a workbook, which is no text. */
export async function readCarrierFile(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { sender, path, fileName, by }: { sender: Sender; path: string; fileName: string; by: string },
): Promise<Result<string, 'empty' | 'excel' | 'long'>> {
  const encoding = await encodingOf(createReadStream(path))
  const lines: string[] = []
  for await (const line of linesOf(createReadStream(path), encoding)) {
    lines.push(line)
    if (lines.length > 2 * MOST_ROWS) return fail('long')
  }
  if (lines[0]?.startsWith('PK\u0003\u0004')) return fail('excel')
  if (lines.some((line) => line.includes('\0'))) return fail('empty')
  const records = [...recordsOf(lines)].map(({ line, text }) => ({ line, text: text.replace(/^\ufeff/, '') }))
  const delimiter = delimiterOf(records.slice(0, 20).map(({ text }) => text))
  const rows = records.map(({ line, text }) => ({
    line,
    cells: cellsOf(text, delimiter).map((cell) => cell.slice(0, 300)),
  }))
  if (rows.length === 0) return fail('empty')
  if (rows.length > MOST_ROWS) return fail('long')
  const { columns, hasHeading } = guessFileColumns(rows.slice(0, 200).map(({ cells }) => cells))
  const id = newId()
  await db
    .insertInto('carrierFiles')
    .values({
      ...{ id, ...senderColumns(sender), fileName: fileName.slice(0, 200), rows: JSON.stringify(rows) },
      ...{ columns: JSON.stringify(columns), hasHeading, createdBy: by, createdAt: now() },
      carrier: await lastCarrier(db, sender),
    })
    .execute()
  return ok(id)
}

/** By whom the last parcel with a number went; most send with one carrier. */
async function lastCarrier(db: Db, owner: Owner): Promise<string> {
  const { rows } = await sql<{ carrier: string }>`
    select p.carrier from parcels p join orders o on o.id = p.order_id
    where ${handledBy(owner)} and p.sent_at is not null and p.tracking <> '' order by p.sent_at desc limit 1`.execute(
    db,
  )
  return rows[0]?.carrier ?? ''
}

export const carrierFileById = (db: Db, id: string): Promise<CarrierFile | undefined> =>
  db.selectFrom('carrierFiles').selectAll().where('id', '=', id).executeTakeFirst()

/** What carriers gave back lately, the latest first. */
export const carrierFilesOf = (db: Db, sender: Sender) =>
  db
    .selectFrom('carrierFiles')
    .select(['id', 'fileName', 'createdAt'])
    .$if('artistId' in sender, (query) => query.where('artistId', '=', 'artistId' in sender ? sender.artistId : ''))
    .$if('labelId' in sender, (query) => query.where('labelId', '=', 'labelId' in sender ? sender.labelId : ''))
    .orderBy('createdAt', 'desc')
    .limit(20)
    .execute()

/** What a carrier's file holds of people is not kept. */
export const forgetCarrierFiles = ({ db, now }: Pick<Platform, 'db' | 'now'>) =>
  db
    .deleteFrom('carrierFiles')
    .where('createdAt', '<', new Date(now().getTime() - KEPT_DAYS * 86_400_000))
    .execute()

/** What is known of these orders, of those alone that the owner handles; by their code. */
export async function factsOf(db: Db | Tx, owner: Owner, codes: string[]): Promise<Map<string, OrderFacts>> {
  const { rows } = await sql<OrderFacts & { code: string }>`
    select o.id, o.code, o.state, o.address is not null as "hasAddress", o.total > 0 and o.refunded >= o.total as "isGivenBack",
      ${DISPUTED} as "isDisputed",
      (select json_agg(json_build_object('position', l.position, 'quantity', l.quantity, 'gross', l.gross, 'refunded', l.refunded, 'weight', l.weight,
        'releasedAt', l.released_at, 'title', l.title, 'variant', l.variant) order by l.position) from order_lines l where l.order_id = o.id) as lines,
      coalesce((select json_agg(distinct p) from withdrawals w, unnest(w.positions) p where w.order_id = o.id), '[]') as withdrawn,
      coalesce((select json_agg(json_build_object('id', p.id, 'kind', p.kind, 'isSent', p.sent_at is not null, 'tracking', p.tracking,
          'former', coalesce((select json_agg(c.tracking) from parcel_corrections c where c.parcel_id = p.id and c.tracking <> ''), '[]'),
          'parts', (select json_agg(json_build_object('position', x.position, 'quantity', x.quantity) order by x.position) from parcel_lines x where x.parcel_id = p.id))
          order by p.packed_at, p.id)
        from parcels p where p.order_id = o.id and p.unpacked_at is null), '[]') as parcels
    from orders o where o.code = any(${codes}) and ${handledBy(owner)}`.execute(db)
  return new Map(
    rows.map(({ code, lines, ...facts }) => [
      code,
      {
        ...facts,
        lines: lines.map((line) => ({ ...line, releasedAt: line.releasedAt && new Date(line.releasedAt) })),
      },
    ]),
  )
}

export type PlannedRow = ReadRow & { plan: Plan; facts: OrderFacts | undefined }

/** Line by line, what a carrier's file would do now. */
export async function plannedRows(db: Db, file: CarrierFile, now: Date): Promise<PlannedRow[]> {
  const read = readRows(file.rows, file)
  const facts = await factsOf(db, senderOf(file), [...new Set(read.flatMap(({ code }) => code ?? []))])
  return read.map((row) => {
    const order = row.code ? facts.get(row.code) : undefined
    return { ...row, facts: order, plan: planOf(row, order, now) }
  })
}

/** An order of somebody else is one that is not here. */
export function planOf({ problem, number }: ReadRow, order: OrderFacts | undefined, now: Date): Plan {
  if (problem) return { does: 'refused', why: problem }
  return order && number ? planFor(order, number, now) : { does: 'refused', why: 'unknown' }
}
