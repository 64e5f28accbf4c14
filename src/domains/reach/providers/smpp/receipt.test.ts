import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isReceipt, readReceipt, refKey } from './receipt.rules.ts'

const NO_TLV = { receiptedId: null, messageState: null, networkError: null }

test.each([
  [
    'id:1234567890 sub:001 dlvrd:001 submit date:2611251200 done date:2611251201 stat:DELIVRD err:000 text:Hello',
    { ref: '1234567890', settled: 'delivered', problem: null },
  ],
  [
    'id:00AB12 sub:001 dlvrd:000 submit date:2611251200 done date:2611251201 stat:UNDELIV err:021 text:',
    { ref: '00AB12', settled: 'bounced', problem: 'UNDELIV 021' },
  ],
  ['ID:9f-7c/2 STAT:EXPIRED', { ref: '9f-7c/2', settled: 'bounced', problem: 'EXPIRED' }],
  ['id: 77 stat: REJECTD err: 8', { ref: '77', settled: 'bounced', problem: 'REJECTD 8' }],
  ['id:77 sub:001 dlvrd:000 stat:ACCEPTD err:000', { ref: '77', settled: null, problem: null }],
  ['id:77 stat:ENROUTE', { ref: '77', settled: null, problem: null }],
  ['id:77 stat:UNKNOWN', { ref: '77', settled: null, problem: null }],
  ['stat:DELIVRD', null],
  ['what is this', null],
])('%s', (text, expected) => {
  expect(readReceipt(text, NO_TLV)).toEqual(expected)
})

test('TLVs say it better than the text', () => {
  expect(readReceipt('id:1 stat:ENROUTE', { receiptedId: '2', messageState: 2, networkError: null })).toEqual({
    ref: '2',
    settled: 'delivered',
    problem: null,
  })
  expect(readReceipt('', { receiptedId: '2', messageState: 8, networkError: '030005' })).toEqual({
    ref: '2',
    settled: 'bounced',
    problem: 'REJECTD 030005',
  })
})

test('a network that writes its ids otherwise in receipts than in answers is understood, if one knows it', () => {
  expect(readReceipt('id:0000040960 stat:DELIVRD', NO_TLV, 'receipt-decimal')?.ref).toBe('a000')
  expect(readReceipt('id:A000 stat:DELIVRD', NO_TLV, 'receipt-hex')?.ref).toBe('40960')
  expect(readReceipt('id:9f-7c stat:DELIVRD', NO_TLV, 'receipt-decimal')?.ref).toBe('9f-7c')
})

test('leading zeros and capitals of numbers mean nothing; names stay as they are', () => {
  expect(refKey('00AB12')).toBe(refKey('ab12'))
  expect(refKey('0')).toBe('0')
  expect(refKey('Msg-0A')).toBe('Msg-0A')
})

test('receipts and reports from halfway are told from messages', () => {
  expect([0x04, 0x44, 0x20].map(isReceipt)).toEqual([true, true, true])
  expect([0x00, 0x40, 0x03].map(isReceipt)).toEqual([false, false, false])
})

test('no text makes reading fail', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const receipt = readReceipt(`id:1 ${text}`, NO_TLV)
      expect([null, 'delivered', 'bounced']).toContain(receipt?.settled)
    }),
  )
})
