import { expect, test } from 'vitest'
import { createSigner } from '../../../../platform/signing.ts'
import { readReplyAddress } from '../reply-address.rules.ts'
import { answersTo, type WatchedAddress } from './reply-to.ts'

const signer = createSigner('k'.repeat(40))
const [ANA, FERN] = ['11111111-1111-7111-8111-111111111111', '22222222-2222-7222-8222-222222222222']
const box = (address: string, more: Partial<WatchedAddress> = {}): WatchedAddress => ({
  ...{ artistId: null, labelId: null, plus: true, address },
  ...more,
})
const to = { deliveryId: 7 }
const ana = { artistId: ANA, labelId: null }

test('an answer goes to the artist’s own mailbox, then to the label’s, then where the place says', () => {
  const all = [
    box('us@place.example'),
    box('fern@l.example', { labelId: FERN }),
    box('ana@a.example', { artistId: ANA }),
  ]
  const local = (address: string | null) => address?.replace(/\+.*@/, '@')
  expect(local(answersTo(signer, 'replies.example', all, ana, to))).toBe('ana@a.example')
  expect(local(answersTo(signer, null, all, { artistId: null, labelId: FERN }, to))).toBe('fern@l.example')
  expect(local(answersTo(signer, 'replies.example', all.slice(0, 2), ana, to))).toBe('reply@replies.example')
  expect(local(answersTo(signer, null, all.slice(0, 2), ana, to))).toBe('us@place.example')
  expect(answersTo(signer, null, [], ana, to)).toBeNull()
})

test('an address with a part of its own names the message and stays within 64 letters; others are told bare', () => {
  const named = answersTo(signer, null, [box('twelveletter@a.example')], ana, {
    conversationId: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
  })
  expect(named?.indexOf('@')).toBeLessThanOrEqual(64)
  expect(readReplyAddress(signer, named ?? '')).toEqual({ conversationId: 'ffffffff-ffff-ffff-ffff-ffffffffffff' })
  expect(answersTo(signer, null, [box('thirteenletters@a.example')], ana, to)).toBe('thirteenletters@a.example')
  expect(answersTo(signer, null, [box('ana@a.example', { plus: false })], ana, to)).toBe('ana@a.example')
})
