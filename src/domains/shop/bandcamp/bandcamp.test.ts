import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cellsOf } from '../../fans/index.ts'
import {
  plainTitle,
  readAmount,
  readDate,
  readHeading,
  readReport,
  recordsOf,
  rowOf,
  subjectFor,
} from './bandcamp.rules.ts'

const HEADING =
  'date,paid to,item type,item name,artist,currency,item price,quantity,sub total,item total,net amount,bandcamp transaction id,bandcamp related transaction id,package,item url,upc,buyer name,buyer email,buyer note'
const readMail = (text: string) => (text.includes('@') ? { address: text, key: text.toLowerCase() } : null)

function report(...lines: string[]) {
  const [first, ...records] = recordsOf([HEADING, ...lines].flatMap((line) => line.split('\n')))
  const heading = readHeading(cellsOf(first?.text ?? '', ','))
  if (!heading) throw new Error('no heading')
  return readReport(
    records.map(({ line, text }) => ({ line, text, row: rowOf(heading, cellsOf(text, ',')) })),
    readMail,
  )
}
type Said = {
  id?: string
  of?: string
  kind?: string
  name?: string
  total?: string
  form?: string
  mail?: string
  note?: string
}
const line = ({
  id = '1',
  of = '',
  kind = 'album',
  name = 'Salt',
  total = '10.00',
  form = 'digital download',
  mail = 'a@fans.example',
  note = '',
}: Said) =>
  `1/3/26 10:12am,Ana,${kind},${name},Ana,EUR,${total},1,${total},${total},8.50,${id},${of},${form},https://ana.bandcamp.com/album/salt,,A,${mail},"${note}"`

test('a report is known by its columns, whatever else it has', () => {
  expect(readHeading(HEADING.split(','))).toMatchObject({ date: 0, 'item type': 2, 'buyer email': 17 })
  expect(readHeading('item_type,item_name,buyer_email,bandcamp_transaction_id'.split(','))).not.toBeNull()
  expect(readHeading(['name', 'email'])).toBeNull()
})

test('its dates are American, and amounts are read as they are written', () => {
  expect(readDate('1/3/26 10:12am')?.toISOString()).toBe('2026-01-03T10:12:00.000Z')
  expect(readDate('12/31/2025 12:05am')?.toISOString()).toBe('2025-12-31T00:05:00.000Z')
  expect(readDate('13 May 2026 23:28:01 GMT')?.toISOString()).toBe('2026-05-13T23:28:01.000Z')
  expect(readDate('2026-02-01')?.toISOString()).toBe('2026-02-01T00:00:00.000Z')
  for (const wrong of ['', '13/32/26', 'soon']) expect(readDate(wrong)).toBeNull()
  expect(['10.00', '-13.00', '(2.50)', '$1,234.56', '12,50', ''].map(readAmount)).toEqual([
    1000,
    -1300,
    -250,
    123_456,
    1250,
    null,
  ])
})

test('a purchase has an address, and what is none is explained', () => {
  const { items, lines } = report(
    line({ id: '1', note: 'Thank you\n"you" know, for this' }),
    line({ id: '2', kind: 'payout', name: '' }),
    line({ id: '3', mail: '' }),
    line({ id: '4', mail: 'nobody' }),
    line({ id: '5', kind: 'package', name: 'Salt - Vinyl LP', form: 'Vinyl LP' }),
  )
  expect(lines.map(({ problem, item }) => [problem, item])).toEqual([
    [null, 1],
    ['no-sale', null],
    ['no-mail', null],
    ['mail-wrong', null],
    [null, 2],
  ])
  expect(items.map(({ title }) => title)).toEqual(['Salt', 'Salt - Vinyl LP'])
})

test('a refund closes what it is of when all went back, wherever it stands', () => {
  const bought = [line({ id: '1' }), line({ id: '2', mail: 'b@fans.example' }), line({ id: '3', name: 'Sea' })]
  const problems = (...lines: string[]) => report(...lines).lines.map(({ problem }) => problem)
  const all = line({ id: '9', of: '1', kind: 'refund', total: '-10.00' })
  expect(problems(...bought, all)).toEqual([null, null, null, 'refund'])
  const before = report(all, ...bought).lines
  expect(before[0]).toMatchObject({ problem: 'refund', key: before[1]?.key })
  expect(problems(...bought, line({ id: '9', of: '1', kind: 'refund', total: '-4.00' }))).toEqual([
    null,
    null,
    null,
    'refund-part',
  ])
  expect(
    problems(
      ...bought,
      line({ id: '8', of: '1', kind: 'refund', total: '-4.00' }),
      line({ id: '9', of: '1', kind: 'refund', total: '-6.00' }),
    ).slice(3),
  ).toEqual(['refund-part', 'refund'])
  // Without the transaction: by buyer and thing.
  expect(
    report(...bought, line({ id: '', kind: 'album', total: '-10.00', mail: 'B@fans.example' })).lines[3],
  ).toMatchObject({
    problem: 'refund',
    key: report(...bought).lines[1]?.key,
  })
  expect(problems(...bought, line({ id: '77', kind: 'refund', mail: 'c@fans.example', total: '-1.00' })).at(-1)).toBe(
    'refund-unknown',
  )
})

test('whatever the order of the lines and however often each is repeated, the same purchases are open', () => {
  const sale = fc.record({
    id: fc.nat(5),
    mail: fc.constantFrom('a@f.example', 'b@f.example'),
    name: fc.constantFrom('Salt', 'Sea'),
  })
  const back = fc.record({ of: fc.nat(7), total: fc.constantFrom('-10.00', '-3.00') })
  fc.assert(
    fc.property(
      fc.uniqueArray(sale, { selector: ({ id }) => id, maxLength: 6 }),
      fc.array(back, { maxLength: 3 }),
      fc.infiniteStream(fc.nat()),
      (sales, refunds, order) => {
        const lines = [
          ...sales.map(({ id, mail, name }) => line({ id: `t${id}`, mail, name })),
          ...refunds.map(({ of, total }, index) =>
            line({ id: `r${index}`, of: `t${of}`, kind: 'refund', total, mail: '' }),
          ),
        ]
        const openOf = (some: string[]) => {
          const { lines: read } = report(...some)
          const closed = new Set(read.flatMap(({ problem, key }) => (problem === 'refund' ? [key] : [])))
          return [
            ...new Set(read.flatMap(({ problem, key }) => (problem === null && !closed.has(key) ? [key] : []))),
          ].toSorted()
        }
        const mixed = lines.map((text) => ({ text, at: order.next().value ?? 0 })).toSorted((a, b) => a.at - b.at)
        expect(openOf(mixed.map(({ text }) => text))).toEqual(openOf(lines))
        const expected = sales.filter(
          ({ id }) =>
            refunds.filter(({ of }) => of === id).reduce((sum, { total }) => sum + (total === '-10.00' ? 10 : 3), 0) <
            10,
        )
        expect(openOf(lines)).toHaveLength(expected.length)
      },
    ),
  )
})

test('a thing is known by its UPC, else by its name when one alone bears it', () => {
  const known = {
    releases: [
      { id: 'r1', title: 'Night Swims', barcode: '0123456789012' },
      { id: 'r2', title: 'Été', barcode: null },
      { id: 'r3', title: 'Twin', barcode: null },
      { id: 'r4', title: 'TWIN', barcode: null },
    ],
    tracks: [{ id: 't1', title: 'Undertow' }],
  }
  const of = (kind: string, title: string, more: { package?: string; upc?: string } = {}) =>
    subjectFor({ kind, title, package: '', upc: '', ...more }, known)
  expect(of('album', 'Another name', { upc: '123456789012' })).toBe('release:r1')
  expect(of('album', 'ete')).toBe('release:r2')
  expect(of('track', 'Undertow')).toBe('track:t1')
  expect(of('track', 'Night Swims')).toBe('release:r1')
  expect(of('package', 'Night Swims - 12in Vinyl LP')).toBe('release:r1')
  expect(of('package', 'Logo T-Shirt')).toBeNull()
  expect(of('album', 'Twin')).toBeNull()
  expect(of('bundle', 'Full Digital Discography')).toBe('all')
  expect(plainTitle('  L’Été,  à la MER ')).toBe('l ete a la mer')
})
