import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import { givenSeller, type TestPlatform, testPlatform } from '../../testing/index.ts'
import { givenPayee, givenSale, givenSplit } from './books.fixtures.ts'
import { closeYear } from './close-year.ts'
import { distribute } from './distribute.ts'
import { fecName } from './fec.rules.ts'
import { fecOf } from './fec.views.ts'
import { brokenLink, issuePaper, type NewPaper, reverse } from './index.ts'
import { numberAll, numberFor } from './number-entries.ts'
import { paperByKey } from './paper.views.ts'
import { paperPdf } from './paper-pdf.ts'
import { recordOutlay } from './record-outlay.ts'
import { type Seller, sellerById } from './seller.views.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => platform.db.transaction().execute(work)
const aSeller = async (said: { yearBegins?: number; vatRegime?: 'registered'; vatNumber?: string } = {}) =>
  (await sellerById(platform.db, await givenSeller(platform.db, said))) as Seller
const RATES = [{ currency: 'USD', base: 92, foreign: 100 }]

async function fec(seller: Seller, year: number): Promise<string> {
  let text = ''
  for await (const lot of fecOf(platform.db, seller, year)) text += lot
  return text
}

/**
 * What the published rules ask of the file (article A47 A-1, VII to X of the LPF; BOI-CF-IOR-60-40-20): the columns and their order, one separator, dates as
 * AAAAMMJJ, amounts with a comma and no thousands, what may not be empty, numbers of three digits of the plan in front, a continuous sequence in each journal in
 * the order of validation, each entry and the whole in balance, no entry that clears accounts 6 and 7, what is carried first.
 */
function wrongIn(text: string, { from, through }: { from: string; through: string }): string[] {
  const wrong: string[] = []
  const [head = '', ...lines] = text.replace(/\r\n$/, '').split('\r\n')
  const names = head.split('\t')
  const asked =
    'JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib PieceRef PieceDate EcritureLib Debit Credit EcritureLet DateLet ValidDate Montantdevise Idevise'
  if (names.join(' ') !== asked) wrong.push(`columns: ${head}`)
  const amount = (cell: string) => Math.round(Number(cell.replace(',', '.')) * 100)
  const sums = new Map<string, number>()
  const seen: Record<string, number> = {}
  let [total, began, last] = [0, false, '']
  for (const [n, line] of lines.entries()) {
    const cells = line.split('\t')
    const row = Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ''])) as Record<string, string>
    const complain = (what: string) => wrong.push(`line ${n + 2}, ${what}: ${line}`)
    if (cells.length !== 18) complain('number of cells')
    for (const name of ['JournalCode', 'JournalLib', 'EcritureNum', 'CompteLib', 'PieceRef', 'EcritureLib'])
      if (!row[name]) complain(`${name} is empty`)
    for (const name of ['EcritureDate', 'PieceDate', 'ValidDate'])
      if (!/^\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/.test(row[name] ?? '')) complain(name)
    if ((row['EcritureDate'] ?? '') < from || (row['EcritureDate'] ?? '') > through) complain('outside the year')
    if (!/^[1-7]\d{2}/.test(row['CompteNum'] ?? '')) complain('CompteNum')
    if ((row['CompAuxNum'] === '') !== (row['CompAuxLib'] === '')) complain('CompAux')
    for (const name of ['Debit', 'Credit']) if (!/^\d+,\d{2}$/.test(row[name] ?? '')) complain(name)
    if ((row['Debit'] !== '0,00') === (row['Credit'] !== '0,00')) complain('one side, and not both')
    if ((row['Montantdevise'] === '') !== (row['Idevise'] === '')) complain('Idevise')
    if (row['Montantdevise'] && !/^-?\d+,\d{2}$/.test(row['Montantdevise'])) complain('Montantdevise')
    if (row['Idevise'] && !/^[A-Z]{3}$/.test(row['Idevise'])) complain('Idevise')
    const difference = amount(row['Debit'] ?? '') - amount(row['Credit'] ?? '')
    total += difference
    const entry = row['EcritureNum'] ?? ''
    sums.set(entry, (sums.get(entry) ?? 0) + difference)
    if (row['JournalCode'] === 'AN') {
      if (began) complain('what is carried comes first')
      if (/^[67]/.test(row['CompteNum'] ?? '')) complain('an account of results is carried')
      continue
    }
    began = true
    if (entry !== last) {
      // One sequence over all journals: none has a gap that another does not fill.
      if (Number(entry) !== (seen['all'] ?? 0) + 1) complain('a gap')
      seen['all'] = Number(entry)
      last = entry
    }
  }
  for (const [entry, sum] of sums) if (sum !== 0) wrong.push(`entry ${entry} does not balance: ${sum}`)
  if (total !== 0) wrong.push(`the whole does not balance: ${total}`)
  return wrong
}

describe('the accountant’s file', () => {
  test('passes the published rules, in the first year and in one into which something is carried', async () => {
    const seller = await aSeller({ vatRegime: 'registered', vatNumber: 'FR44732829320' })
    const ana = await givenPayee(platform.db, seller.id, { name: 'Ana\tMarsh | Trio' })
    const subject = `release:${newId()}`
    await givenSplit(platform.db, seller.id, { subject, from: '2025-01-01', parts: { [ana]: 6000, seller: 4000 } })
    const sell = (key: string, on: string, currency = 'EUR') =>
      inTx((tx) =>
        givenSale(tx, seller.id, { key, on, subject, gross: 1200, tax: 200, fee: 31, currency, rates: RATES }),
      )
    await sell('a', '2025-11-03')
    await sell('b', '2025-12-31', 'USD')
    const paid = { paidOn: '2025-11-04', paidFrom: 'bank', note: 'Studio\n2 days', by: null } as const
    await recordOutlay(platform, seller, { ...paid, kind: 'cost', subject, title: 'Harbour', amount: 600, vat: 100 })
    await recordOutlay(platform, seller, { ...paid, kind: 'advance', payeeId: ana, amount: 100 })
    await distribute(platform, seller, { through: '2025-12-31', today: '2026-11-25', by: null })
    await sell('c', '2026-01-01')
    await inTx((tx) => reverse(tx, { sellerId: seller.id, key: 'a', bookedOn: '2026-02-01', at: platform.now() }))
    await numberAll(platform)
    const [first, second] = [await fec(seller, 2025), await fec(seller, 2026)]
    expect(wrongIn(first, { from: '20250101', through: '20251231' })).toEqual([])
    expect(wrongIn(second, { from: '20260101', through: '20261231' })).toEqual([])
    expect(first).not.toContain('\tAN1\t')
    expect(second.split('\r\n')[1]).toMatch(/^AN\t/)
    // The result of 2025 is carried as one sum: nothing of accounts 6 and 7.
    expect(second).toContain('\t110000\t')
    expect(first).toMatch(/\t12,00\tUSD\r\n/)
    expect(fecName('732829320', '2025-12-31')).toBe('732829320FEC20251231.txt')
  })

  test('a file that the rules refuse is found out', () => {
    const good =
      'JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise\r\n' +
      'VE\tVentes\t1\t20260101\t411000\tClients\t\t\tx\t20260101\tx\t1,00\t0,00\t\t\t20260101\t\t\r\n' +
      'VE\tVentes\t1\t20260101\t706000\tVentes\t\t\tx\t20260101\tx\t0,00\t1,00\t\t\t20260101\t\t\r\n'
    const year = { from: '20260101', through: '20261231' }
    expect(wrongIn(good, year)).toEqual([])
    for (const [part, other] of [
      ['1,00\t0,00', '1.00\t0,00'],
      ['1,00\t0,00', '2,00\t0,00'],
      ['20260101\t411000', '01/01/2026\t411000'],
      ['VE\tVentes\t1', 'VE\tVentes\t2'],
      ['411000', 'clients'],
      ['JournalLib\tEcritureNum', 'EcritureNum\tJournalLib'],
    ] as const)
      expect(wrongIn(good.replace(part, other), year)).not.toEqual([])
  })

  test('a year that begins in October is cut there, and into a closed one nothing is booked', async () => {
    const seller = await aSeller({ yearBegins: 10 })
    const sell = (key: string, on: string) =>
      inTx((tx) => givenSale(tx, seller.id, { key, on, subject: `release:${newId()}`, gross: 500 }))
    await sell('a', '2025-09-30')
    await sell('b', '2025-10-01')
    expect(await closeYear(platform, seller, { year: 2026, today: '2026-11-25', by: null })).toMatchObject({
      error: 'year-not-over',
    })
    expect(await closeYear(platform, seller, { year: 2025, today: '2026-11-25', by: null })).toEqual({
      ok: true,
      value: '2026-09-30',
    })
    await sell('late', '2026-03-03')
    const late = await platform.db
      .selectFrom('ledgerLines')
      .innerJoin('ledgerEntries', 'ledgerEntries.id', 'ledgerLines.entryId')
      .select(['ledgerLines.bookedOn', 'earnedOn'])
      .where('sellerId', '=', seller.id)
      .where('key', '=', 'late')
      .execute()
    expect(late[0]).toEqual({ bookedOn: '2026-10-01', earnedOn: '2026-03-03' })
    await expect(
      sql`insert into ledger_entries (id, seller_id, key, kind, booked_on, lines, recorded_at)
        values (${newId()}, ${seller.id}, 'x', 'sale', '2026-09-30', 2, now())`.execute(platform.db),
    ).rejects.toThrow('closed')
    await numberFor(platform, seller.id)
    expect(wrongIn(await fec(seller, 2024), { from: '20241001', through: '20250930' })).toEqual([])
    expect(wrongIn(await fec(seller, 2026), { from: '20261001', through: '20270930' })).toEqual([])
  })
})

describe('numbers', () => {
  test('have no gap, whoever writes at the same moment and whichever transaction dies, and their chain tells what was changed', async () => {
    const seller = await aSeller()
    const sell = (n: number) =>
      inTx(async (tx) => {
        await givenSale(tx, seller.id, { key: `s${n}`, on: '2026-11-25', subject: `release:${newId()}`, gross: n + 1 })
        if (n % 5 === 3) throw new Error('died')
      }).catch(() => undefined)
    for (let lot = 0; lot < 4; lot++)
      await Promise.all([
        ...Array.from({ length: 10 }, (_, n) => sell(lot * 10 + n)),
        numberFor(platform, seller.id),
        numberFor(platform, seller.id),
      ])
    await numberFor(platform, seller.id)
    const numbers = await platform.db
      .selectFrom('ledgerNumbers')
      .select('number')
      .where('sellerId', '=', seller.id)
      .orderBy('number')
      .execute()
    expect(numbers.map(({ number }) => number)).toEqual(Array.from({ length: 32 }, (_, n) => n + 1))
    expect(await brokenLink(platform.db, seller.id)).toBeNull()
    // Somebody with the keys of the database changes an amount on both sides, so that it balances.
    const client = await platform.pool.connect()
    await client.query('begin')
    await client.query("set local session_replication_role = 'replica'")
    await client.query(
      `update ledger_lines l set amount = amount * 2, base_amount = base_amount * 2 from ledger_numbers n
       where n.entry_id = l.entry_id and n.seller_id = $1 and n.number = 7`,
      [seller.id],
    )
    await client.query('commit')
    client.release()
    expect(await brokenLink(platform.db, seller.id)).toEqual({ year: 2026, number: 7 })
  })

  test('of invoices and credit notes are each a series without gaps, and what they say stays', async () => {
    const seller = await aSeller()
    const paper = (key: string, said: Partial<NewPaper> = {}): NewPaper => ({
      ...{ key, kind: 'invoice', issuedOn: '2026-11-25', paidOn: '2026-11-25', language: 'fr' },
      ...{ currency: 'EUR', reference: 'R-1', at: new Date('2026-11-25T10:00:00Z') },
      buyer: {
        name: 'Zoé Dupont',
        address: { lines: ['1 rue Haute'], postcode: '69001', city: 'Lyon' },
        country: 'FR',
      },
      lines: [{ what: 'Harbour Lights', quantity: 1, net: 1000, tax: 0, taxRate: 0 }],
      ...said,
    })
    const issue = (key: string, said: Partial<NewPaper> = {}, dies = false) =>
      inTx(async (tx) => {
        const isNew = await issuePaper(tx, seller, paper(key, said))
        if (dies) throw new Error('died')
        return isNew
      }).catch(() => null)
    expect(await issue('order:1')).toBe(true)
    expect(await issue('order:1')).toBe(false)
    await Promise.all([2, 3, 4, 5, 6].map((n) => issue(`order:${n}`, {}, n % 2 === 0)))
    await numberFor(platform, seller.id)
    await issue('refund:1', { kind: 'credit-note', corrects: 'order:1' })
    await issue('order:7')
    await numberFor(platform, seller.id)
    const { rows } = await sql<{ series: string; number: number }>`
      select series, number from papers where seller_id = ${seller.id} order by series, number`.execute(platform.db)
    expect(rows.map(({ series, number }) => `${series} ${number}`)).toEqual([
      'A-2026 1',
      'F-2026 1',
      'F-2026 2',
      'F-2026 3',
      'F-2026 4',
    ])
    await expect(platform.pool.query(`update papers set content = '{}'`)).rejects.toThrow('stays as it was issued')
    await expect(platform.pool.query('update papers set number = number + 100')).rejects.toThrow('stays')
    await expect(platform.pool.query('delete from papers')).rejects.toThrow('append-only')

    const found = await paperByKey(platform.db, seller.id, 'order:1')
    if (!found?.number) throw new Error('no number')
    const made = () => paperPdf({ ...found, number: found.number as number }, null)
    const pdf = (await made()).toString('latin1')
    expect(pdf.slice(0, 5)).toBe('%PDF-')
    expect(pdf).toContain('/Lang (fr-FR)')
    expect(pdf).toContain('/MarkInfo')
    expect(pdf).toMatch(/\/S \/(H1|Table|TH)\b/)
  })
})
