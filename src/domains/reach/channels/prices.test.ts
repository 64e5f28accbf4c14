import { expect, test } from 'vitest'
import { isCurrency, readPrices, writePrices } from './prices.ts'

test('prices are read as people write them, by country or by what its numbers begin with', () => {
  expect(readPrices('FR 0,045\n+44: 0.04\n\n * = 0.1 ').prices).toMatchObject({ FR: 45_000, GB: 40_000, '*': 100_000 })
  const { prices } = readPrices('+1 0.0079')
  expect([prices['US'], prices['CA']]).toEqual([7900, 7900])
})

test('what cannot be read is named', () => {
  for (const line of ['France 0.04', 'XX 1', '+999 1', 'FR', 'FR -1', '0.04'])
    expect(readPrices(`DE 0.05\n${line}`).wrong).toBe(line)
})

test('written and read again they are the same', () => {
  const prices = { FR: 45_000, DE: 7_900, '*': 100_001 }
  expect(readPrices(writePrices(prices)).prices).toEqual(prices)
  expect(writePrices(prices)).toBe('DE 0.0079\nFR 0.045\n* 0.100001')
})

test('a currency has its three letters', () => {
  expect([isCurrency('EUR'), isCurrency('Euro'), isCurrency('')]).toEqual([true, false, false])
})
