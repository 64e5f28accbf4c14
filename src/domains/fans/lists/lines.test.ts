import { Readable } from 'node:stream'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cellsOf, delimiterOf, encodingOf, guessColumns, linesOf } from './lines.ts'

const chunks = (bytes: Buffer, size = 3): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size))
const read = async (bytes: Buffer) => {
  const encoding = await encodingOf(Readable.from(chunks(bytes)))
  return { encoding, lines: await Array.fromAsync(linesOf(Readable.from(chunks(bytes)), encoding)) }
}
const TEXT = 'Zoé;zoe@fans.example\r\nMüller;m@fans.example\nÉté;e@fans.example'
const LINES = ['Zoé;zoe@fans.example', 'Müller;m@fans.example', 'Été;e@fans.example']

test('whatever wrote the file, and however it is cut, its lines are read', async () => {
  expect(await read(Buffer.from(TEXT))).toEqual({ encoding: 'utf-8', lines: LINES })
  expect(await read(Buffer.from(`\ufeff${TEXT}`))).toEqual({ encoding: 'utf-8', lines: LINES })
  expect(await read(Buffer.from(TEXT, 'latin1'))).toEqual({ encoding: 'windows-1252', lines: LINES })
  const wide = Buffer.from(`\ufeff${TEXT}`, 'utf16le')
  expect(await read(wide)).toEqual({ encoding: 'utf-16le', lines: LINES })
  expect(await read(Buffer.from(wide).swap16())).toEqual({ encoding: 'utf-16be', lines: LINES })
})

test('a quotation mark in the wrong place spoils nothing but its own cell', () => {
  expect(cellsOf('"Martin; Léa";lea@fans.example', ';')).toEqual(['Martin; Léa', 'lea@fans.example'])
  expect(cellsOf('Léa "la Grande" Martin;lea@fans.example', ';')).toEqual([
    'Léa "la Grande" Martin',
    'lea@fans.example',
  ])
  expect(cellsOf('"Léa;lea@fans.example', ';')).toEqual(['Léa', 'lea@fans.example'])
  expect(cellsOf('"say ""hi""",x@fans.example', ',')).toEqual(['say "hi"', 'x@fans.example'])
  expect(cellsOf('""Léa"" 3;"l@fans.example" ;', ';')).toEqual(['Léa"" 3', 'l@fans.example', ''])
  expect(cellsOf('"";a,b', ';')).toEqual(['', 'a,b'])
  expect(cellsOf('a\t"b\tc"\t', '\t')).toEqual(['a', 'b\tc', ''])
  expect(cellsOf('', ';')).toEqual([''])
})

test('whatever cells hold, they come back as they were written, and as another reader of the standard reads them', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'é', ' ', '"', ';', ',', '@') }).map((text) => text.trim())
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 5 }), (cells) => {
      const written = cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(';')
      expect(cellsOf(written, ';')).toEqual(cells)
      expect(parse(written, { delimiter: ';', trim: true })).toEqual([cells])
    }),
  )
})

test('however its quotation marks stand, a line without them in a cell that matters keeps that cell', () => {
  const name = fc.string({ unit: fc.constantFrom('L', 'é', ' ', '"'), maxLength: 8 })
  fc.assert(
    fc.property(name, (text) => {
      const cells = cellsOf(`lea@fans.example;${text};Brest`, ';')
      expect([cells[0], cells.at(-1), cells.length]).toEqual(['lea@fans.example', 'Brest', 3])
    }),
  )
})

test('what parts the columns, and what they hold, is understood', () => {
  expect(delimiterOf(['a;b,c', 'd;e', 'f;g,h,i'])).toBe(';')
  expect(delimiterOf(['a\tb', 'c\td'])).toBe('\t')
  expect(delimiterOf(['lea@fans.example'])).toBe(',')
  expect(
    guessColumns([
      ['Nom', 'Courriel', 'Portable'],
      ['Léa', 'lea@fans.example', '06 12 34 56 78'],
    ]),
  ).toEqual({
    hasHeading: true,
    columns: { name: 0, mail: 1, phone: 2 },
  })
  expect(guessColumns([['lea@fans.example', '06 12 34 56 78']])).toEqual({
    hasHeading: false,
    columns: { mail: 0, phone: 1 },
  })
})
