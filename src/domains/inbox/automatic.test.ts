import { expect, test } from 'vitest'
import { isAutomatic, readHeaders } from './automatic.rules.ts'

const of = (head: string, { sender = 'lea@fans.example', subject = 'Re: Tide' } = {}) =>
  isAutomatic({ headers: readHeaders(`${head}\r\n\r\nAuto-Submitted: in the body`), sender, subject })

test.each([
  'Auto-Submitted: auto-replied',
  'auto-submitted:\r\n auto-generated; owner-email="x"',
  'Precedence: bulk',
  'X-Autoreply: yes',
  'List-Id: <fans.example>',
  'Return-Path: <>',
])('a machine wrote %j', (head) => expect(of(head)).toBe(true))

test.each(['', 'Auto-Submitted: no', 'Precedence: first-class', 'Return-Path: <lea@fans.example>'])(
  'a person wrote %j',
  (head) => expect(of(head)).toBe(false),
)

test('programs that say it in no header say it in the subject, or in their own name', () => {
  for (const subject of ['Automatic reply: Tide', 'Réponse automatique : Tide', 'Out of Office: back on Monday'])
    expect(of('', { subject })).toBe(true)
  expect(of('', { subject: 'Out of my mind with joy' })).toBe(false)
  expect(of('', { sender: 'MAILER-DAEMON@mail.example' })).toBe(true)
  expect(of('', { sender: 'no-reply@shop.example' })).toBe(true)
  expect(of('', { sender: 'nora@fans.example' })).toBe(false)
})
