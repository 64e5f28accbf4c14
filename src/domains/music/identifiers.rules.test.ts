import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatIsrc, gtinCheckDigit, parseBarcode, parseIsrc, tidyCatalogueNumber } from './identifiers.rules.ts'

const upper = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
const letter = fc.constantFrom(...upper)
const alphanumeric = fc.constantFrom(...upper, ...'0123456789')
const digits = (length: number) =>
  fc.array(fc.constantFrom(...'0123456789'), { minLength: length, maxLength: length }).map((found) => found.join(''))
const isrc = fc
  .tuple(
    fc.array(letter, { minLength: 2, maxLength: 2 }),
    fc.array(alphanumeric, { minLength: 3, maxLength: 3 }),
    digits(7),
  )
  .map(([country, registrant, rest]) => country.join('') + registrant.join('') + rest)

describe('an ISRC', () => {
  it('is stored as twelve characters, however it was written', () => {
    for (const written of ['FR-Z03-14-00123', 'frz031400123', ' ISRC: FR Z03 14 00123 ', 'FR–Z03–14–00123']) {
      expect(parseIsrc(written)).toEqual({ ok: true, value: 'FRZ031400123' })
    }
  })

  it('survives being shown and read again', () => {
    fc.assert(
      fc.property(isrc, (code) => {
        expect(parseIsrc(formatIsrc(code))).toEqual({ ok: true, value: code })
      }),
    )
  })

  it('is refused when a character is missing, added or out of place', () => {
    for (const wrong of ['', 'FRZ03140012', 'FRZ0314001234', '12Z031400123', 'FRZ03140012X', 'FR_Z03_14_00123']) {
      expect(parseIsrc(wrong)).toEqual({ ok: false, error: 'malformed' })
    }
  })
})

describe('a barcode', () => {
  it('is known by its length: UPC-A of the standard’s own example, EAN-13, EAN-8', () => {
    expect(parseBarcode('0 36000-29145 2')).toEqual({
      ok: true,
      value: { digits: '036000291452', kind: 'upc-a', gtin14: '00036000291452' },
    })
    expect(parseBarcode('EAN 4006381333931')).toMatchObject({ ok: true, value: { kind: 'ean-13' } })
    expect(parseBarcode('73513537')).toMatchObject({ ok: true, value: { kind: 'ean-8' } })
  })

  it('keeps its check digit when it is padded into a longer one', () => {
    fc.assert(
      fc.property(digits(11), (body) => {
        expect(gtinCheckDigit(`00${body}`)).toBe(gtinCheckDigit(body))
      }),
    )
  })

  it('is accepted with its check digit, and with that one alone', () => {
    fc.assert(
      fc.property(fc.constantFrom(7, 11, 12, 13).chain(digits), (body) => {
        const accepted = [...'0123456789'].filter((last) => parseBarcode(body + last).ok)
        expect(accepted).toEqual([String(gtinCheckDigit(body))])
      }),
    )
  })

  it('catches any single digit typed wrong', () => {
    fc.assert(
      fc.property(digits(12), fc.nat(12), fc.integer({ min: 1, max: 9 }), (body, at, shift) => {
        const right = body + gtinCheckDigit(body)
        const wrong = right.slice(0, at) + ((Number(right[at]) + shift) % 10) + right.slice(at + 1)
        expect(parseBarcode(wrong)).toEqual({ ok: false, error: 'check-digit' })
      }),
    )
  })

  it('is refused when it is not a number of a known length', () => {
    for (const wrong of ['', '12345', '40063813339', 'no barcode', '４００６']) {
      expect(parseBarcode(wrong)).toEqual({ ok: false, error: 'malformed' })
    }
  })
})

describe('a catalogue number', () => {
  it('is left as the label writes it, tidied of stray spaces', () => {
    expect(tidyCatalogueNumber('  RIT  001 / LP\u0000')).toBe('RIT 001 / LP')
    expect(tidyCatalogueNumber(' \t ')).toBeNull()
  })
})
