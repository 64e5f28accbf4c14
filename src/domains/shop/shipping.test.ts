import { expect, test } from 'vitest'
import { shippingTo } from './shipping.rules.ts'

const rates = [
  { countries: ['FR'], upTo: 500, price: 490 },
  { countries: ['FR'], upTo: 2000, price: 790 },
  { countries: ['EU', 'CH'], upTo: null, price: 1200 },
  { countries: ['*'], upTo: 1000, price: 2500 },
]
const to = (country: string, grams: number, isInEu = false) => shippingTo(rates, { country, grams, isInEu })

test('a parcel costs what the nearest line that bears it says', () => {
  expect([to('FR', 500, true), to('FR', 501, true), to('DE', 5000, true), to('CH', 100), to('JP', 1000)]).toEqual([
    490, 790, 1200, 1200, 2500,
  ])
})

test('what is too heavy for its country is not sent there, whatever other lines say', () => {
  expect(to('FR', 2001, true)).toBeNull()
  expect(to('JP', 1001)).toBeNull()
  expect(shippingTo([], { country: 'FR', grams: 1, isInEu: true })).toBeNull()
})
