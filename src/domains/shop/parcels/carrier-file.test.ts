import { expect, test } from 'vitest'
import { codeIn, guessFileColumns, numberIn, type OrderFacts, planFor, readRows } from './carrier-file.rules.ts'

test('a code is found in what a carrier wrote of it, and a number is never one that a spreadsheet has shortened', () => {
  for (const cell of ['K7RM-2QXF', ' k7rm2qxf ', '="K7RM-2QXF"', "'K7RM-2QXF", 'Cde K7RM-2QXF / Lise']) {
    expect(codeIn(cell), cell).toBe('K7RM-2QXF')
  }
  for (const cell of ['', '44000', '2026-11-27', 'K7RM-2QXF9', 'Lise Morel']) expect(codeIn(cell), cell).toBe(null)
  expect(numberIn('="6A 123-456"')).toBe('6A123456')
  for (const cell of ['8.9E+15', '8,9E+15', 'Annulé', 'N/A', '']) expect(numberIn(cell), cell).toBe(null)
})

test('columns are known by what is in them, with or without a heading, in either language', () => {
  const french = [
    ['Date', 'Réf. client', 'Nom', 'CP', 'N° de suivi'],
    ['27/11/2026', 'K7RM-2QXF', 'Lise', '44000', '6A11223344556'],
    ['27/11/2026', 'W3RT-8PQM', 'Bo', '29900', '6A11223344557'],
  ]
  expect(guessFileColumns(french)).toEqual({ columns: { reference: 1, tracking: 4, carrier: null }, hasHeading: true })
  expect(guessFileColumns(french.slice(1))).toEqual({
    columns: { reference: 1, tracking: 4, carrier: null },
    hasHeading: false,
  })
  expect(guessFileColumns([['Order', 'Tracking number']])).toMatchObject({ columns: { reference: 0, tracking: 1 } })
  expect(guessFileColumns([['x', 'y']])).toMatchObject({ columns: { reference: null, tracking: null } })
})

test('what is wrong with a line stands in it: nothing in it, twice in the file, two numbers for one order', () => {
  const rows = [
    ['ref', 'number'],
    ['K7RM-2QXF', '6A1'],
    ['K7RM-2QXF', '6A 1'],
    ['W3RT-8PQM', '6A2'],
    ['W3RT-8PQM', '6A3'],
    ['', '6A4'],
    ['hello', '6A5'],
    ['Z3RT-8PQM', ''],
    ['Y3RT-8PQM', '8.9E+15'],
  ].map((cells, n) => ({ line: n + 1, cells }))
  const read = readRows(rows, { columns: { reference: 0, tracking: 1 }, hasHeading: true })
  expect(read.map(({ line, problem }) => [line, problem])).toEqual([
    [2, null],
    [3, 'twice'],
    [4, 'clash'],
    [5, 'clash'],
    [6, 'no-reference'],
    [7, 'unknown'],
    [8, 'no-number'],
    [9, 'wrong-number'],
  ])
})

test('of a file with several carriers each line says whose it is; whom it names and nobody knows is nobody', () => {
  const rows = [
    ['Réf.', 'Transporteur', 'Suivi'],
    ['K7RM-2QXF', 'La Poste - Colissimo', '6A11223344556'],
    ['W3RT-8PQM', 'UPS Standard', '1Z11223344556'],
    ['Z3RT-8PQM', 'La Poste Suisse', '99001122334455'],
    ['Y3RT-8PQM', 'Hermes', '88001122334455'],
    ['X3RT-8PQM', '', '77001122334455'],
  ]
  const guessed = guessFileColumns(rows)
  expect(guessed).toEqual({ columns: { reference: 0, tracking: 2, carrier: 1 }, hasHeading: true })
  const lines = rows.map((cells, n) => ({ line: n + 1, cells }))
  expect(readRows(lines, guessed).map(({ carrier }) => carrier)).toEqual(['laposte', 'ups', 'swisspost', '', null])
  expect(readRows(lines, { ...guessed, columns: { reference: 0, tracking: 2 } }).map(({ carrier }) => carrier)).toEqual(
    [...[null, null, null, null, null]],
  )
})

const now = new Date('2026-12-02T10:00:00Z')
const line = {
  position: 0,
  quantity: 2,
  gross: 100,
  refunded: 0,
  weight: 300,
  releasedAt: null,
  title: 'Salt',
  variant: '',
}
const paid: OrderFacts = {
  ...{ id: 'o', state: 'paid', hasAddress: true, isGivenBack: false, isDisputed: false },
  ...{ lines: [line], withdrawn: [], parcels: [] },
}
const parcel = (more: Partial<OrderFacts['parcels'][number]> = {}): OrderFacts['parcels'][number] => ({
  ...{ id: 'p', kind: 'order', isSent: true, tracking: '', former: [], parts: [{ position: 0, quantity: 2 }] },
  ...more,
})

test('what a number does follows from what has left', () => {
  const does = (order: Partial<OrderFacts>, number = '6A1') => {
    const plan = planFor({ ...paid, ...order }, number, now)
    return plan.does === 'refused' ? plan.why : plan.does
  }
  expect(planFor(paid, '6A1', now)).toMatchObject({
    does: 'sends',
    parcelId: null,
    parts: [{ position: 0, quantity: 2 }],
  })
  expect(planFor({ ...paid, parcels: [parcel({ isSent: false })] }, '6A1', now)).toMatchObject({
    ...{ does: 'sends', parcelId: 'p' },
  })
  expect(does({ parcels: [parcel({ tracking: '6A1' })] })).toBe('same')
  expect(does({ parcels: [parcel()] })).toBe('adds')
  expect(does({ parcels: [parcel({ tracking: '6A2' })] })).toBe('differs')
  expect(does({ parcels: [parcel({ tracking: '6A2', former: ['6A1'] })] })).toBe('former')
  // A first part left with it: the file again sends nothing of the rest.
  const first = parcel({ tracking: '6A1', parts: [{ position: 0, quantity: 1 }] })
  expect(does({ parcels: [first] })).toBe('same')
  expect(does({ parcels: [first] }, '6A9')).toBe('sends')
  expect(
    does({ parcels: [parcel({ tracking: '6A2' }), parcel({ id: 'q', kind: 'replacement', tracking: '6A3' })] }),
  ).toBe('several')
  expect(does({ parcels: [parcel({ isSent: false }), parcel({ id: 'q', isSent: false })] })).toBe('several')
  expect(does({ withdrawn: [0] })).toBe('withdrawn')
  expect(does({ withdrawn: [0], parcels: [parcel({ isSent: false })] })).toBe('withdrawn')
  expect(does({ state: 'placed' })).toBe('not-paid')
  expect(does({ hasAddress: false })).toBe('no-address')
  expect(does({ isGivenBack: true })).toBe('given-back')
  expect(does({ isDisputed: true })).toBe('disputed')
  expect(does({ lines: [{ ...line, weight: null }] })).toBe('nothing')
  expect(does({ lines: [{ ...line, releasedAt: new Date('2026-12-24') }] })).toBe('waits')
})
