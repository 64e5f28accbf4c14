import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readEuroRates, readRate, toEuroCents } from './euro.rules.ts'

test('the Central Bank’s list is read, day by day', () => {
  const xml = `<?xml version="1.0" encoding="UTF-8"?><gesmes:Envelope><Cube>
    <Cube time="2026-09-30"><Cube currency="USD" rate="1.0876"/><Cube currency="JPY" rate="161.59"/></Cube>
    <Cube time="2026-09-29"><Cube currency='PLN' rate='4.2575'/></Cube></Cube></gesmes:Envelope>`
  expect(readEuroRates(xml)).toEqual([
    { day: '2026-09-30', currency: 'USD', rate: '1.0876' },
    { day: '2026-09-30', currency: 'JPY', rate: '161.59' },
    { day: '2026-09-29', currency: 'PLN', rate: '4.2575' },
  ])
  expect(readEuroRates('<html>not today</html>')).toEqual([])
})

test('amounts become cents, whatever decimals their currency has', () => {
  expect(toEuroCents({ amount: 42575, currency: 'PLN' }, '4.2575')).toBe(10000)
  expect(toEuroCents({ amount: 16159, currency: 'JPY' }, '161.59')).toBe(10000)
  expect(toEuroCents({ amount: 335, currency: 'KWD' }, '0.335')).toBe(100)
  expect(toEuroCents({ amount: -3, currency: 'PLN' }, '4')).toBe(-1)
})

test('what goes back is worth what came, to the cent', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 1, max: 1e7 }), (amount, scaled) => {
      const rate = `${Math.floor(scaled / 1e4)}.${String(scaled % 1e4).padStart(4, '0')}`
      const worth = (of: number) => toEuroCents({ amount: of, currency: 'USD' }, rate)
      expect(worth(-amount)).toBe(-worth(amount) || 0)
      expect(Math.abs(worth(amount) - amount / Number(rate))).toBeLessThanOrEqual(0.5 + amount * 1e-9)
    }),
  )
})

test('a rate is typed with a point or a comma', () => {
  expect(readRate(' 4,2575 ')).toBe('4.2575')
  for (const wrong of ['', '0', '-1', '4.2.5', 'four']) expect(readRate(wrong)).toBeNull()
})
