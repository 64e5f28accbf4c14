import { describe, expect, test } from 'vitest'
import { vatRates } from './rates.ts'
import { crossesBorder, placeOf, reasonsOf, type TaxSeller, taxOf, whereabouts } from './tax.rules.ts'

const AT = new Date('2026-11-25T12:00:00Z')
const french = (regime: TaxSeller['regime'], oss = false): TaxSeller => ({ country: 'FR', regime, oss })
const taxed = (seller: TaxSeller, buyer: string, passed = false) => taxOf({ seller, buyer, passed, at: AT }, vatRates)

test('rates are those of their day', () => {
  expect(vatRates.rateOf('FI', new Date('2024-06-01'))).toBe(2400)
  expect(vatRates.rateOf('FI', AT)).toBe(2550)
  expect(vatRates.rateOf('EE', new Date('2023-06-01'))).toBe(2000)
  expect(vatRates.rateOf('EE', new Date('2025-01-01'))).toBe(2200)
  expect(vatRates.rateOf('US', AT)).toBeNull()
})

describe('a French artist', () => {
  test('who is small charges none, wherever it goes', () => {
    for (const buyer of ['FR', 'DE', 'US'])
      expect(taxed(french('small'), buyer)).toEqual({ country: 'FR', rate: 0, reason: 'small' })
  })

  test('who is registered charges the French rate at home and in Monaco', () => {
    for (const buyer of ['FR', 'MC'])
      expect(taxed(french('registered'), buyer)).toEqual({ country: 'FR', rate: 2000, reason: 'home' })
  })

  test('charges the French rate in the EU up to the threshold, and from there on the buyer’s', () => {
    expect(taxed(french('registered'), 'DE')).toEqual({
      country: 'FR',
      rate: 2000,
      reason: 'below-threshold',
    })
    expect(taxed(french('registered'), 'DE', true)).toEqual({
      country: 'DE',
      rate: 1900,
      reason: 'oss',
    })
    expect(taxed(french('registered', true), 'HU')).toEqual({ country: 'HU', rate: 2700, reason: 'oss' })
  })

  test('charges none outside the EU', () => {
    for (const buyer of ['US', 'GB', 'CH', 'JP']) expect(taxed(french('registered', true), buyer).rate).toBe(0)
  })
})

test('a British label charges its rate at home, and in the EU only through the one-stop shop', () => {
  const british: TaxSeller = { country: 'GB', regime: 'registered', oss: false }
  expect(taxed(british, 'IM')).toEqual({ country: 'GB', rate: 2000, reason: 'home' })
  expect(taxed(british, 'FR')).toEqual({ country: 'FR', rate: 0, reason: 'export' })
  expect(taxed({ ...british, oss: true }, 'FR')).toEqual({ country: 'FR', rate: 2000, reason: 'oss' })
})

test('a seller of a country without VAT charges none', () => {
  expect(taxed({ country: 'US', regime: 'outside', oss: false }, 'FR')).toEqual({
    country: 'US',
    rate: 0,
    reason: 'no-vat',
  })
})

test('where a buyer is takes two things that agree', () => {
  expect(
    whereabouts([
      { kind: 'declared', country: 'FR' },
      { kind: 'network', country: 'FR' },
    ]),
  ).toEqual({ country: 'FR', unsure: false })
  expect(
    whereabouts([
      { kind: 'declared', country: 'LU' },
      { kind: 'network', country: 'FR' },
      { kind: 'card', country: 'FR' },
    ]),
  ).toEqual({ country: 'FR', unsure: false })
  expect(
    whereabouts([
      { kind: 'declared', country: 'LU' },
      { kind: 'network', country: 'FR' },
    ]),
  ).toEqual({ country: 'LU', unsure: true })
})

test('a download is sold where its buyer is, a thing where its parcel goes, and over the table where the seller is', () => {
  const goes = { seller: 'FR', buyer: 'DE', parcel: 'ES' }
  expect(placeOf('download', goes)).toBe('DE')
  expect(placeOf('record', goes)).toBe('ES')
  expect(placeOf('merch', { ...goes, parcel: null })).toBe('FR')
})

test('towards the threshold counts what goes from one country of the Union into another', () => {
  const counts = (from: string, to: string) => crossesBorder(from, to, vatRates)
  expect(counts('FR', 'DE')).toBe(true)
  expect(counts('DE', 'MC')).toBe(true)
  for (const [from, to] of [
    ['FR', 'FR'],
    ['FR', 'MC'],
    ['FR', 'GB'],
    ['US', 'FR'],
  ] as const)
    expect(counts(from, to)).toBe(false)
})

test('an order says each reason of its lines once', () => {
  expect(reasonsOf({ shippingTaxReason: 'export' }, [{ taxReason: 'home' }, { taxReason: 'export' }])).toEqual([
    'home',
    'export',
  ])
  expect(reasonsOf({ shippingTaxReason: null }, [{ taxReason: 'tip' }])).toEqual(['tip'])
})
