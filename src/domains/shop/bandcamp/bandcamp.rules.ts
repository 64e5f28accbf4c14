/**
 * Bandcamp's sales report ("raw data", CSV). Its columns as they are named there, in small letters; older reports lack some. Dates are American:
 * "1/3/26 10:12am".
 */
const COLUMNS = [
  ...(['date', 'item type', 'item name', 'artist', 'package', 'buyer email'] as const),
  ...(['bandcamp transaction id', 'bandcamp related transaction id'] as const),
  ...(['upc', 'item total', 'sub total', 'net amount'] as const),
]
type Column = (typeof COLUMNS)[number]

/** Without these a file is no such report. */
const NEEDED: readonly Column[] = ['item type', 'item name', 'buyer email', 'bandcamp transaction id']
const AMOUNTS = ['item total', 'sub total', 'net amount'] as const
/** Rows of these kinds are money of the seller's, and nobody's purchase. */
const NO_SALES = new Set(['payout', 'pending payout', 'adjustment', 'fee', 'transfer'])

export type Heading = Partial<Record<Column, number>>

/** Which column stands where; null when it is no sales report of Bandcamp. */
export function readHeading(cells: readonly string[]): Heading | null {
  const names = cells.map((cell) => cell.toLowerCase().replaceAll('_', ' ').trim())
  const heading: Heading = {}
  for (const column of COLUMNS) {
    const at = names.indexOf(column)
    if (at >= 0) heading[column] = at
  }
  return NEEDED.every((column) => heading[column] !== undefined) ? heading : null
}

export type Row = Record<Column, string>

export const rowOf = (heading: Heading, cells: readonly string[]): Row =>
  Object.fromEntries(
    COLUMNS.map((column) => [column, heading[column] === undefined ? '' : (cells[heading[column]] ?? '')]),
  ) as Row

/** When it was bought, in UTC; null when that cannot be read. */
export function readDate(text: string): Date | null {
  const [, month, day, year, hour = '0', minute = '0', half] =
    /^(\d{1,2})\/(\d{1,2})\/(\d{2,4})(?:\s+(\d{1,2}):(\d{2})\s*([ap]m)?)?/i.exec(text.trim()) ?? []
  if (!year) {
    const at = new Date(/^\d{4}-\d\d-\d\d$/.test(text.trim()) ? `${text.trim()}T00:00:00Z` : text)
    return text.trim() && Number.isFinite(at.getTime()) ? at : null
  }
  const full = Number(year) < 100 ? 2000 + Number(year) : Number(year)
  const hours = half ? (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0) : Number(hour)
  const at = new Date(Date.UTC(full, Number(month) - 1, Number(day), hours, Number(minute)))
  return at.getUTCMonth() === Number(month) - 1 ? at : null
}

/** An amount in hundredths, whatever its currency: only compared with others of the report. Null when there is none. */
export function readAmount(text: string): number | null {
  const plain = text.replace(/[^\d.,()-]/g, '')
  if (!/\d/.test(plain)) return null
  const digits = plain
    .replace(/[()-]/g, '')
    .replace(/[.,](?=\d{3}(?:\D|$))/g, '')
    .replace(',', '.')
  const amount = Math.round(Number(digits) * 100)
  return Number.isFinite(amount) ? (/[-(]/.test(plain) ? -amount : amount) : null
}

/** As two names of one thing are compared: without accents, case, signs and doubled spaces. */
export const plainTitle = (title: string): string =>
  title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .slice(0, 200)

export type LineProblem =
  /** Money of the seller's, or nothing at all. */
  | 'no-sale'
  /** Sold for cash, say: nobody's address. */
  | 'no-mail'
  | 'mail-wrong'
  /** A refund: it closes the purchase that it names, or leaves it when only a part went back. */
  | 'refund'
  | 'refund-part'
  | 'refund-unknown'

export type ReadLine = {
  line: number
  /** The purchase that it is, or that it gives back. */
  key: string | null
  /** Which of the report's things, from 1 on. */
  item: number | null
  mail: string
  mailKey: string
  boughtAt: Date | null
  /** What was paid, in hundredths of whatever it was paid in: only compared with what went back. */
  amount: number | null
  problem: LineProblem | null
  text: string
}

export type Item = { kind: string; title: string; package: string; upc: string }
export type Report = { items: Item[]; lines: ReadLine[] }

/** How an address is read: see the fans' own. */
export type ReadMail = (text: string) => { address: string; key: string } | null

type Purchase = ReadLine & { transaction: string; row: Row; back: number; isBack: boolean }

/**
 * What a report tells, line by line. Refunds may stand before or after what they are of; one closes its purchase when all of it went back: told by the
 * transaction that it names, else by its own, else by buyer and thing, the latest.
 */
export function readReport(rows: readonly { line: number; row: Row; text: string }[], readMail: ReadMail): Report {
  const items = new Map<string, Item & { position: number }>()
  const purchases: Purchase[] = []
  const refunds: { read: ReadLine; row: Row }[] = []
  const lines = rows.map(({ line, row, text }): ReadLine => {
    const kind = row['item type'].toLowerCase().trim()
    const blank = {
      line,
      key: null,
      item: null,
      mail: '',
      mailKey: '',
      boughtAt: readDate(row.date),
      amount: amountOf(row),
      text,
    }
    if (!row['item name'] || NO_SALES.has(kind)) return { ...blank, problem: 'no-sale' }
    if (isRefund(kind, row)) {
      const read: ReadLine = { ...blank, problem: 'refund-unknown' }
      refunds.push({ read, row })
      return read
    }
    const typed = row['buyer email'].trim()
    const mail = typed ? readMail(typed) : null
    if (!mail) return { ...blank, problem: typed ? 'mail-wrong' : 'no-mail' }
    const item: Item = { kind, title: row['item name'], package: row.package, upc: row.upc.replace(/\D/g, '') }
    const name = itemKey(item)
    const position = items.get(name)?.position ?? items.size + 1
    if (!items.has(name)) items.set(name, { ...item, position })
    const transaction = row['bandcamp transaction id'].trim()
    const purchase: Purchase = {
      ...{ ...blank, item: position, mail: mail.address, mailKey: mail.key, problem: null },
      key: [transaction || `${row.date} ${mail.key}`, name].join(' '),
      ...{ transaction, row, back: 0, isBack: false },
    }
    purchases.push(purchase)
    return purchase
  })
  const known = {
    byTransaction: Map.groupBy(purchases, ({ transaction }) => transaction),
    byBuyer: Map.groupBy(purchases, ({ mailKey }) => mailKey),
  }
  for (const { read, row } of refunds) {
    const of = purchaseOf(row, known, readMail)
    if (!of) continue
    of.back += backOf(row, of.row)
    const isAll = of.back >= 1
    read.problem = isAll ? 'refund' : 'refund-part'
    if (isAll) [read.key, of.isBack] = [of.key, true]
  }
  return {
    items: [...items.values()].map(({ position, ...item }) => item),
    lines: lines.map(({ line, key, item, mail, mailKey, boughtAt, amount, problem, text }) => ({
      ...{ line, key, item, mail, mailKey, boughtAt, amount, problem, text },
    })),
  }
}

const itemKey = ({ kind, title, package: of }: Item) => [kind, plainTitle(title), plainTitle(of)].join('|')

const isRefund = (kind: string, row: Row): boolean =>
  /refund|revers|chargeback/.test(kind) || AMOUNTS.some((column) => (readAmount(row[column]) ?? 0) < 0)

const amountOf = (row: Row): number | null => {
  const column = AMOUNTS.find((one) => readAmount(row[one]))
  return column ? readAmount(row[column]) : null
}

/** Which share of a purchase went back, 1 being all; all, where the report says no amounts. */
function backOf(refund: Row, purchase: Row): number {
  const column = AMOUNTS.find((one) => readAmount(refund[one]) && readAmount(purchase[one]))
  return column ? Math.abs((readAmount(refund[column]) ?? 0) / (readAmount(purchase[column]) ?? 1)) : 1
}

type KnownPurchases = { byTransaction: Map<string, Purchase[]>; byBuyer: Map<string, Purchase[]> }

function purchaseOf(row: Row, { byTransaction, byBuyer }: KnownPurchases, readMail: ReadMail): Purchase | null {
  const title = plainTitle(row['item name'])
  const isSame = (one: Purchase) => plainTitle(one.row['item name']) === title
  for (const id of namedIn(row)) {
    const found = byTransaction.get(id) ?? []
    const same = found.filter(isSame)
    const [one] = same.length === 1 ? same : found.length === 1 ? found : []
    if (one) return one
  }
  const buyer = readMail(row['buyer email'].trim())?.key
  const theirs = (buyer ? (byBuyer.get(buyer) ?? []) : []).filter((one) => isSame(one) && !one.isBack)
  return theirs.toSorted((a, b) => (a.boughtAt?.getTime() ?? 0) - (b.boughtAt?.getTime() ?? 0)).at(-1) ?? null
}

/** The transactions that a refund may be of, the one that it names first. */
export const namedIn = (row: Row): string[] =>
  [row['bandcamp related transaction id'], row['bandcamp transaction id']].map((id) => id.trim()).filter(Boolean)

export type Known = {
  releases: { id: string; title: string; barcode: string | null }[]
  tracks: { id: string; title: string }[]
}

/** What of ours a thing of the report is: by its UPC, else by its name when one alone bears it. A record or a cassette opens the album that it is of. */
export function subjectFor(item: Item, { releases, tracks }: Known): string | null {
  if (/^(bundle|discography)$/.test(item.kind) || /full digital discography/i.test(item.title)) return 'all'
  const upc = (text: string | null) => (text ?? '').replace(/\D/g, '').replace(/^0+/, '')
  const byUpc = upc(item.upc) ? releases.filter(({ barcode }) => upc(barcode) === upc(item.upc)) : []
  if (byUpc.length === 1 && item.kind !== 'track') return `release:${byUpc[0]?.id}`
  const names = namesOf(item)
  const one = <Of extends { id: string; title: string }>(of: Of[]) => {
    const found = of.filter(({ title }) => names.has(plainTitle(title)))
    return found.length === 1 ? found[0]?.id : undefined
  }
  const track = item.kind === 'track' ? one(tracks) : undefined
  if (track) return `track:${track}`
  const release = one(releases)
  return release ? `release:${release}` : null
}

/** "Night Swims - 12in Vinyl LP" is of "Night Swims". */
function namesOf({ title, package: of, kind }: Item): Set<string> {
  const names = [title]
  if (kind === 'package') {
    names.push(...title.split(/\s+[-–—:|]\s+/).slice(0, 1))
    if (of && title.endsWith(of)) names.push(title.slice(0, -of.length))
  }
  return new Set(names.map(plainTitle).filter(Boolean))
}

/** One more line is joined while a quotation mark is open: a buyer's note may hold several. */
const MOST_JOINED = 60

/** The records of a CSV, from its lines: each with the number of its first line. What never closes is read line by line. */
export function* recordsOf(lines: readonly string[]): Generator<{ line: number; text: string }> {
  for (let at = 0; at < lines.length; at++) {
    const line = at + 1
    let text = lines[at] ?? ''
    if (isOpen(text)) {
      const joined = joinFrom(lines, at)
      if (joined) {
        text = joined.text
        at = joined.last
      }
    }
    if (text.trim()) yield { line, text }
  }
}

function joinFrom(lines: readonly string[], from: number): { text: string; last: number } | null {
  let text = lines[from] ?? ''
  for (let last = from + 1; last < lines.length && last <= from + MOST_JOINED; last++) {
    text += `\n${lines[last]}`
    if (!isOpen(text)) return { text, last }
  }
  return null
}

const isOpen = (text: string): boolean => (text.match(/"/g)?.length ?? 0) % 2 === 1
