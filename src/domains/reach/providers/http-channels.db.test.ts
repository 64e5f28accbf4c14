import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import { type TestPlatform, testApp, testPlatform } from '../../../testing/index.ts'
import { createArtist } from '../../identity/index.ts'
import type { Handed, OpenedProvider, Outcome } from '../channel.types.ts'
import { addProvider, openProvider } from '../providers.store.ts'
import { androidChannel } from './android/channel.ts'
import { registerAndroid } from './android/register.ts'
import { type HttpPeer, openHttpPeer, type PeerAnswer, type PeerRequest } from './http-peer.fixtures.ts'
import { twilioChannel } from './twilio/channel.ts'
import { twilioSignatures } from './twilio/signature.ts'

let platform: TestPlatform
let peer: HttpPeer
let artistId: string
beforeEach(async () => {
  platform = await testPlatform()
  artistId = (await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Nuit Verte' }))).id
})
afterEach(async () => {
  await platform.close()
  await peer.close()
})

const SID = 'AC0123456789abcdef0123456789abcdef'
const TOKEN = 'a token'
const later = () => ({ beginBefore: new Date(Date.now() + 60_000), signal: new AbortController().signal })
const handed = (deliveryId: number, text = 'Bonjour à tous', address = '+33612345678'): Handed => ({
  deliveryId,
  kind: 'notice',
  channel: 'sms',
  announcementId: null,
  artistId,
  labelId: null,
  fanId: null,
  address,
  keys: null,
  domain: 'FR',
  language: 'fr',
  attempt: 1,
  senderName: 'Nuit Verte',
  message: { text },
})

async function provider(
  kind: 'twilio' | 'android',
  settings: Record<string, unknown>,
  secrets: Record<string, string>,
) {
  const { db, sealer } = platform
  const id = await addProvider(db, sealer, { artistId, channel: 'sms', kind, name: kind, settings, secrets })
  return (await openProvider(db, sealer, id)) as OpenedProvider
}
async function hand(
  kind: 'twilio' | 'android',
  to: OpenedProvider,
  batch: Handed[],
  options = later(),
): Promise<Outcome[]> {
  const channel = await (kind === 'twilio' ? twilioChannel : androidChannel).open(platform, to)
  return channel.hand(batch, options)
}
/** A delivery that the provider has taken. */
async function taken(providerId: string, ref: string): Promise<void> {
  await platform.pool.query(
    `insert into deliveries (kind, artist_id, channel, language, state, due_at, provider_id, provider_ref)
     values ('notice', $1, 'sms', 'fr', 'handed', now(), $2, $3)`,
    [artistId, providerId, ref],
  )
}
const states = async () => await platform.db.selectFrom('deliveries').select(['state', 'problem']).execute()
const received = () =>
  platform.db.selectFrom('received').select(['sender', 'recipient', 'text', 'providerRef']).execute()

/** As strict as the real one: https://www.twilio.com/docs/messaging/api/message-resource */
function twilio(request: PeerRequest, count: number): PeerAnswer {
  const refuse = (status: number, code: number, message: string): PeerAnswer => ({
    status,
    json: { code, message, more_info: '', status },
  })
  const { method, path, headers, body } = request
  if (headers.authorization !== `Basic ${Buffer.from(`${SID}:${TOKEN}`).toString('base64')}`)
    return refuse(401, 20003, 'Authenticate')
  if (method !== 'POST' || path !== `/2010-04-01/Accounts/${SID}/Messages.json`) return refuse(404, 20404, 'not found')
  if (headers['content-type'] !== 'application/x-www-form-urlencoded') return refuse(400, 21601, 'not a form')
  const form = new URLSearchParams(body)
  if (!/^\+[1-9]\d{6,14}$/.test(form.get('To') ?? '')) return refuse(400, 21211, "Invalid 'To' Phone Number")
  if (form.get('To') === '+33600000610') return refuse(400, 21610, 'unsubscribed recipient')
  if (form.get('To') === '+33600000429') return { status: 429, headers: { 'retry-after': '30' }, json: { code: 20429 } }
  if (form.get('To') === '+33600000500') return { status: 500 }
  if (form.get('To') === '+33600000000') return 'drop'
  if (form.has('From') === form.has('MessagingServiceSid')) return refuse(400, 21603, "A 'From' is required")
  if (!form.get('Body') || [...(form.get('Body') as string)].length > 1600) return refuse(400, 21617, 'too long')
  if (!URL.canParse(form.get('StatusCallback') ?? '')) return refuse(400, 21609, 'Invalid StatusCallback')
  return { status: 201, json: { sid: `SM${String(count).padStart(32, '0')}`, status: 'queued', error_code: null } }
}

const twilioProvider = async (more: Record<string, unknown> = {}, token = TOKEN) => {
  peer = await openHttpPeer(twilio)
  const settings = { url: peer.url, accountSid: SID, from: '+33700000000', ...more }
  return provider('twilio', settings, { authToken: token })
}

test('a message to Twilio is as its API wants it, and is called as Twilio calls it', async () => {
  const to = await twilioProvider()
  expect(await hand('twilio', to, [handed(1)])).toEqual([{ is: 'handed', ref: `SM${'1'.padStart(32, '0')}` }])
  expect(Object.fromEntries(new URLSearchParams(peer.requests[0]?.body))).toEqual({
    To: '+33612345678',
    From: '+33700000000',
    Body: 'Bonjour à tous',
    StatusCallback: `http://ritornello.test/hooks/twilio/${to.id}/status`,
  })
})

test('by a messaging service instead of a number', async () => {
  const to = await twilioProvider({ from: 'MG0123456789abcdef' })
  expect(await hand('twilio', to, [handed(1)])).toMatchObject([{ is: 'handed' }])
})

test('what Twilio refuses: for good, with STOP, for now, for everybody; and what nobody knows', async () => {
  const to = await twilioProvider()
  const one = (address: string) => handed(1, 'hello', address)
  const outcomes = await hand('twilio', to, [
    one('+0'),
    one('+33600000610'),
    one('+33600000429'),
    one('+33600000500'),
    one('+33600000000'),
    handed(1, 'x'.repeat(1601)),
  ])
  expect(outcomes).toMatchObject([
    { is: 'refused', suppress: 'hard-bounce' },
    { is: 'refused', suppress: 'refused' },
    { is: 'later', holds: 'provider', at: expect.any(Date) },
    { is: 'unknown' },
    { is: 'unknown' },
    { is: 'refused', problem: '21617 too long' },
  ])
  const wrong = await provider('twilio', { ...to.settings }, { authToken: 'wrong' })
  expect(await hand('twilio', wrong, [handed(1)])).toMatchObject([{ is: 'later', holds: 'provider' }])
  const closed = await openHttpPeer(() => 'drop')
  await closed.close()
  for (const url of [closed.url, 'http://127.0.0.1:1', 'http://nowhere.invalid']) {
    const nowhere = await provider('twilio', { ...to.settings, url }, { authToken: TOKEN })
    expect(await hand('twilio', nowhere, [handed(1)])).toMatchObject([{ is: 'later', holds: 'provider' }])
  }
  const stopped = { ...later(), beginBefore: new Date(0) }
  expect(await hand('twilio', to, [handed(1)], stopped)).toEqual([{ is: 'untouched' }])
})

test('the signature is that of the example in Twilio’s own library', () => {
  const fields: [string, string][] = [
    ['Digits', '1234'],
    ['CallSid', 'CA1234567890ABCDE'],
    ['To', '+18005551212'],
    ['From', '+14158675309'],
    ['Caller', '+14158675309'],
  ]
  const url = 'https://mycompany.com/myapp.php?foo=1&bar=2'
  expect(twilioSignatures('12345', url, fields)).toContain('RSOYDt4T1cUTdK1PDd93/VVr8B8=')
})

function sayTwilio(
  id: string,
  what: string,
  fields: Record<string, string>,
  { token = TOKEN, ...changed }: { token?: string; body?: string } = {},
) {
  const all = { AccountSid: SID, ...fields }
  const sorted = Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))
  const url = `http://ritornello.test/hooks/twilio/${id}/${what}`
  const signature = createHmac('sha1', token)
    .update(url + sorted.map(([k, v]) => k + v).join(''))
    .digest('base64')
  return testApp(platform).request(`/hooks/twilio/${id}/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature },
    body: changed.body ?? new URLSearchParams(all).toString(),
  })
}

test('what became of a message: three times, in the wrong order, it counts once', async () => {
  const { id } = await twilioProvider()
  await taken(id, 'SM1')
  for (const MessageStatus of ['sent', 'delivered', 'delivered', 'sent', 'delivered', 'undelivered'])
    expect((await sayTwilio(id, 'status', { MessageSid: 'SM1', MessageStatus, ErrorCode: '30003' })).status).toBe(204)
  expect(await states()).toEqual([{ state: 'delivered', problem: null }])
})

test('a message that was not delivered says why; a status that comes before the answer waits for it', async () => {
  const { id } = await twilioProvider()
  await sayTwilio(id, 'status', { MessageSid: 'SM2', MessageStatus: 'undelivered', ErrorCode: '30005' })
  await taken(id, 'SM2')
  await sayTwilio(id, 'status', { MessageSid: 'SM2', MessageStatus: 'undelivered', ErrorCode: '30005' })
  expect(await states()).toEqual([{ state: 'bounced', problem: 'undelivered 30005' }])
})

test('what comes in by Twilio is kept once, however often it is said', async () => {
  const { id } = await twilioProvider()
  const said = { MessageSid: 'SM9', From: '+33612345678', To: '+33700000000', Body: 'arrêt\0 !', NumMedia: '0' }
  for (let n = 0; n < 3; n++) {
    const answer = await sayTwilio(id, 'received', said)
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('<Response/>')])
  }
  expect(await received()).toEqual([
    { sender: '+33612345678', recipient: '+33700000000', text: 'arrêt !', providerRef: 'SM9' },
  ])
})

test('what is forged is not believed: another key, another account, a changed word, another provider, no signature', async () => {
  const { id } = await twilioProvider()
  const said = { MessageSid: 'SM9', From: '+33612345678', Body: 'STOP' }
  const changed = new URLSearchParams({ AccountSid: SID, ...said, From: '+33699999999' }).toString()
  const answers = await Promise.all([
    sayTwilio(id, 'received', said, { token: 'a guess' }),
    sayTwilio(id, 'received', { ...said, AccountSid: 'AC9' }),
    sayTwilio(id, 'received', said, { body: changed }),
    sayTwilio(newId(), 'received', said),
    sayTwilio('nobody', 'received', said),
    testApp(platform).request(`/hooks/twilio/${id}/received`, { method: 'POST', body: 'Body=STOP' }),
  ])
  expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(403))
  expect(await received()).toEqual([])
})

/** As strict as the app: its LocalServer and MessagesRoutes, and the server’s 3rdparty API. */
function telephone(path: string, on: { refuses?: (to: string) => PeerAnswer | null } = {}) {
  const known = new Set<string>()
  return ({ method, path: asked, headers, body }: PeerRequest): PeerAnswer => {
    if (headers.authorization !== `Basic ${Buffer.from('sms:pass').toString('base64')}`) return { status: 401 }
    if (method === 'GET') return { status: known.has(asked.slice(path.length + 1)) ? 200 : 404, json: {} }
    if (asked.endsWith('/webhooks')) {
      const { id, url, event } = JSON.parse(body)
      return id && URL.canParse(url) && event ? { status: 201, json: JSON.parse(body) } : { status: 400 }
    }
    if (asked !== path || headers['content-type'] !== 'application/json') return { status: 404 }
    const { id, textMessage, phoneNumbers, simNumber } = JSON.parse(body)
    const wrong = (message: string): PeerAnswer => ({ status: 400, json: { message } })
    if (!textMessage?.text) return wrong('Text message is empty')
    if (!Array.isArray(phoneNumbers) || phoneNumbers.length !== 1) return wrong('phoneNumbers is empty')
    if (!/^\+[1-9]\d{6,14}$/.test(phoneNumbers[0])) return wrong('Invalid phone number in row 1')
    if (simNumber !== undefined && simNumber < 1) return wrong('simNumber must be >= 1')
    if (id.length > 36) return wrong('id is too long')
    const refused = on.refuses?.(phoneNumbers[0])
    if (refused && refused !== 'drop') return refused
    if (known.has(id)) return { status: 409, json: { message: 'duplicate id' } }
    known.add(id)
    return (
      refused ?? { status: 202, json: { id, state: 'Pending', recipients: [], isEncrypted: false, isHashed: false } }
    )
  }
}

const SECRETS = { password: 'pass', signingKey: 'the key of the app' }

test.each([
  ['local', '/message', ''],
  ['cloud', '/3rdparty/v1/messages', '/3rdparty/v1'],
])('one’s own telephone, %s: a message is as the app wants it, by our own name', async (mode, path, prefix) => {
  peer = await openHttpPeer(telephone(path))
  const to = await provider('android', { mode, url: peer.url + prefix, username: 'sms', sim: 2 }, SECRETS)
  const [first, again] = [await hand('android', to, [handed(7)]), await hand('android', to, [handed(7)])]
  expect(first).toEqual([{ is: 'handed', ref: `${to.id.slice(-12)}-7-1` }])
  expect(again).toEqual(first)
  expect(JSON.parse(peer.requests[0]?.body ?? '')).toEqual({
    id: `${to.id.slice(-12)}-7-1`,
    textMessage: { text: 'Bonjour à tous' },
    phoneNumbers: ['+33612345678'],
    withDeliveryReport: true,
    ttl: 86_400,
    simNumber: 2,
  })
})

test('a telephone that breaks off is asked whether it has the message', async () => {
  const busy = { status: 503, headers: { 'retry-after': '60' }, json: { message: 'queue is full' } }
  peer = await openHttpPeer(
    telephone('/message', {
      refuses: (to) =>
        to.endsWith('1') ? 'drop' : to.endsWith('2') ? { status: 500 } : to.endsWith('3') ? busy : null,
    }),
  )
  const to = await provider('android', { mode: 'local', url: peer.url, username: 'sms' }, SECRETS)
  const one = (n: number, address: string) => handed(n, 'hello', address)
  expect(
    await hand('android', to, [one(1, '+33600000001'), one(2, '+33600000002'), one(3, '+33600000003'), one(4, '12')]),
  ).toMatchObject([
    { is: 'handed' },
    { is: 'later' },
    { is: 'later', holds: 'provider', problem: '503 queue is full', at: expect.any(Date) },
    { is: 'refused', problem: '400 Invalid phone number in row 1' },
  ])
  const wrong = await provider('android', { ...to.settings }, { password: 'wrong' })
  expect(await hand('android', wrong, [handed(1)])).toMatchObject([{ is: 'later', holds: 'provider' }])
})

test('the telephone is told where to say what comes in', async () => {
  peer = await openHttpPeer(telephone('/message'))
  const to = await provider('android', { mode: 'local', url: peer.url, username: 'sms' }, SECRETS)
  expect(await registerAndroid(platform, to)).toEqual({ ok: true, value: undefined })
  expect(peer.requests.map(({ body }) => JSON.parse(body))).toEqual(
    ['sms:received', 'sms:delivered', 'sms:failed'].map((event) => ({
      id: `${to.id.slice(-12)}-${event.slice(4)}`,
      url: `http://ritornello.test/hooks/android/${to.id}`,
      event,
    })),
  )
})

function sayTelephone(
  id: string,
  event: unknown,
  { key = SECRETS.signingKey, at = platform.now(), body = JSON.stringify(event) } = {},
) {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  return testApp(platform).request(`/hooks/android/${id}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-timestamp': timestamp,
      'x-signature': createHmac('sha256', key)
        .update(JSON.stringify(event) + timestamp)
        .digest('hex'),
    },
    body,
  })
}
const event = (event: string, payload: Record<string, unknown>, id = newId()) => ({
  deviceId: 'ffffffffceb0b1db0000018e937c815b',
  event,
  id,
  payload: { messageId: 'abc', simNumber: 1, ...payload },
  webhookId: 'hook',
})
const telephoneProvider = async () => {
  peer = await openHttpPeer(telephone('/message'))
  return provider('android', { mode: 'local', url: peer.url, username: 'sms', country: 'FR' }, SECRETS)
}

test('what a telephone receives is kept once, and a number without its prefix is read as from its country', async () => {
  const { id } = await telephoneProvider()
  const old = event('sms:received', {
    phoneNumber: '06 12 34 56 78',
    message: 'Où ça ?',
    receivedAt: '2026-11-25T12:00:00.000+01:00',
  })
  for (let n = 0; n < 3; n++) expect((await sayTelephone(id, old)).status).toBe(204)
  await sayTelephone(
    id,
    event('sms:received', { sender: 'ORANGE', recipient: '+33700000000', phoneNumber: 'x', message: 'Pub' }),
  )
  expect((await received()).map(({ sender, recipient, text }) => [sender, recipient, text])).toEqual([
    ['+33612345678', '', 'Où ça ?'],
    ['ORANGE', '+33700000000', 'Pub'],
  ])
})

test('what became of a message: each part says so, and the first final word counts', async () => {
  const { id } = await telephoneProvider()
  await taken(id, 'abc')
  await sayTelephone(id, event('sms:sent', { partsCount: 2 }))
  expect(await states()).toEqual([{ state: 'handed', problem: null }])
  for (let n = 0; n < 2; n++) await sayTelephone(id, event('sms:delivered', {}))
  await sayTelephone(id, event('sms:failed', { reason: 'late' }))
  expect(await states()).toEqual([{ state: 'delivered', problem: null }])
  await taken(id, 'def')
  await sayTelephone(id, event('sms:failed', { messageId: 'def', reason: 'RESULT_ERROR_LIMIT_EXCEEDED' }))
  expect((await states()).at(-1)).toEqual({ state: 'bounced', problem: 'RESULT_ERROR_LIMIT_EXCEEDED' })
})

test('what is forged, listened to and sent again later, or changed on its way, is not believed', async () => {
  const { id } = await telephoneProvider()
  const said = event('sms:received', { phoneNumber: '+33612345678', message: 'STOP' })
  const hourAgo = new Date(platform.now().getTime() - 3_600_000)
  const answers = await Promise.all([
    sayTelephone(id, said, { key: 'a guess' }),
    sayTelephone(id, said, { at: hourAgo }),
    sayTelephone(id, said, { body: JSON.stringify(said).replace('STOP', 'START') }),
    sayTelephone(newId(), said),
    testApp(platform).request(`/hooks/android/${id}`, { method: 'POST', body: JSON.stringify(said) }),
  ])
  expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(403))
  expect(await received()).toEqual([])
})
