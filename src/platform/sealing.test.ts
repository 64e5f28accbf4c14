import { expect, test } from 'vitest'
import { createSealer } from './sealing.ts'

const sealer = createSealer('k'.repeat(40))

test('what is sealed opens again, whatever it says, and never looks the same twice', () => {
  for (const text of ['', 'pass word', 'é\u0000 日本 🎵', 'x'.repeat(100_000)]) {
    const sealed = sealer.seal('provider', text)
    expect(sealer.unseal('provider', sealed)).toBe(text)
    expect(sealed.equals(sealer.seal('provider', text))).toBe(false)
  }
})

test('it opens for nothing else, nor under another key, nor changed in any byte', () => {
  const sealed = sealer.seal('provider:1', 'secret')
  expect(sealed.includes('secret')).toBe(false)
  expect(sealer.unseal('provider:2', sealed)).toBeNull()
  expect(createSealer('j'.repeat(40)).unseal('provider:1', sealed)).toBeNull()
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(sealer.unseal('provider:1', changed)).toBeNull()
  }
  expect(sealer.unseal('provider:1', sealed.subarray(0, 20))).toBeNull()
})
