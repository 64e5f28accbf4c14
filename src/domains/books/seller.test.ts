import fc from 'fast-check'
import { expect, test } from 'vitest'
import { luhn, readSeller, readSiren, readVatNumber, type TypedSeller } from './seller.rules.ts'

const typed: TypedSeller = {
  legalName: 'Ana Ribeiro',
  lines: '3 rue du Port',
  postcode: '29900',
  city: 'Concarneau',
  country: 'FR',
  registerNumber: '732 829 320',
  vatRegime: 'small',
  vatNumber: '',
  currency: 'eur',
  yearBegins: '1',
  ossSince: '',
}
const read = (change: Partial<TypedSeller> = {}, frozen: { currency: string; yearBegins: number } | null = null) =>
  readSeller({ ...typed, ...change }, ['FR', 'DE', 'GB', 'US'], frozen)

test('a seller in France gives a SIREN that checks, or the SIRET that holds it', () => {
  expect(read()).toMatchObject({ ok: true, value: { registerNumber: '732829320', currency: 'EUR', vatNumber: '' } })
  expect(readSiren('732 829 320 00074')).toBe('732829320')
  for (const wrong of ['732 829 321', '73282932', 'abc', '73282932000075']) expect(readSiren(wrong)).toBeNull()
  expect(read({ registerNumber: '732829321' })).toEqual({ ok: false, error: { registerNumber: 'siren-wrong' } })
  // Elsewhere it is whatever the register writes.
  expect(read({ country: 'DE', registerNumber: 'HRB 12345' })).toMatchObject({ ok: true })
})

test('who is registered may say since when they declare through the one-stop shop', () => {
  const registered = { vatRegime: 'registered', vatNumber: 'FR44732829320' }
  expect(read({ ...registered, ossSince: '2026-07-01' })).toMatchObject({ ok: true, value: { ossSince: '2026-07-01' } })
  expect(read(registered)).toMatchObject({ ok: true, value: { ossSince: null } })
  expect(read({ ...registered, ossSince: '2026-02-30' })).toEqual({ ok: false, error: { ossSince: 'day-wrong' } })
  expect(read({ ossSince: '2026-07-01' })).toMatchObject({ ok: true, value: { ossSince: null } })
})

test('of nine digits one in ten checks, whichever the others are', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\d{8}$/), (digits) => {
      expect([...'0123456789'].filter((last) => luhn(digits + last))).toHaveLength(1)
    }),
  )
})

test('who charges VAT gives a number that their country could have given', () => {
  expect(readVatNumber('FR 44 732829320', 'FR')).toBe('FR44732829320')
  expect(readVatNumber('45732829320', 'FR')).toBeNull()
  expect(readVatNumber('de 123 456 789', 'DE')).toBe('DE123456789')
  expect(readVatNumber('DE12345678', 'DE')).toBeNull()
  expect(readVatNumber('094014298', 'GR')).toBe('EL094014298')
  expect(readVatNumber('CHE-116.281.710 TVA', 'CH')).toBe('CHE116281710TVA')
  expect(read({ vatRegime: 'registered' })).toEqual({ ok: false, error: { vatNumber: 'vat-missing' } })
  expect(read({ vatRegime: 'registered', vatNumber: 'DE123456789' })).toEqual({
    ok: false,
    error: { vatNumber: 'vat-wrong' },
  })
  // Who charges none has none, whatever was typed before.
  expect(read({ vatNumber: 'FR44732829320' })).toMatchObject({ ok: true, value: { vatNumber: '' } })
})

test('what the books were begun with stays', () => {
  expect(read({ currency: 'USD', yearBegins: '4' }, { currency: 'EUR', yearBegins: 1 })).toEqual({
    ok: false,
    error: { currency: 'frozen', yearBegins: 'frozen' },
  })
  expect(read({ legalName: 'Ana Ribeiro-Marsh' }, { currency: 'EUR', yearBegins: 1 })).toMatchObject({ ok: true })
})

test('nothing that is needed may lack', () => {
  const empty = Object.fromEntries(Object.keys(typed).map((name) => [name, ''])) as TypedSeller
  expect(readSeller(empty, ['FR'], null)).toEqual({
    ok: false,
    error: {
      legalName: 'missing',
      country: 'missing',
      lines: 'missing',
      city: 'missing',
      vatRegime: 'regime-wrong',
      currency: 'currency-wrong',
      yearBegins: 'month-wrong',
    },
  })
})
