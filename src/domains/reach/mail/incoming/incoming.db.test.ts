import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../../platform/ids.ts'
import { type TestPlatform, testPlatform } from '../../../../testing/index.ts'
import { addressHash } from '../../../fans/index.ts'
import { createArtist } from '../../../identity/index.ts'
import { enqueueOne } from '../../enqueue.ts'
import { replyAddress } from '../reply-address.rules.ts'
import { deliveryToken } from '../token.rules.ts'
import { listenForMail, type MailListening } from './listen-for-mail.ts'
import { understandMail } from './understand-mail.ts'

let platform: TestPlatform
let listening: MailListening
let artistId: string
beforeAll(async () => {
  platform = await testPlatform({
    MAIL_LISTEN: '127.0.0.1:0',
    MAIL_REPLIES: 'replies.example',
    MAIL_FROM: 'Us <hello@music.example>',
  })
  listening = await listenForMail(platform)
  artistId = (await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Ana' }))).id
})
afterAll(async () => {
  await listening.close()
  await platform.close()
})

type Sent = { from?: string; to: string; raw: string; times?: number }

/** Hands a mail over as a mail server does, and lets the job make sense of each that was kept. */
async function comesIn({ from = '', to, raw, times = 1 }: Sent, { lmtp = false, port = listening.port } = {}) {
  const transport = createTransport({ host: '127.0.0.1', port: port ?? 0, lmtp, ignoreTLS: true })
  for (let time = 0; time < times; time++)
    await transport.sendMail({ envelope: { from, to }, raw: raw.replaceAll('\n', '\r\n') })
  transport.close()
  const rows = await platform.db.selectFrom('received').select('id').where('recipient', '=', to).execute()
  for (const { id } of rows) {
    await understandMail({ ...platform, others: [] }, { receivedId: id })
    await understandMail({ ...platform, others: [] }, { receivedId: id })
  }
  return platform.db.selectFrom('received').selectAll().where('recipient', '=', to).execute()
}

let count = 0
async function handed() {
  const address = `fan${++count}@fans.example`
  const [fanId, addressId] = [newId(), newId()]
  const hash = addressHash(platform.signer, 'mail', address)
  await platform.pool.query('insert into fans (id, person_id, name) values ($1, $2, $3)', [fanId, newId(), 'Zoé'])
  await platform.pool.query(
    'insert into fan_addresses (id, fan_id, channel, address, address_key, address_hash) values ($1, $2, $3, $4, $4, $5)',
    [addressId, fanId, 'mail', address, hash],
  )
  await platform.pool.query(
    `insert into subscriptions (id, fan_id, address_id, artist_id, channel, state, asked_at, joined_at) values ($1, $2, $3, $4, 'mail', 'active', now(), now())`,
    [newId(), fanId, addressId, artistId],
  )
  await platform.db.transaction().execute((tx) =>
    enqueueOne(tx, {
      kind: 'answer',
      artistId,
      fanId,
      addressId,
      channel: 'mail',
      address,
      language: 'en',
      dueAt: platform.now(),
      message: { subject: 'Hello', text: 'Hello' },
    }),
  )
  const { rows } = await platform.pool.query(
    `update deliveries set state = 'handed', handed_at = now() where address_id = $1 returning id`,
    [addressId],
  )
  const id = Number(rows[0].id)
  const token = deliveryToken(platform.signer, id)
  return { id, address, addressId, fanId, hash, token, returnPath: `hello+${token}@music.example` }
}
const stateOf = async (id: number) =>
  (await platform.pool.query('select state, problem from deliveries where id = $1', [id])).rows[0]
const suppressed = async (hash: string) =>
  (await platform.pool.query('select reason from suppressions where address_hash = $1', [hash])).rows.map(
    ({ reason }) => reason,
  )
const joined = async (addressId: string) =>
  (await platform.pool.query('select state from subscriptions where address_id = $1', [addressId])).rows[0].state

const dsn = (action: string, status: string, said: string, original = '') => `From: MAILER-DAEMON@mx.example
To: hello@music.example
Message-ID: <${++count}.dsn@mx.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
 boundary="=_b"

--=_b
Content-Type: text/plain

It could not be delivered.

--=_b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; somebody@fans.example
Action: ${action}
Status: ${status}
Diagnostic-Code: smtp; ${said}

--=_b
Content-Type: text/rfc822-headers

Message-ID: <${original}@music.example>
Subject: Hello

--=_b--
`

const complaint = (original: string) => `From: fbl@host.example
To: hello@music.example
Message-ID: <${++count}.arf@host.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="=_b"

--=_b
Content-Type: text/plain

This is an abuse report.

--=_b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Host/1.0
Version: 1

--=_b
Content-Type: message/rfc822

From: hello@music.example
Message-ID: <${original}@music.example>
Subject: Hello

Hello
--=_b--
`

const DEAD = '550 5.1.1 No such user'

test('a bounce that says that an address is dead ends its delivery and is the last message to it, said once or thrice', async () => {
  const { id, hash, returnPath } = await handed()
  const rows = await comesIn({ to: returnPath, raw: dsn('failed', '5.1.1', DEAD), times: 3 })
  expect(rows.map(({ understood }) => understood)).toEqual(['bounce'])
  expect(await stateOf(id)).toEqual({ state: 'bounced', problem: DEAD })
  expect(await suppressed(hash)).toEqual(['hard-bounce'])
})

test('a full mailbox, or a delay, ends no acquaintance', async () => {
  const full = await handed()
  await comesIn({ to: full.returnPath, raw: dsn('failed', '5.2.2', '552 5.2.2 Mailbox full') })
  expect(await stateOf(full.id)).toMatchObject({ state: 'bounced' })
  const late = await handed()
  await comesIn({ to: late.returnPath, raw: dsn('delayed', '4.4.1', 'no answer from host') })
  expect(await stateOf(late.id)).toEqual({ state: 'handed', problem: '4.4.1 no answer from host' })
  expect([await suppressed(full.hash), await suppressed(late.hash)]).toEqual([[], []])
})

test('a server that took only the bare sender is answered there: the Message-ID names the message', async () => {
  const { id, token } = await handed()
  const to = 'hello@music.example'
  await comesIn({ to, raw: dsn('failed', '5.1.1', DEAD, token) })
  expect(await stateOf(id)).toMatchObject({ state: 'bounced' })
})

test('a forged token does nothing', async () => {
  const { id, hash, token } = await handed()
  const forged = `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`
  const to = `hello+${forged}@music.example`
  const rows = await comesIn({ to, raw: dsn('failed', '5.1.1', DEAD, forged) })
  expect(rows.map(({ understood }) => understood)).toEqual(['unknown'])
  expect([await stateOf(id), await suppressed(hash)]).toEqual([{ state: 'handed', problem: null }, []])
})

test('a bounce for an address that has another owner by now says nothing about them', async () => {
  const { id, address, addressId, hash, returnPath } = await handed()
  const other = newId()
  await platform.pool.query('update fan_addresses set removed_at = now() where id = $1', [addressId])
  await platform.pool.query('insert into fans (id, person_id, name) values ($1, $2, $3)', [other, newId(), 'Léa'])
  await platform.pool.query(
    `insert into fan_addresses (id, fan_id, channel, address, address_key, address_hash) values ($1, $2, 'mail', $3, $3, $4)`,
    [newId(), other, address, hash],
  )
  await comesIn({ to: returnPath, raw: dsn('failed', '5.1.1', DEAD) })
  expect(await stateOf(id)).toMatchObject({ state: 'bounced' })
  expect(await suppressed(hash)).toEqual([])
})

test('whoever presses "this is spam" has left, and is written to no more', async () => {
  const { addressId, hash, token, returnPath } = await handed()
  const rows = await comesIn({ from: 'fbl@host.example', to: returnPath, raw: complaint(token) })
  expect(rows.map(({ understood }) => understood)).toEqual(['complaint'])
  expect([await joined(addressId), await suppressed(hash)]).toEqual(['left', ['complaint']])
})

test('what somebody writes goes on with their own words; what a program writes is known as such', async () => {
  const { id, address } = await handed()
  const to = replyAddress(platform.signer, 'replies.example', { deliveryId: id })
  const raw = `From: Zoé <${address}>
To: ${to}
Subject: Re: Hello
Message-ID: <own${id}@fans.example>
Content-Type: text/plain; charset=utf-8

Merci, c'est beau.

Le mer. 25 nov. 2026 à 10:00, Ana <hello@music.example> a écrit :
> Hello
`
  const said = await comesIn({ from: address, to, raw, times: 2 })
  expect(said).toMatchObject([
    { sender: address, subject: 'Re: Hello', text: "Merci, c'est beau.", understood: 'waiting', handledAt: null },
  ])
  const { rows } = await platform.pool.query(`select count(*)::int as count from graphile_worker.jobs where key = $1`, [
    `reach.received:${said[0]?.id}`,
  ])
  expect(rows).toEqual([{ count: 1 }])
  const away = raw.replace('Subject: Re: Hello', 'Subject: Absent\nAuto-Submitted: auto-replied')
  const both = await comesIn({ from: address, to, raw: away.replace('<own', '<away') })
  expect(both.map(({ understood }) => understood).toSorted()).toEqual(['automatic', 'waiting'])
})

test('mail for nobody here is refused, and so is one that is too large, before anything is kept', async () => {
  const raw = 'From: a@b.example\nSubject: Hi\n\nHi\n'
  await expect(comesIn({ from: 'a@b.example', to: 'who@elsewhere.example', raw })).rejects.toThrow('5.1.1')
  const small = await listenForMail(platform, 10_000)
  const large = { from: 'a@b.example', to: 'big@replies.example', raw: raw + 'x\n'.repeat(10_000) }
  await expect(comesIn(large, { port: small.port })).rejects.toThrow('552')
  await small.close()
  const { rows } = await platform.pool.query(
    `select from received where recipient in ('who@elsewhere.example', 'big@replies.example')`,
  )
  expect(rows).toEqual([])
})

test('LMTP is spoken as well', async () => {
  const over = { ...platform, config: { ...platform.config, mailListen: { lmtp: true, host: '127.0.0.1', port: 0 } } }
  const lmtp = await listenForMail(over)
  const raw = 'From: a@b.example\nSubject: Hi\nMessage-ID: <lmtp@b.example>\n\nHi\n'
  const rows = await comesIn({ from: 'a@b.example', to: 'any@replies.example', raw }, { lmtp: true, port: lmtp.port })
  expect(rows).toMatchObject([{ subject: 'Hi', text: 'Hi' }])
  await lmtp.close()
})
