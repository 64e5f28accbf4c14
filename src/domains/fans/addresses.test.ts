import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isPushKeys, readAddress, readKeyword, readName } from './addresses.rules.ts'
import type { Channel } from './tables.ts'

const key = (channel: Channel, text: string, country?: string) => {
  const read = readAddress(channel, text, country)
  return read.ok ? read.value.key : read.error
}

test('a mail address has one spelling, and keeps the one that it was given', () => {
  expect(readAddress('mail', ' Lea.Martin+Musique@Fans.Example ')).toEqual({
    ok: true,
    value: {
      channel: 'mail',
      address: 'Lea.Martin+Musique@Fans.Example',
      key: 'lea.martin+musique@fans.example',
      country: null,
    },
  })
  expect(key('mail', 'zoé@été.example')).toBe('zoé@xn--t-9fab.example')
  expect(key('mail', 'иван@почта.example')).toBe('иван@xn--80a1acny.example')
})

test('nothing that could end a header, or is no address, goes through', () => {
  for (const text of [
    'lea@fans.example\r\nBcc: all@fans.example',
    'lea@fans.example\nX: y',
    'lea@fans.example\u2028x',
    'a@b',
    'a b@fans.example',
    '"lea"@fans.example',
    'lea@fans.example,max@fans.example',
    'Lea <lea@fans.example>',
    'lea@[127.0.0.1]',
    'lea@127.0.0.1',
    'lea..m@fans.example',
    '.lea@fans.example',
    'lea@-fans.example',
    'lea@fans.example.',
    'lea\u0000@fans.example',
    `${'x'.repeat(65)}@fans.example`,
    '@fans.example',
    '',
  ])
    expect([text, key('mail', text)]).toEqual([text, 'mail-wrong'])
})

test('signs that only look like others are refused', () => {
  for (const text of ['ｌea@fans.example', 'lea@ﬁsh.example', 'l\u0435a@fans.example', 'lea@f\u0430ns.example'])
    expect([text, key('mail', text)]).toEqual([text, 'mail-alike'])
})

test('whatever is accepted is one line of printable signs, and its key is stable', () => {
  fc.assert(
    fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })), (text) => {
      const read = readAddress('mail', text)
      if (!read.ok) return
      expect(read.value.address).not.toMatch(/[\s<>,;:"()[\]\\\p{Cc}\p{Cf}]/u)
      expect(key('mail', read.value.key)).toBe(read.value.key)
    }),
  )
})

test('a number is read as the people of its country write it', () => {
  expect(key('sms', '06 12 34 56 78', 'FR')).toBe('+33612345678')
  expect(key('sms', '+33 (0)6 12-34.56/78', 'GB')).toBe('+33612345678')
  expect(key('sms', '0033612345678')).toBe('+33612345678')
  expect(key('sms', '07400 123456', 'GB')).toBe('+447400123456')
  expect(key('sms', '٠٦١٢٣٤٥٦٧٨', 'FR')).toBe('+33612345678')
  expect(readAddress('sms', '079 123 45 67', 'CH')).toMatchObject({ value: { key: '+41791234567', country: 'CH' } })
})

test('landlines, numbers that cost, extensions and words are no number to write to', () => {
  expect(key('sms', '01 42 68 53 00', 'FR')).toBe('phone-no-text')
  expect(key('sms', '0899 70 00 00', 'FR')).toBe('phone-no-text')
  expect(key('sms', '0612345678')).toBe('phone-country')
  for (const text of ['0612', '06 12 34 56 78 ext. 3', 'ORANGE', '+33612345678\r\nx', '+999123456789'])
    expect([text, key('sms', text, 'FR')]).toEqual([text, 'phone-wrong'])
})

test('a push service is somewhere public, and speaks https', () => {
  expect(key('push', 'https://fcm.googleapis.com/fcm/send/abc')).toBe('https://fcm.googleapis.com/fcm/send/abc')
  for (const text of [
    'http://push.example/x',
    'https://localhost/x',
    'https://127.0.0.1/x',
    'https://[::1]/x',
    'https://0x7f.1/x',
    'https://metadata.google.internal/x',
    'https://push.example:8443/x',
    'https://me:secret@push.example/x',
    'ftp://push.example',
    'push',
  ])
    expect([text, key('push', text)]).toEqual([text, 'push-wrong'])
  expect(isPushKeys({ p256dh: 'B'.repeat(87), auth: 'a'.repeat(22) })).toBe(true)
  expect(isPushKeys({ p256dh: 'B', auth: 'a'.repeat(22) })).toBe(false)
})

test('a name is one line, a keyword one plain word', () => {
  expect(readName('  Léa\r\nBcc: x\u202eevil ')).toBe('Léa Bcc: x evil')
  expect(readName('x'.repeat(300))).toHaveLength(100)
  expect(readKeyword(' « été ! » merci')).toBe('ETE')
  expect(readKeyword('…')).toBeNull()
})
