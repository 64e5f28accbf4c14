import { expect, test } from 'vitest'
import { readMail } from './mail-address.rules.ts'

test('a mail address is trimmed, may be written in any script, and has an end', () => {
  expect(readMail('  Ana@example.org ')).toBe('Ana@example.org')
  expect(readMail('réné@exämple.org')).toBe('réné@exämple.org')
  expect(readMail('用户@example.org')).toBe('用户@example.org')
  for (const wrong of [undefined, '', 'ana', 'ana@', `${'a'.repeat(250)}@example.org`])
    expect(readMail(wrong)).toBeNull()
})

test('signs that a mail server may take for others are refused', () => {
  for (const lookalike of [
    'ａna@example.org',
    'ana@ｅxample.org',
    'oﬃce@example.org',
    'ana¹@example.org',
    'e\u0301va@example.org',
  ])
    expect(readMail(lookalike)).toBeNull()
})
