import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  asSms,
  concatHeader,
  countSms,
  decodeGsm7,
  decodeUcs2,
  encodeGsm7,
  encodeUcs2,
  namedSigns,
  outsideGsm,
  plainer,
  plainLetters,
  readUserData,
  smsCost,
  splitSms,
  weighSms,
} from './sms.rules.ts'

const DEFAULT =
  '@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const EXTENSION = '\f^{}\\[~]|€'
const gsm = fc
  .array(fc.constantFrom(...DEFAULT, ...EXTENSION), { maxLength: 900 })
  .map((characters) => characters.join(''))
const anything = fc.string({ unit: 'binary', maxLength: 400 })
const septets = (text: string) => [...text].reduce((sum, one) => sum + (EXTENSION.includes(one) ? 2 : 1), 0)

test.each([
  ['', 'gsm7', 1, 160],
  ['a'.repeat(160), 'gsm7', 1, 0],
  ['a'.repeat(161), 'gsm7', 2, 145],
  ['a'.repeat(306), 'gsm7', 2, 0],
  ['a'.repeat(307), 'gsm7', 3, 152],
  ['€'.repeat(80), 'gsm7', 1, 0],
  [`${'€'.repeat(80)}a`, 'gsm7', 2, 144],
  // An odd septet stays empty at the end of each part, since an escape is not cut.
  ['€'.repeat(153), 'gsm7', 3, 151],
  ['ç'.repeat(70), 'ucs2', 1, 0],
  ['ç'.repeat(71), 'ucs2', 2, 63],
  ['😀'.repeat(35), 'ucs2', 1, 0],
  ['😀'.repeat(36), 'ucs2', 2, 61],
  ['😀'.repeat(67), 'ucs2', 3, 65],
])('%j is %s in %i, with room for %i', (text, encoding, segments, left) => {
  expect(countSms(text)).toMatchObject({ encoding, segments, left })
})

test('every part fits, none is cut inside a character, and together they are the message', () => {
  fc.assert(
    fc.property(fc.oneof(gsm, anything), (text) => {
      const { encoding, parts, units } = splitSms(text)
      expect(parts.join('')).toBe(asSms(text))
      const sizes = parts.map((part) => (encoding === 'gsm7' ? septets(part) : part.length))
      const most = encoding === 'gsm7' ? (parts.length > 1 ? 153 : 160) : parts.length > 1 ? 67 : 70
      expect(Math.max(...sizes)).toBeLessThanOrEqual(most)
      expect(sizes.reduce((a, b) => a + b, 0)).toBe(units)
      for (const part of parts) expect(part.isWellFormed()).toBe(true)
      // No part but the last has room for another character.
      for (const size of sizes.slice(0, -1)) expect(size).toBeGreaterThanOrEqual(most - 1)
    }),
  )
})

test('what is counted is what is sent, and what is left is true', () => {
  fc.assert(
    fc.property(gsm, (text) => {
      const { segments, left } = countSms(text)
      expect(countSms(text + 'a'.repeat(left)).segments).toBe(segments)
      expect(countSms(`${text}${'a'.repeat(left)}a`).segments).toBeGreaterThan(segments)
    }),
  )
})

test('the two alphabets come back as they went', () => {
  fc.assert(fc.property(gsm, (text) => void expect(decodeGsm7(encodeGsm7(text))).toBe(text)))
  fc.assert(
    fc.property(anything, (text) => void expect(decodeUcs2(encodeUcs2(text.toWellFormed()))).toBe(text.toWellFormed())),
  )
  expect([...encodeGsm7('@Δ[é€')]).toEqual([0x00, 0x10, 0x1b, 0x3c, 0x05, 0x1b, 0x65])
  // An escape that leads nowhere is a space; one at the end as well.
  expect(decodeGsm7(Uint8Array.of(0x41, 0x1b, 0x41, 0x1b))).toBe('A A ')
})

test('accents written in two characters are sent as one, and so stay in the alphabet of telephones', () => {
  expect(countSms('e\u0301te\u0301\r\nà\tvoir')).toEqual({ encoding: 'gsm7', segments: 1, units: 10, left: 150 })
})

test('says which characters make a message dearer, and knows plainer ones for typography', () => {
  expect(outsideGsm('Ça y est : l’été, « ça » vient, ça vient…')).toEqual(['’', '«', 'ç', '»', '…'])
  expect(plainer('« L’été »\u{202f}: 10 – 12 h…')).toBe('"L\'été" : 10 - 12 h...')
  expect(plainer('ça cœur 😀')).toBe('ça cœur 😀')
  fc.assert(fc.property(anything, (text) => void expect(plainer(plainer(text))).toBe(plainer(text))))
})

test('letters that telephones lack have plain ones, where there are any, and only those change', () => {
  expect(plainLetters('« Fenêtre », cœur, ça, ŒUVRE, Łódź…')).toBe('"Fenetre", coeur, ca, OEUVRE, Lodz...')
  expect(plainLetters('é è à ù Ç ñ ü € [x]')).toBe('é è à ù Ç ñ ü € [x]')
  expect(plainLetters('😀 Привет ή')).toBe('😀 Привет ή')
  fc.assert(fc.property(gsm, (text) => void expect(plainLetters(text)).toBe(asSms(text))))
  fc.assert(
    fc.property(anything, (text) => {
      const plain = plainLetters(text)
      expect(plainLetters(plain)).toBe(plain)
      for (const sign of outsideGsm(plain)) expect(outsideGsm(plainer(text))).toContain(sign)
    }),
  )
})

test('a text is weighed as it leaves, as typed and with plain letters', () => {
  const short = weighSms('L’été')
  expect(short).toMatchObject({ sent: "L'été", replaced: ['’'], outside: [], typed: 1, plain: null })
  const typed = `« L’été${'é'.repeat(90)} »`
  expect(weighSms(typed)).toMatchObject({ count: { encoding: 'gsm7', segments: 1 }, typed: 2, plain: null })
  const letters = `Fenêtre ${'e'.repeat(90)}`
  expect(weighSms(letters)).toMatchObject({ outside: ['ê'], count: { segments: 2 }, plain: { count: { segments: 1 } } })
  expect(weighSms(letters, plainLetters)).toMatchObject({
    replaced: ['ê'],
    count: { segments: 1 },
    typed: 2,
    plain: null,
  })
  expect(namedSigns(['’', '\u{202f}', '«', '\u{a0}'], 'narrow spaces')).toBe('’, «, narrow spaces')
  expect(namedSigns(['\u{202f}'], 'narrow spaces')).toBe('narrow spaces')
})

test('a part says what it is part of', () => {
  const body = encodeGsm7('words')
  const read = (header: number[]) => readUserData(Uint8Array.from([...header, ...body]))
  expect(read([...concatHeader(300, 3, 2)])).toEqual({ concat: { reference: 44, total: 3, number: 2 }, body })
  // Sixteen-bit reference, behind a port header of another application.
  expect(read([12, 5, 4, 0, 80, 0, 0, 8, 4, 1, 44, 3, 1]).concat).toEqual({ reference: 300, total: 3, number: 1 })
  // Number four of three, and one of one: messages of their own.
  expect(read([...concatHeader(1, 3, 4)]).concat).toBeNull()
  expect(read([...concatHeader(1, 1, 1)]).concat).toBeNull()
})

test('no header can make reading fail or go on for ever', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 140 }), (octets) => {
      const { concat, body } = readUserData(octets)
      expect(body.length).toBeLessThanOrEqual(octets.length)
      expect(concat === null || concat.number <= concat.total).toBe(true)
    }),
  )
})

test('what it costs is segments times people, a country at a time, and says for whom no price is known', () => {
  const people = [
    { country: 'FR', count: 100 },
    { country: 'BE', count: 10 },
    { country: 'JP', count: 3 },
  ]
  expect(smsCost(2, people, { FR: 49_000, BE: 70_000 })).toEqual({ millionths: 11_200_000, unpriced: 3 })
  expect(smsCost(1, people, { '*': 100_000 })).toEqual({ millionths: 11_300_000, unpriced: 0 })
})
