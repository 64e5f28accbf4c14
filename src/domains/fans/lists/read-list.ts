import { type Selectable, sql } from 'kysely'
import type { Tables, Tx } from '../../../platform/database/index.ts'
import { isLang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { senderOf } from '../../identity/index.ts'
import { readAddress, readName } from '../addresses.rules.ts'
import { type Brought, bringIn } from '../bring-in.ts'
import type { ListOutcome } from '../tables.ts'
import { cellsOf, linesOf } from './lines.ts'

type FanList = Selectable<Tables['fanLists']>
type Refusal = { line: number; reason: string; text: string }

/** Longer ones gain nothing more, and hold longer what others wait for. */
const LOT = 1_000

/** Thrown when another has taken this lot. */
class Elsewhere extends Error {}

/** Thrown to undo what a lot did, once it is known what it would have done. */
class OnlyTried extends Error {}

/**
 * Reads a whole list, a thousand lines at a time, each lot in a transaction with how far it is: after a crash it goes on there. Memory stays
 * flat whatever the length. `bringing` brings in; trying does all of it and undoes it. Whoever was thought dead and finds that another went on stops.
 */
export async function readList(
  platform: Pick<Platform, 'db' | 'storage' | 'signer' | 'now'>,
  { listId }: { listId: string },
  signal: AbortSignal,
): Promise<void> {
  const { db, storage } = platform
  const list = await db.selectFrom('fanLists').selectAll().where('id', '=', listId).executeTakeFirst()
  if (!list || (list.state !== 'trying' && list.state !== 'bringing')) return
  const file = await storage.open(list.storageKey)
  try {
    let line = 0
    let done = list.linesDone
    let lot: { line: number; text: string }[] = []
    for await (const text of linesOf(file, list.encoding)) {
      line++
      if (line <= list.linesDone || (line === 1 && list.hasHeading) || !text.trim()) continue
      lot.push({ line, text })
      if (lot.length < LOT) continue
      signal.throwIfAborted()
      if (!(await takeLot(platform, list, lot, { from: done, to: line }))) return
      done = line
      lot = []
    }
    if (!(await takeLot(platform, list, lot, { from: done, to: line }))) return
  } finally {
    file.destroy()
  }
  await db
    .updateTable('fanLists')
    .set({ state: list.state === 'trying' ? 'tried' : 'brought' })
    .where('id', '=', listId)
    .where('state', '=', list.state)
    .execute()
}

/** False: it was another's to take. */
async function takeLot(
  platform: Pick<Platform, 'db' | 'signer' | 'now'>,
  list: FanList,
  lot: { line: number; text: string }[],
  range: { from: number; to: number },
): Promise<boolean> {
  const refusals: Refusal[] = []
  const brought = lot.flatMap(({ line, text }) => {
    const read = readLine(list, line, text)
    if (read.reason) refusals.push({ line, reason: read.reason, text })
    return read.found
  })
  const bring = (tx: Tx) =>
    bringIn(tx, platform, senderOf(list), brought, {
      wording: list.declaration,
      language: list.language,
      proof: { declaration: list.declaration, list: list.id },
    })
  const settle = async (tx: Tx, outcomes: Awaited<ReturnType<typeof bring>>) => {
    const counts: Partial<Record<ListOutcome, number>> = { refused: refusals.length }
    outcomes.forEach((outcome, index) => {
      counts[outcome] = (counts[outcome] ?? 0) + 1
      const entry = brought[index]
      if (entry && (outcome === 'left' || outcome === 'suppressed'))
        refusals.push({ line: entry.line, reason: outcome, text: entry.address.address })
    })
    if (!(await note(tx, list, counts, refusals, range))) throw new Elsewhere()
    return true
  }
  const elsewhere = (error: unknown) => {
    if (error instanceof Elsewhere) return false
    throw error
  }
  if (list.state === 'bringing')
    return platform.db
      .transaction()
      .execute(async (tx) => settle(tx, await bring(tx)))
      .catch(elsewhere)
  let outcomes: Awaited<ReturnType<typeof bring>> = []
  await platform.db
    .transaction()
    .execute(async (tx) => {
      outcomes = await bring(tx)
      throw new OnlyTried()
    })
    .catch((error) => {
      if (!(error instanceof OnlyTried)) throw error
    })
  return platform.db
    .transaction()
    .execute((tx) => settle(tx, outcomes))
    .catch(elsewhere)
}

function readLine(list: FanList, line: number, text: string): { found: Brought[]; reason?: string } {
  const cells = cellsOf(text, list.delimiter)
  const { columns } = list
  const at = (column: number | undefined) => (column === undefined ? '' : (cells[column] ?? ''))
  const said = at(columns.country).toUpperCase()
  const country = /^[A-Z]{2}$/.test(said) ? said : null
  const spoken = at(columns.language).toLowerCase().slice(0, 2)
  const common = {
    line,
    name: readName(at(columns.name)),
    language: isLang(spoken) ? spoken : list.language,
    country,
    place: readName(at(columns.place)),
  }
  const given = [['mail', at(columns.mail)] as const, ['sms', at(columns.phone)] as const].filter(([, typed]) => typed)
  if (!given.length) return { found: [], reason: 'empty' }
  const read = given.map(([channel, typed]) => readAddress(channel, typed, country ?? list.country))
  const wrong = read.find(({ ok }) => !ok)
  // Of two addresses in a line, a wrong one is told, and the good one counts.
  const found = read.flatMap((one) => (one.ok ? [{ ...common, address: one.value }] : []))
  return wrong && !wrong.ok ? { found, reason: wrong.error } : { found }
}

/** Counts the lines of `range` (after `from`, up to `to`), once. */
async function note(
  tx: Tx,
  { id: listId, state }: FanList,
  counts: Partial<Record<ListOutcome, number>>,
  refusals: Refusal[],
  { from, to }: { from: number; to: number },
): Promise<boolean> {
  const rows = JSON.stringify(refusals.map((one) => ({ ...one, text: one.text.replaceAll('\0', '').slice(0, 300) })))
  await sql`
    insert into fan_list_refusals (list_id, line, reason, text)
    select ${listId}, line, reason, text from json_to_recordset(${rows}::json) as t(line int, reason text, text text)
    on conflict do nothing`.execute(tx)
  const { numAffectedRows } = await sql`
    update fan_lists set lines_done = ${to}, counts = (
      select jsonb_object_agg(key, coalesce((counts->>key)::int, 0) + coalesce((${JSON.stringify(counts)}::jsonb->>key)::int, 0))
      from unnest(array['new', 'known', 'left', 'suppressed', 'refused']) key)
    where id = ${listId} and state = ${state} and lines_done = ${from}`.execute(tx)
  return numAffectedRows === 1n
}
