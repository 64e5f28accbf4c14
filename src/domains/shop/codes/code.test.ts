import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CODE_BYTES, codeFrom, codeShown, isOver, readCode, SIGNS } from './code.rules.ts'

const codes = fc
  .uint8Array({ minLength: CODE_BYTES, maxLength: CODE_BYTES })
  .map((bytes) => codeFrom(bytes))
  .filter((code) => code !== null)
const sign = fc.constantFrom(...SIGNS)

describe('a code', () => {
  test('is read however it is typed: small letters, blanks, dashes', () => {
    fc.assert(
      fc.property(codes, fc.constantFrom('-', ' ', '', ' – ', '.', '\u00a0', '\u2011'), (code, between) => {
        expect(readCode(` ${codeShown(code).toLowerCase().replaceAll('-', between)} `)).toBe(code)
      }),
    )
    const [code = ''] = fc.sample(codes, 1)
    expect(codeShown(code)).toMatch(/^.{3}-.{3}-.{3}$/)
  })

  test('with one wrong sign is no code', () => {
    fc.assert(
      fc.property(codes, fc.nat(8), sign, (code, place, other) => {
        fc.pre(code[place] !== other)
        expect(readCode(code.slice(0, place) + other + code.slice(place + 1))).toBeNull()
      }),
    )
  })

  test('with two signs that changed places is no code', () => {
    fc.assert(
      fc.property(codes, fc.nat(7), (code, place) => {
        fc.pre(code[place] !== code[place + 1])
        const swapped = `${code.slice(0, place)}${code[place + 1]}${code[place]}${code.slice(place + 2)}`
        expect(readCode(swapped)).toBeNull()
      }),
    )
  })

  test('holds no sign that is taken for another; what was never one is not read', () => {
    fc.assert(
      fc.property(codes, fc.string(), (code, text) => {
        expect(code).not.toMatch(/[01OIL]/)
        expect(readCode(text) ?? code).toMatch(/^[2-9A-Z]{9}$/)
      }),
    )
    expect(readCode('')).toBeNull()
  })

  test('is made of fair bytes alone', () => {
    expect(codeFrom(new Uint8Array(CODE_BYTES).fill(255))).toBeNull()
  })
})

test('the last day ends when it is over everywhere', () => {
  expect(isOver('2026-12-31', new Date('2027-01-01T11:59:59Z'))).toBe(false)
  expect(isOver('2026-12-31', new Date('2027-01-01T12:00:00Z'))).toBe(true)
  expect(isOver(null, new Date('2999-01-01'))).toBe(false)
})
