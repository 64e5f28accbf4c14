import { expect, test } from 'vitest'
import { rootWarning } from './as-root.ts'

const outside = { uid: 0, env: {}, exists: () => false }

test('started as root on a machine, the program says so in one line', () => {
  expect(rootWarning(outside)).toMatch(/^Ritornello runs as root; [^\n]+$/)
})

test('any other user, a system without users, and root of a container are told nothing', () => {
  expect(rootWarning({ ...outside, uid: 1000 })).toBeNull()
  expect(rootWarning({ ...outside, uid: undefined })).toBeNull()
  for (const mark of ['/.dockerenv', '/run/.containerenv'])
    expect(rootWarning({ ...outside, exists: (path) => path === mark })).toBeNull()
  expect(rootWarning({ ...outside, env: { container: 'podman' } })).toBeNull()
  expect(rootWarning({ ...outside, env: { KUBERNETES_SERVICE_HOST: '10.0.0.1' } })).toBeNull()
})
