import { expect, test } from 'vitest'
import { compareLock } from './lock.mjs'

const lock = { packages: { '': { dependencies: { hono: '4.0.0' }, devDependencies: { vitest: '5.0.0' } } } }

test('package.json and its lock agree', () => {
  expect(compareLock({ dependencies: { hono: '4.0.0' }, devDependencies: { vitest: '5.0.0' } }, lock)).toEqual([])
})

test('a package added, dropped, or changed without its lock is named', () => {
  const manifest = { dependencies: { hono: '4.1.0', isbot: '5.0.0' } }
  expect(compareLock(manifest, lock)).toEqual([
    'hono: package.json asks for 4.1.0, package-lock.json for 4.0.0',
    'isbot: package.json asks for 5.0.0, package-lock.json for none',
    'vitest: package.json asks for none, package-lock.json for 5.0.0',
  ])
})
