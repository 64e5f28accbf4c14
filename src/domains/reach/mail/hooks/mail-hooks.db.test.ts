import { createHmac, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '../../../../platform/ids.ts'
import { type TestPlatform, testApp, testPlatform } from '../../../../testing/index.ts'
import { addressHash } from '../../../fans/index.ts'
import { createArtist } from '../../../identity/index.ts'
import { enqueueOne } from '../../enqueue.ts'
import { basicAuth } from '../../providers/ask.ts'
import { addProvider } from '../../providers.store.ts'
import { deliveryToken, returnPathFor } from '../token.rules.ts'
import { hookAddress } from './addresses.ts'
import { mailHooks } from './mail-hooks.routes.ts'
import { openSns, type Sns, TOPIC } from './sns.fixtures.ts'

const KEY = 'key-of-mailgun'

let platform: TestPlatform
let sns: Sns
let artistId: string
let providers: Record<'ses' | 'postmark' | 'mailgun', string>
beforeAll(async () => {
  platform = await testPlatform({ BASE_URL: 'https://music.example' })
  sns = await openSns()
  artistId = (await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Ana' }))).id
  const add = (settings: Record<string, unknown>, secrets = {}) =>
    addProvider(platform.db, platform.sealer, {
      ...{ artistId, channel: 'mail', kind: 'smtp', name: '', secrets },
      settings: { host: 'smtp.example', port: 587, fromAddress: 'hello@music.example', ...settings },
    })
  providers = {
    ses: await add({ service: 'ses', topicArn: TOPIC }),
    postmark: await add({ service: 'postmark', hookSince: '1' }),
    mailgun: await add({ service: 'mailgun' }, { hookKey: KEY }),
  }
})
afterAll(async () => {
  await sns.close()
  await platform.close()
})
beforeEach(() => platform.pool.query('delete from deliveries; delete from suppressions; delete from hook_tokens'))

let count = 0
/** A message that left by a service. */
async function left(service: keyof typeof providers, state = 'handed') {
  const address = `fan${++count}@fans.example`
  const [fanId, addressId] = [newId(), newId()]
  const hash = addressHash(platform.signer, 'mail', address)
  await platform.pool.query('insert into fans (id, person_id, name) values ($1, $2, $3)', [fanId, newId(), 'Zoé'])
  await platform.pool.query(
    `insert into fan_addresses (id, fan_id, channel, address, address_key, address_hash) values ($1, $2, 'mail', $3, $3, $4)`,
    [addressId, fanId, address, hash],
  )
  await platform.pool.query(
    `insert into subscriptions (id, fan_id, address_id, artist_id, channel, state, asked_at, joined_at) values ($1, $2, $3, $4, 'mail', 'active', now(), now())`,
    [newId(), fanId, addressId, artistId],
  )
  const id = await platform.db.transaction().execute((tx) =>
    enqueueOne(tx, {
      ...{ kind: 'answer', channel: 'mail', artistId, fanId, addressId, address, language: 'en' },
      ...{ message: { subject: 'Hello', text: 'Hello' }, dueAt: platform.now() },
    }),
  )
  await platform.pool.query(
    `update deliveries set state = $2, provider_id = $3, handed_at = now(), holder = 'dead/1' where id = $1`,
    [id, state, providers[service]],
  )
  return { id, address, addressId, hash, token: deliveryToken(platform.signer, id) }
}
const stateOf = async (id: number) =>
  (await platform.pool.query('select state, problem from deliveries where id = $1', [id])).rows[0]
const suppressed = async (hash: string) =>
  (await platform.pool.query('select reason from suppressions where address_hash = $1', [hash])).rows.map(
    ({ reason }) => reason,
  )
const joined = async (addressId: string) =>
  (await platform.pool.query('select state from subscriptions where address_id = $1', [addressId])).rows[0].state

async function post(service: string, provider: string, body: string, headers: Record<string, string> = {}) {
  const hooks = mailHooks(platform, [], sns.ask)
  hooks.onError((_, c) => c.body(null, 500))
  return (await hooks.request(`/hooks/${service}/${provider}`, { method: 'POST', body, headers })).status
}

// Amazon SES, by SNS.

const ses = (token: string, more: object) => ({
  mail: {
    timestamp: '2026-11-25T10:00:00.000Z',
    source: returnPathFor('bounces@music.example', token),
    messageId: '0102017f-000000',
    destination: ['somebody@fans.example'],
  },
  ...more,
})
const sesBounce = (token: string, bounceType: string, bounceSubType: string, action = 'failed') =>
  ses(token, {
    notificationType: 'Bounce',
    bounce: {
      ...{ bounceType, bounceSubType },
      bouncedRecipients: [
        { emailAddress: 'x@fans.example', status: '5.1.1', action, diagnosticCode: 'smtp; 550 5.1.1 No such user' },
      ],
    },
  })
const tellSes = (body: string) => post('ses', providers.ses, body, { 'content-type': 'text/plain; charset=UTF-8' })

test('SES: delivered, then a hard bounce after all, each told three times', async () => {
  const { id, token, hash } = await left('ses')
  const delivery = sns.post(ses(token, { notificationType: 'Delivery', delivery: { recipients: ['x@fans.example'] } }))
  for (let time = 0; time < 3; time++) expect(await tellSes(delivery)).toBe(204)
  expect(await stateOf(id)).toEqual({ state: 'delivered', problem: null })
  const bounce = sns.post(sesBounce(token, 'Permanent', 'General'), { SignatureVersion: '1', Subject: 'Amazon SES' })
  for (let time = 0; time < 3; time++) expect(await tellSes(bounce)).toBe(204)
  expect(await stateOf(id)).toMatchObject({ state: 'bounced', problem: expect.stringContaining('5.1.1 No such user') })
  expect(await suppressed(hash)).toEqual(['hard-bounce'])
  // Out of order: what came late changes nothing.
  expect(await tellSes(sns.post(ses(token, { eventType: 'Delivery', delivery: {} })))).toBe(204)
  expect(await stateOf(id)).toMatchObject({ state: 'bounced' })
})

test('SES: a soft bounce ends the message and no acquaintance; after a delivery it is somebody who is away', async () => {
  const [full, away] = [await left('ses'), await left('ses')]
  await tellSes(sns.post(sesBounce(full.token, 'Transient', 'MailboxFull')))
  await tellSes(sns.post(ses(away.token, { notificationType: 'Delivery', delivery: {} })))
  await tellSes(sns.post(sesBounce(away.token, 'Transient', 'General')))
  expect([(await stateOf(full.id)).state, (await stateOf(away.id)).state]).toEqual(['bounced', 'delivered'])
  expect([...(await suppressed(full.hash)), ...(await suppressed(away.hash))]).toEqual([])
})

test('SES: a complaint ends the subscription; "not spam" does not', async () => {
  const { token, hash, addressId } = await left('ses')
  await tellSes(
    sns.post(ses(token, { notificationType: 'Complaint', complaint: { complaintFeedbackType: 'not-spam' } })),
  )
  expect(await suppressed(hash)).toEqual([])
  await tellSes(sns.post(ses(token, { notificationType: 'Complaint', complaint: { complaintFeedbackType: 'abuse' } })))
  expect([await joined(addressId), await suppressed(hash)]).toEqual(['left', ['complaint']])
})

test('SNS forged: another topic, another word, another certificate, an address elsewhere, no envelope, yesterday’s', async () => {
  const { id, token, hash } = await left('ses')
  const bounce = sesBounce(token, 'Permanent', 'General')
  const of = (more: object, forge = {}) => sns.post(bounce, more, forge)
  const forged = [
    of({ TopicArn: TOPIC.replace('123456789012', '210987654321') }),
    of({}, { Message: JSON.stringify({ ...bounce, x: 1 }) }),
    of({}, { Signature: '' }),
    of({ SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-other.pem' }),
    of({ SigningCertURL: 'https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-1.pem' }),
    of({ SigningCertURL: 'https://s3.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem' }),
    of({ SigningCertURL: 'http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem' }),
    of({ SigningCertURL: 'https://x@sns.eu-west-1.amazonaws.com:444/SimpleNotificationService-1.pem' }),
    of({ Timestamp: new Date(Date.now() - 25 * 3600_000).toISOString() }),
    JSON.stringify(bounce),
    'no JSON',
  ]
  for (const body of forged) expect(await tellSes(body)).toBe(403)
  expect(await post('ses', providers.mailgun, of({}))).toBe(403)
  expect([await stateOf(id), await suppressed(hash)]).toEqual([{ state: 'handed', problem: null }, []])
})

test('a subscription is confirmed at SNS, and nowhere else', async () => {
  const path = '/?Action=ConfirmSubscription&TopicArn=x&Token=t'
  const ask = (SubscribeURL: string) =>
    sns.post('You have chosen …', { Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL })
  const visits = () => sns.requests.filter((request) => request.path === path).length
  expect(await tellSes(ask(`https://sns.eu-west-1.amazonaws.com${path}`))).toBe(204)
  expect(visits()).toBe(1)
  expect(await tellSes(ask(`https://evil.example${path}`))).toBe(403)
  expect(await tellSes(ask('https://sns.eu-west-1.amazonaws.com/nothing'))).toBe(502)
  expect(visits()).toBe(1)
})

test('a service of one artist says nothing of what left by another’s, and of nobody’s it is taken and forgotten', async () => {
  const { id, token } = await left('mailgun')
  expect(await tellSes(sns.post(sesBounce(token, 'Permanent', 'General')))).toBe(204)
  const forged = token.replace(/-.{4}/, '-0000')
  expect(await tellSes(sns.post(sesBounce(forged, 'Permanent', 'General')))).toBe(204)
  expect(await tellSes(sns.post('Successfully validated SNS topic for Amazon SES event publishing.'))).toBe(204)
  expect(await stateOf(id)).toEqual({ state: 'handed', problem: null })
})

test('quicker than we write: said again, it is heard; what nobody knew is known then', async () => {
  const { id, token } = await left('ses', 'handing')
  await platform.pool.query('update deliveries set provider_id = null where id = $1', [id])
  const body = sns.post(ses(token, { notificationType: 'Delivery', delivery: {} }))
  expect(await tellSes(body)).toBe(503)
  await platform.pool.query(`update deliveries set state = 'uncertain', provider_id = $2 where id = $1`, [
    id,
    providers.ses,
  ])
  expect(await tellSes(body)).toBe(204)
  expect(await stateOf(id)).toEqual({ state: 'delivered', problem: null })
})

test('while our database is away, it is to be said again', async () => {
  const { id, token } = await left('ses')
  const body = sns.post(sesBounce(token, 'Permanent', 'General'))
  await platform.pool.query('alter table deliveries rename to away')
  expect(await tellSes(body)).toBe(500)
  await platform.pool.query('alter table away rename to deliveries')
  expect(await tellSes(body)).toBe(204)
  expect(await stateOf(id)).toMatchObject({ state: 'bounced' })
})

// Postmark.

const postmark = (token: string, more: object) =>
  JSON.stringify({ MessageID: newId(), ServerID: 1, MessageStream: 'outbound', Metadata: { delivery: token }, ...more })

test('Postmark: the address carries its name and password; bounces, complaints, deliveries', async () => {
  const { rows } = await platform.pool.query('select id, settings from providers where id = $1', [providers.postmark])
  const address = new URL(hookAddress('https://music.example', platform.signer, 'postmark', rows[0]))
  const headers = { authorization: basicAuth(address.username, address.password) }
  const tell = (body: string, with_: Record<string, string> = headers) =>
    post('postmark', providers.postmark, body, with_)
  const [dead, soft, late, bored, machine] = await Promise.all(Array.from({ length: 5 }, () => left('postmark')))
  if (!dead || !soft || !late || !bored || !machine) throw new Error()
  const bounce = (token: string, Type: string) =>
    postmark(token, { RecordType: 'Bounce', ID: ++count, Type, Details: 'smtp;550 5.1.1 unknown' })
  expect(await tell(bounce(dead.token, 'HardBounce'), {})).toBe(403)
  expect(await tell(bounce(dead.token, 'HardBounce'), { authorization: basicAuth('postmark', 'guess') })).toBe(403)
  expect((await stateOf(dead.id)).state).toBe('handed')
  const hard = bounce(dead.token, 'HardBounce')
  for (let time = 0; time < 3; time++) expect(await tell(hard)).toBe(200)
  expect(await tell(bounce(soft.token, 'SoftBounce'))).toBe(200)
  expect(await tell(bounce(late.token, 'Transient'))).toBe(200)
  expect(await tell(bounce(machine.token, 'AutoResponder'))).toBe(200)
  expect(await tell(postmark(bored.token, { RecordType: 'SpamComplaint', ID: 5, Type: 'SpamComplaint' }))).toBe(200)
  expect(await tell(postmark(late.token, { RecordType: 'Delivery', Recipient: 'x' }))).toBe(200)
  expect(await tell('{}')).toBe(400)
  const states = await Promise.all([dead, soft, late, machine].map(async ({ id }) => (await stateOf(id)).state))
  expect(states).toEqual(['bounced', 'bounced', 'delivered', 'handed'])
  const why = await Promise.all([dead, soft, bored].map(({ hash }) => suppressed(hash)))
  expect(why).toEqual([['hard-bounce'], [], ['complaint']])
})

// Mailgun.

const sign = (timestamp: number, token: string, key = KEY) =>
  createHmac('sha256', key)
    .update(timestamp + token)
    .digest('hex')
function mailgun(event: object, { at = Date.now(), key = KEY, token = randomBytes(25).toString('hex') } = {}) {
  const timestamp = Math.floor(at / 1000)
  const signature = { timestamp: String(timestamp), token, signature: sign(timestamp, token, key) }
  return JSON.stringify({ signature, 'event-data': event })
}
const failed = (token: string, more: object = {}) => ({
  event: 'failed',
  severity: 'permanent',
  reason: 'bounce',
  'delivery-status': { code: 550, 'enhanced-code': '5.1.1', message: '5.1.1 No such user', description: '' },
  message: { headers: { 'message-id': `${token}@music.example` } },
  ...more,
})
const tellMailgun = (body: string) => post('mailgun', providers.mailgun, body)

test('Mailgun: hard, temporary, complained, delivered; a token counts once', async () => {
  const [dead, later, bored] = [await left('mailgun'), await left('mailgun'), await left('mailgun')]
  const body = mailgun(failed(dead.token))
  expect(await tellMailgun(body)).toBe(200)
  expect([await tellMailgun(body), await tellMailgun(body)]).toEqual([406, 406])
  expect([await stateOf(dead.id), await suppressed(dead.hash)]).toEqual([
    { state: 'bounced', problem: '550 5.1.1 No such user' },
    ['hard-bounce'],
  ])
  expect(await tellMailgun(mailgun(failed(later.token, { severity: 'temporary' })))).toBe(200)
  expect(await stateOf(later.id)).toMatchObject({ state: 'handed', problem: '550 5.1.1 No such user' })
  expect(await tellMailgun(mailgun({ ...failed(later.token), event: 'delivered' }))).toBe(200)
  expect(await stateOf(later.id)).toEqual({ state: 'delivered', problem: null })
  expect(await tellMailgun(mailgun({ ...failed(bored.token), event: 'complained' }))).toBe(200)
  expect([await joined(bored.addressId), await suppressed(bored.hash)]).toEqual(['left', ['complaint']])
})

test('Mailgun forged, old, or with words put under the signature of others', async () => {
  const { id, token } = await left('mailgun')
  const hour = 3600_000
  for (const body of [
    mailgun(failed(token), { key: 'guess' }),
    mailgun(failed(token), { at: Date.now() - 10 * hour }),
    mailgun(failed(token), { at: Date.now() + hour }),
    '{}',
  ])
    expect(await tellMailgun(body)).toBe(403)
  const heard = mailgun({ ...failed(token), event: 'opened' })
  expect(await tellMailgun(heard)).toBe(200)
  const changed = JSON.stringify({ ...JSON.parse(heard), 'event-data': failed(token) })
  expect(await tellMailgun(changed)).toBe(406)
  expect(await stateOf(id)).toEqual({ state: 'handed', problem: null })
})

test('they are routes of the place, open to whoever can prove who they are', async () => {
  const answer = await testApp(platform).request(`/hooks/mailgun/${providers.mailgun}`, { method: 'POST', body: '{}' })
  expect(answer.status).toBe(403)
})
