import { expect, test } from 'vitest'
import { vatRates } from '../rates.ts'
import { crossesCustoms, formFor, mayNameIoss, postageOf, worthOf } from './customs.rules.ts'

const at = (country: string, postcode = '') => ({ country, postcode })
const crosses = (from: ReturnType<typeof at>, to: ReturnType<typeof at>) => crossesCustoms(from, to, vatRates.isInEu)

test('nothing is declared within a customs territory; out of it, and to what lies apart from it, it is', () => {
  const nantes = at('FR', '44000')
  for (const near of [at('FR', '75011'), at('DE', '10115'), at('MC', '98000'), at('GB', 'BT1 5GS'), at('ES', '28013')])
    expect([near, crosses(nantes, near)]).toEqual([near, false])
  for (const far of [at('CH'), at('US'), at('GB', 'EC1A 1BB'), at('FR', '97400'), at('GP'), at('ES', '35 001')])
    expect([far, crosses(nantes, far)]).toEqual([far, true])
  expect(crosses(at('FR', '97110'), at('FR', '97139'))).toBe(false)
  expect(crosses(at('GB', 'EC1A 1BB'), at('IM'))).toBe(false)
  expect(crosses(at('GB', 'EC1A 1BB'), at('GB', 'BT1 5GS'))).toBe(false)
  expect(crosses(at('CH'), at('LI'))).toBe(false)
})

test('up to 300 euros and 2 kg the short form, past either and where the worth is not known the long one', () => {
  expect(formFor({ euros: 300, grams: 2000, lines: 1 })).toBe('CN 22')
  expect(formFor({ euros: 300.01, grams: 100, lines: 1 })).toBe('CN 23')
  expect(formFor({ euros: 10, grams: 2001, lines: 1 })).toBe('CN 23')
  expect(formFor({ euros: 10, grams: 100, lines: 5 })).toBe('CN 23')
  expect(formFor({ euros: null, grams: 100, lines: 1 })).toBe('CN 23')
})

test('so many of a line are worth their share of what was paid and kept', () => {
  const line = { gross: 1000, refunded: 0, quantity: 3 }
  expect(worthOf(line, 3)).toBe(1000)
  expect(worthOf(line, 1)).toBe(333)
  expect(worthOf({ ...line, gross: 0 }, 1)).toBe(0)
  // A rebate lowers what all of them are worth; money for one of them leaves what the others cost.
  expect(worthOf({ ...line, refunded: 200 }, 3)).toBe(800)
  expect(worthOf({ ...line, refunded: 333 }, 2)).toBe(667)
  expect(worthOf({ ...line, refunded: 333 }, 1)).toBe(333)
  expect(worthOf({ ...line, refunded: 1000 }, 3)).toBe(1000)
})

test('VAT paid already is named into the Union alone, up to 150 euros', () => {
  expect(mayNameIoss({ euros: 150, to: at('DE') }, vatRates.isInEu)).toBe(true)
  expect(mayNameIoss({ euros: 150.01, to: at('DE') }, vatRates.isInEu)).toBe(false)
  expect(mayNameIoss({ euros: null, to: at('DE') }, vatRates.isInEu)).toBe(false)
  expect(mayNameIoss({ euros: 10, to: at('US') }, vatRates.isInEu)).toBe(false)
})

test('of the sending, what was given back was not paid', () => {
  expect(postageOf({ shipping: 900, shippingRefunded: 250 })).toBe(650)
  expect(postageOf({ shipping: 900, shippingRefunded: 900 })).toBe(0)
})
