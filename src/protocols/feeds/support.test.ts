import { expect, test } from 'vitest'
import { readSupport } from './support.rules.ts'

test('nothing is something that one may say', () => {
  expect(readSupport({ fundingUrl: '', fundingWords: '', lightning: '' })).toEqual({
    support: { fundingUrl: null, fundingWords: '', lightning: null },
    wrong: [],
  })
})

test('addresses are of the web, and of lightning', () => {
  expect(
    readSupport({ fundingUrl: 'https://give.example/a', fundingWords: 'Merci', lightning: 'ana@give.example' }).wrong,
  ).toEqual([])
  expect(
    readSupport({ fundingUrl: 'javascript:alert(1)', fundingWords: 'x'.repeat(101), lightning: 'ana at give' }).wrong,
  ).toEqual(['fundingUrl', 'fundingWords', 'lightning'])
})
