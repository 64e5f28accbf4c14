import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { simpleParser } from 'mailparser'
import { expect, test } from 'vitest'
import { createSigner } from '../../../platform/signing.ts'
import { type DkimKeys, signLetter } from './dkim.ts'
import { type Letter, writeLetter } from './letter.ts'
import { deliveryToken, readDeliveryToken, returnPathFor } from './token.rules.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ed25519 = generateKeyPairSync('ed25519')
const keys: DkimKeys = { domain: 'music.example', selector: 's1', rsa: rsa.privateKey, ed25519: ed25519.privateKey }

const base64 = (key: typeof rsa.publicKey) => key.export({ type: 'spki', format: 'der' })
/** The DNS, as far as our keys are in it. */
const resolver = async (name: string) => {
  if (name === 's1r._domainkey.music.example')
    return [[`v=DKIM1; k=rsa; p=${base64(rsa.publicKey).toString('base64')}`]]
  if (name === 's1e._domainkey.music.example')
    return [[`v=DKIM1; k=ed25519; p=${base64(ed25519.publicKey).subarray(-32).toString('base64')}`]]
  throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
}

const letter: Letter = {
  fromName: 'Les Sœurs Été',
  fromAddress: 'hello@music.example',
  to: 'lea@fans.example',
  subject: 'Un titre offert : « Ritournelle »',
  text: 'Bonjour Léa,\n\nvoici un titre.\n.\n  À bientôt  ',
  html: '<p>Bonjour Léa,</p>\n<p>voici  un titre.</p>',
  messageId: 'd1-abc@music.example',
  date: new Date('2026-11-25T18:00:00Z'),
  headers: [
    ['List-Unsubscribe', '<https://music.example/leave/abc>'],
    ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
    ['Reply-To', 'r+abc@music.example'],
  ],
  boundary: '=_boundary',
  signFor: 'music.example',
}

const write = (one: Letter, signed = true) => {
  const written = writeLetter(one)
  const signatures = signed ? signLetter(written, keys, one.date) : []
  return `${[...signatures, ...written.headers].join('\r\n')}\r\n\r\n${written.body}`
}
const verify = async (text: string) => (await dkimVerify(Buffer.from(text, 'latin1'), { resolver })).results
const verdicts = async (text: string) => (await verify(text)).map(({ status }) => status.result)

test('both signatures are good for an independent verifier, and cover the headers of one-click unsubscribing', async () => {
  const results = await verify(write(letter))
  expect(results.map(({ status, algo }) => [algo, status.result])).toEqual([
    ['rsa-sha256', 'pass'],
    ['ed25519-sha256', 'pass'],
  ])
  for (const { signingHeaders, status } of results) {
    const covered = signingHeaders?.keys.toLowerCase().split(': ')
    expect(covered).toEqual(
      expect.arrayContaining(['from', 'to', 'subject', 'list-unsubscribe', 'list-unsubscribe-post']),
    )
    expect(status.aligned).toBe('music.example')
  }
})

test('a signature breaks when any signed header or the body is changed, or a second From is put there', async () => {
  const text = write(letter)
  for (const [from, to] of [
    ['https://music.example/leave', 'https://evil.example/leave'],
    ['One-Click', 'Two-Click'],
    ['lea@fans', 'leo@fans'],
    ['voici', 'voila'],
    ['Date: Wed', 'Date: Thu'],
  ] as const) {
    expect(text).toContain(from)
    expect(await verdicts(text.replace(from, to))).not.toContain('pass')
  }
  expect(await verdicts(text.replace('From: ', 'From: evil@evil.example\r\nFrom: '))).not.toContain('pass')
})

test('what anybody writes stays in its header and in its text, on short lines, and its signature is good', async () => {
  const awkward = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 120 }),
    fc.stringMatching(/^[ -~\r\n\t]{0,200}$/),
    fc.constantFrom(
      'x\r\nBcc: a@evil.example',
      'é'.repeat(200),
      '=?UTF-8?Q?a?=',
      '.\r\n.\r\nQUIT',
      ' ',
      '\u2028Bcc: b@c',
      'a'.repeat(900),
      'a'.repeat(2000),
    ),
  )
  await fc.assert(
    fc.asyncProperty(awkward, awkward, awkward, awkward, async (fromName, subject, text, html) => {
      const headers: [string, string][] = [
        ...letter.headers,
        ['X-Note', subject],
        [text, 'value'],
        ['Bcc', 'x@evil.example'],
      ]
      const raw = write({ ...letter, fromName, subject, text, html, headers })
      expect(raw).not.toMatch(/[^\r\n\t -~]|[^\r]\n|\r[^\n]/)
      expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998)
      const parsed = await simpleParser(Buffer.from(raw, 'latin1'))
      expect(parsed.bcc).toBeUndefined()
      expect(parsed.from?.value).toHaveLength(1)
      expect(parsed.from?.value[0]?.address).toBe('hello@music.example')
      expect(parsed.headerLines.filter(({ key }) => key === 'subject')).toHaveLength(1)
      expect(await verdicts(raw)).toEqual(['pass', 'pass'])
    }),
    { numRuns: 150 },
  )
})

test('words arrive as they were written', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('mot', 'été', '日本', '🎵', '«', '»', 'a=b', '.', 'From', 'x'.repeat(90)), {
        minLength: 1,
        maxLength: 60,
      }),
      async (words) => {
        const subject = words.join(' ')
        const text = words.join(' ').replaceAll(' From', '\nFrom').replaceAll(' .', '\n.')
        const parsed = await simpleParser(Buffer.from(write({ ...letter, subject, text, html: null }, false), 'latin1'))
        expect(parsed.subject).toBe(subject)
        expect(parsed.text?.trimEnd()).toBe(text)
      },
    ),
    { numRuns: 150 },
  )
  const parsed = await simpleParser(Buffer.from(write(letter), 'latin1'))
  expect(parsed.from?.value).toEqual([{ name: 'Les Sœurs Été', address: 'hello@music.example' }])
  expect(parsed.html).toContain('<p>Bonjour Léa,</p>')
  expect(parsed.messageId).toBe('<d1-abc@music.example>')
})

test('an address in any script is written and signed as servers carry it', async () => {
  const raw = write({ ...letter, to: 'léa@été.example' })
  expect(Buffer.from(raw, 'latin1').toString('utf8')).toContain('\r\nTo: léa@xn--t-9fab.example\r\n')
  expect(await verdicts(raw)).toEqual(['pass', 'pass'])
})

test('an Ed25519 key signs, or says why not: nothing is unsigned in silence', () => {
  const wrong = { ...keys, ed25519: createPrivateKey(rsa.privateKey.export({ type: 'pkcs8', format: 'pem' })) }
  const written = writeLetter(letter)
  expect(signLetter(written, keys, letter.date)).toHaveLength(2)
  expect(() => signLetter(written, { ...keys, rsa: null as never }, letter.date)).toThrow()
  expect(() => signLetter(written, wrong, letter.date)).toThrow()
})

test('a token names its delivery whatever happens to its case, and cannot be made by others', () => {
  const signer = createSigner('k'.repeat(40))
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 45 }), (id) => {
      const token = deliveryToken(signer, id)
      expect(readDeliveryToken(signer, token.toUpperCase())).toBe(id)
      expect(readDeliveryToken(createSigner('j'.repeat(40)), token)).toBeNull()
      expect(returnPathFor('bounces@music.example', token).split('@')[0]?.length).toBeLessThanOrEqual(64)
    }),
  )
  const token = deliveryToken(signer, 42)
  expect(readDeliveryToken(signer, token.replace(/^../, '17'))).toBeNull()
  expect(readDeliveryToken(signer, '')).toBeNull()
})
