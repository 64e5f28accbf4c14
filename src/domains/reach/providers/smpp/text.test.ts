import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asSms, readUserData } from '../../sms.rules.ts'
import { type DefaultAlphabet, decodeIncoming, readIncoming, submitParts } from './text.rules.ts'

const alphabet = fc.constantFrom<DefaultAlphabet>('gsm7', 'latin1')
const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 500 }),
  fc.string({ unit: fc.constantFrom(...'abé€[]Δç😀'), maxLength: 500 }),
)

test('what leaves is what would be read: a telephone that puts the parts together sees the message', () => {
  fc.assert(
    fc.property(words, alphabet, fc.nat({ max: 255 }), (text, own, reference) => {
      const parts = submitParts(text, reference, own)
      const read = parts.map((part, at) => {
        const { concat, body } = part.hasHeader ? readUserData(part.octets) : { concat: null, body: part.octets }
        expect(concat).toEqual(parts.length > 1 ? { reference, total: parts.length, number: at + 1 } : null)
        return decodeIncoming(body, part.dataCoding, own)
      })
      expect(read.join('')).toBe(asSms(text).replaceAll('\0', ''))
    }),
  )
})

test('no part is longer than a telephone takes', () => {
  fc.assert(
    fc.property(words, alphabet, (text, own) => {
      for (const { dataCoding, octets } of submitParts(text, 1, own))
        expect(octets.length).toBeLessThanOrEqual(dataCoding === 8 ? 140 : 160)
    }),
  )
})

test('message classes, ASCII, Cyrillic: read by the alphabet that they name', () => {
  expect(decodeIncoming(Buffer.from([0x05]), 0xf1, 'latin1')).toBe('\u{5}')
  expect(decodeIncoming(Buffer.from([0x05]), 0x11, 'gsm7')).toBe('é')
  expect(decodeIncoming(Buffer.from('Été', 'utf16le').swap16(), 0x18, 'gsm7')).toBe('Été')
  expect(decodeIncoming(Buffer.from('@home'), 1, 'gsm7')).toBe('@home')
  expect(decodeIncoming(Buffer.from([0xbf, 0xe0]), 6, 'gsm7')).toBe('Пр')
  // Half of a surrogate pair, and a NUL that no database keeps.
  expect(decodeIncoming(Buffer.from([0xd8, 0x3d, 0, 0]), 8, 'gsm7')).toBe('\u{fffd}')
})

test('parts told by TLVs are parts as well', () => {
  const sar = { reference: 300, total: 2, number: 1 }
  expect(readIncoming({ esmClass: 0, dataCoding: 3, octets: Buffer.from('a'), sar }).concat).toEqual(sar)
})
