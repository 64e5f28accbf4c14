import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSigner } from '../../../platform/signing.ts'
import { readReplyAddress, replyAddress } from './reply-address.rules.ts'

const signer = createSigner('x'.repeat(40))
const other = createSigner('y'.repeat(40))

test('an address leads back to its conversation or message, however a mail server writes it', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.nat(), (conversationId, deliveryId) => {
      for (const to of [{ conversationId }, { deliveryId }]) {
        const address = replyAddress(signer, 'music.example', to)
        expect(address).toMatch(/^reply\+[0-9a-z-]+@music\.example$/)
        expect(address.indexOf('@')).toBeLessThanOrEqual(64)
        expect(readReplyAddress(signer, address.toUpperCase())).toEqual(to)
      }
    }),
  )
  const own = replyAddress(signer, 'ana@music.example', { deliveryId: 7 })
  expect(own).toMatch(/^ana\+d7-/)
  expect(readReplyAddress(signer, own)).toEqual({ deliveryId: 7 })
})

test('what somebody else wrote leads nowhere', () => {
  const address = replyAddress(signer, 'music.example', { deliveryId: 7 })
  expect(readReplyAddress(other, address)).toBeNull()
  expect(readReplyAddress(signer, address.replace('+d7-', '+d8-'))).toBeNull()
  for (const strange of [
    'ana@music.example',
    'reply+@music.example',
    `reply+c${'z'.repeat(25)}-${'0'.repeat(24)}@a.example`,
  ])
    expect(readReplyAddress(signer, strange)).toBeNull()
})
