import { expect, test } from 'vitest'
import { evidenceOf, ossReturn, quarterDays, quarterOf, quartersBetween, readQuarter } from './oss.rules.ts'

test('a quarter has its days, and its return a month more', () => {
  expect(quarterDays({ year: 2026, quarter: 4 })).toEqual({
    from: '2026-10-01',
    through: '2026-12-31',
    due: '2027-01-31',
  })
  expect(quarterDays({ year: 2027, quarter: 1 })).toEqual({
    from: '2027-01-01',
    through: '2027-03-31',
    due: '2027-04-30',
  })
  expect(quarterOf('2026-03-31')).toEqual({ year: 2026, quarter: 1 })
  expect(readQuarter('2026-Q2')).toEqual({ year: 2026, quarter: 2 })
  for (const wrong of ['2026-Q5', '2026', 'x']) expect(readQuarter(wrong)).toBeNull()
  expect(quartersBetween('2025-12-31', '2026-04-01').map(({ year, quarter }) => `${year}/${quarter}`)).toEqual([
    '2026/2',
    '2026/1',
    '2025/4',
  ])
})

test('a return holds its own quarter by country, kind and rate, and of earlier ones the tax by quarter and country', () => {
  const sum = { sold: '2026-Q3', country: 'DE', rate: 1900, isGoods: false, currency: 'EUR', net: 1000, tax: 190 }
  const { rows, corrections } = ossReturn('2026-Q3', [
    { ...sum, country: 'ES', rate: 2100, isGoods: true, net: 500, tax: 105 },
    sum,
    { ...sum, country: 'IT', net: 0, tax: 0 },
    { ...sum, sold: '2026-Q1', net: -200, tax: -38 },
    { ...sum, sold: '2026-Q1', isGoods: true, net: -100, tax: -19 },
    { ...sum, sold: '2026-Q2', country: 'ES', rate: 2100, net: -100, tax: -21 },
  ])
  expect(rows.map(({ country, isGoods, rate, net, tax }) => [country, isGoods, rate, net, tax])).toEqual([
    ['DE', false, 1900, 1000, 190],
    ['ES', true, 2100, 500, 105],
  ])
  expect(corrections).toEqual([
    { sold: '2026-Q1', country: 'DE', currency: 'EUR', tax: -57 },
    { sold: '2026-Q2', country: 'ES', currency: 'EUR', tax: -21 },
  ])
})

test('evidence is two that agree, one that stands alone, or contradicts', () => {
  const said = { kind: 'declared', country: 'DE' } as const
  expect(evidenceOf('DE', [said, { kind: 'card', country: 'DE' }])).toBe('two')
  expect(evidenceOf('DE', [said])).toBe('one')
  expect(evidenceOf('DE', [said, { kind: 'card', country: 'FR' }])).toBe('contradicted')
})
