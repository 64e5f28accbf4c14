import type { StoredLine } from '../order.store.ts'
import { type Carrier, carrierIn, readTracking } from './carrier.rules.ts'
import { type Known, keptBack, leftOf, type Part } from './parcel.rules.ts'
import type { FileColumns, FileRow, ParcelKind } from './tables.ts'

/** How spreadsheets keep words from being read as figures: `="6A1"`, `'6A1`. */
const bare = (cell: string) =>
  cell
    .trim()
    .replace(/^="?(.*?)"?$/, '$1')
    .replace(/^'/, '')
    .trim()

/** An order's code within what a carrier wrote of it, as `orderCode` makes it; null when there is none. */
export function codeIn(cell: string): string | null {
  const found = /(?<![A-Z\d])([2-9A-HJKMNP-Z]{4})[-\s]?([2-9A-HJKMNP-Z]{4})(?![A-Z\d])/.exec(bare(cell).toUpperCase())
  return found ? `${found[1]}-${found[2]}` : null
}

/** A tracking number as it is written down; null when it is none: what has no figure, or what a spreadsheet has shortened (8.9E+15). */
export function numberIn(cell: string): string | null {
  const read = readTracking({ carrier: '', tracking: bare(cell), link: '' })
  return 'problem' in read || !/\d/.test(read.tracking) ? null : read.tracking
}

const plain = (cell: string) =>
  cell
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .toLowerCase()
    .trim()

/** What carriers head their columns with, in the two languages. */
const REFERENCE = /\b(reference|ref|commande|order|client)\b/
const TRACKING =
  /\b(tracking|suivi|track|barcode|code barres|waybill|colis|parcel|consignment|expedition|shipment|envoi|lt|awb)\b/

/** Which columns hold references and numbers, by what they are headed with and by what is in them; and whether the first line is a heading. */
export function guessFileColumns(rows: readonly string[][]): { columns: FileColumns; hasHeading: boolean } {
  const [head = [], ...rest] = rows
  const width = Math.max(0, ...rows.map(({ length }) => length))
  const all = Array.from({ length: width }, (_, column) => column)
  const best = (score: (column: number) => number) => {
    const scores = all.map(score)
    const most = Math.max(0, ...scores)
    return most > 0 ? scores.indexOf(most) : null
  }
  const share = (column: number, is: (cell: string) => boolean, of = rows) =>
    of.filter((cells) => is(cells[column] ?? '')).length / Math.max(1, of.length)
  // A code of ours is a plain sign; a heading counts where there is none.
  const reference = best(
    (column) =>
      2 * share(column, (cell) => codeIn(cell) !== null) + (REFERENCE.test(plain(head[column] ?? '')) ? 0.5 : 0),
  )
  const hasHeading = reference === null || codeIn(head[reference] ?? '') === null
  const tracking = best((column) => {
    if (column === reference) return 0
    const values = (hasHeading ? rest : rows).map((cells) => cells[column] ?? '')
    const looks = share(
      column,
      (cell) => /^(?=(?:.*\d){6})[A-Z\d]{8,40}$/.test(numberIn(cell) ?? ''),
      hasHeading ? rest : [...rows],
    )
    const distinct = new Set(values).size / Math.max(1, values.length)
    return (TRACKING.test(plain(head[column] ?? '')) ? 1 : 0) + looks * distinct
  })
  const named = best((column) => {
    if (column === reference || column === tracking) return 0
    const names = share(column, (cell) => carrierIn(cell) !== null, hasHeading ? rest : [...rows])
    return names > 0.5 ? names : 0
  })
  return { columns: { reference, tracking, carrier: named }, hasHeading }
}

export type ReadRow = FileRow & {
  code: string | null
  number: string | null
  /** Whose the line says it is; '': somebody who is not known; null: it does not say. */
  carrier: Carrier | '' | null
  problem: RowProblem | null
}
/** What is wrong with a line, whatever is here. `clash`: another line of the same order has another number. */
export type RowProblem = 'no-reference' | 'unknown' | 'no-number' | 'wrong-number' | 'twice' | 'clash'

/** The lines of a file, each with what it names; lines that are empty are none. */
export function readRows(
  rows: readonly FileRow[],
  { columns, hasHeading }: { columns: FileColumns; hasHeading: boolean },
): ReadRow[] {
  const at = (cells: string[], column: number | null) => (column === null ? '' : (cells[column] ?? ''))
  const read = (hasHeading ? rows.slice(1) : rows).map((row): ReadRow => {
    const [reference, tracking] = [at(row.cells, columns.reference), at(row.cells, columns.tracking)]
    const [code, number] = [codeIn(reference), numberIn(tracking)]
    const says = bare(at(row.cells, columns.carrier ?? null))
    const carrier = says ? (carrierIn(says) ?? '') : null
    const problem = !bare(reference)
      ? 'no-reference'
      : code === null
        ? 'unknown'
        : !bare(tracking)
          ? 'no-number'
          : number === null
            ? 'wrong-number'
            : null
    return { ...row, code, number, carrier, problem }
  })
  const numbers = new Map<string, Set<string>>()
  for (const { code, number, problem } of read)
    if (code && number && !problem) numbers.set(code, (numbers.get(code) ?? new Set()).add(number))
  const seen = new Set<string>()
  return read.map((row) => {
    if (row.problem || !row.code) return row
    if ((numbers.get(row.code)?.size ?? 0) > 1) return { ...row, problem: 'clash' }
    if (seen.has(row.code)) return { ...row, problem: 'twice' }
    seen.add(row.code)
    return row
  })
}

/** What of an order decides what a number does to it. */
export type OrderFacts = {
  id: string
  state: string
  hasAddress: boolean
  isGivenBack: boolean
  isDisputed: boolean
  lines: Pick<
    StoredLine,
    'position' | 'quantity' | 'gross' | 'refunded' | 'weight' | 'releasedAt' | 'title' | 'variant'
  >[]
  withdrawn: number[]
  /** Those that were not unpacked. `former`: numbers that it had before. */
  parcels: { id: string; kind: ParcelKind; isSent: boolean; tracking: string; former: string[]; parts: Part[] }[]
}

export type Plan =
  /** It leaves now: what lies in a parcel already, or all that is left. */
  | { does: 'sends'; orderId: string; parcelId: string | null; parts: Part[] }
  /** It left before, without a number or with another. */
  | { does: 'adds' | 'differs'; orderId: string; parcelId: string; now: string }
  | { does: 'same' | 'former'; orderId: string }
  | { does: 'refused'; why: RowProblem | OrderProblem; orderId?: string }

export type OrderProblem =
  | ('not-paid' | 'no-address' | 'given-back' | 'disputed' | 'withdrawn' | 'nothing')
  /** Which of its parcels it is cannot be told; something of it is not out yet. */
  | ('several' | 'waits')

/** What a number does to an order, from what is known of it now. */
export function planFor(order: OrderFacts, number: string, now: Date): Plan {
  const { id: orderId, parcels, withdrawn, lines } = order
  const sent = parcels.filter(({ isSent }) => isSent)
  if (sent.some(({ tracking }) => tracking === number)) return { does: 'same', orderId }
  if (parcels.some(({ former }) => former.includes(number))) return { does: 'former', orderId }
  const refused = (why: OrderProblem): Plan => ({ does: 'refused', why, orderId })
  const known: Known = {
    parts: parcels.flatMap(({ kind, isSent, parts }) => parts.map((part) => ({ ...part, kind, isSent }))),
    withdrawn,
  }
  const waiting = parcels.filter(({ isSent }) => !isSent)
  const left = lines.map((line) => ({ line, quantity: leftOf(line, known) })).filter(({ quantity }) => quantity > 0)
  if (waiting.length === 0 && left.length === 0 && sent.length > 0) {
    const bare = sent.filter(({ tracking }) => !tracking)
    const [one, other] = bare.length > 0 ? bare : sent
    if (!one || other) return refused('several')
    return { does: one.tracking ? 'differs' : 'adds', orderId, parcelId: one.id, now: one.tracking }
  }
  const obstacle = obstacleOf(order)
  if (obstacle) return refused(obstacle)
  const [parcel, another] = waiting
  if (another) return refused('several')
  if (parcel) {
    const why = lines.find(
      (line) => parcel.parts.some(({ position }) => position === line.position) && keptBack(line, withdrawn),
    )
    return why
      ? refused(keptBack(why, withdrawn) ?? 'given-back')
      : { does: 'sends', orderId, parcelId: parcel.id, parts: parcel.parts }
  }
  if (left.length === 0) return refused(withdrawn.length > 0 ? 'withdrawn' : 'nothing')
  if (left.some(({ line }) => line.releasedAt && line.releasedAt > now)) return refused('waits')
  return {
    does: 'sends',
    orderId,
    parcelId: null,
    parts: left.map(({ line: { position }, quantity }) => ({ position, quantity })),
  }
}

const obstacleOf = ({ state, hasAddress, isGivenBack, isDisputed }: OrderFacts): OrderProblem | null => {
  if (state !== 'paid') return 'not-paid'
  if (!hasAddress) return 'no-address'
  if (isGivenBack) return 'given-back'
  return isDisputed ? 'disputed' : null
}
