import { expect, test } from 'vitest'
import { vatRates } from '../rates.ts'
import { crossesCustoms, formFor, mayNameIoss, worthOf } from './customs.rules.ts'

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

test('so many of a line are worth their share of what was paid', () => {
  expect(worthOf({ gross: 1000, quantity: 3 }, 3)).toBe(1000)
  expect(worthOf({ gross: 1000, quantity: 3 }, 1)).toBe(333)
  expect(worthOf({ gross: 0, quantity: 2 }, 1)).toBe(0)
})

test('VAT paid already is named into the Union alone, up to 150 euros', () => {
  expect(mayNameIoss({ euros: 150, to: at('DE') }, vatRates.isInEu)).toBe(true)
  expect(mayNameIoss({ euros: 150.01, to: at('DE') }, vatRates.isInEu)).toBe(false)
  expect(mayNameIoss({ euros: null, to: at('DE') }, vatRates.isInEu)).toBe(false)
  expect(mayNameIoss({ euros: 10, to: at('US') }, vatRates.isInEu)).toBe(false)
})
