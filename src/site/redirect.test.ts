import { expect, test } from 'vitest'
import { ownPath, withoutEndSlashes } from './redirect.ts'

test('a path leads inside this site, however it is written', () => {
  expect(ownPath('//elsewhere.example/a')).toBe('/elsewhere.example/a')
  expect(ownPath('/\\elsewhere.example')).toBe('/elsewhere.example')
  expect(ownPath('/ana/vol-2')).toBe('/ana/vol-2')
})

test('slashes at the end go, and a path written to be slow takes no longer', () => {
  expect(withoutEndSlashes('/ana/vol-2//')).toBe('/ana/vol-2')
  expect(withoutEndSlashes('/')).toBe('')
  const slashes = '/'.repeat(500_000)
  expect(withoutEndSlashes(`${slashes}a/`)).toBe(`${slashes}a`)
})
