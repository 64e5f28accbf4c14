import { createDecipheriv, createECDH, createPublicKey, type ECDH, hkdfSync, randomBytes, verify } from 'node:crypto'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestPlatform, testApp, testPlatform } from '../../../testing/index.ts'
import { joinByPush } from '../../fans/index.ts'
import { createArtist } from '../../identity/index.ts'
import type { Handed, OpenedProvider } from '../channel.types.ts'
import { type HttpPeer, openHttpPeer, type PeerAnswer, type PeerRequest } from '../providers/http-peer.fixtures.ts'
import { openProvider } from '../providers.store.ts'
import { pushChannel } from './channel.ts'
import { SERVICE_WORKER } from './service-worker.ts'
import { pushKey } from './vapid.store.ts'

let platform: TestPlatform
let peer: HttpPeer | null = null
let artistId: string
let slug: string
beforeEach(async () => {
  platform = await testPlatform()
  const made = await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Nuit Verte' }))
  artistId = made.id
  slug = made.slug
})
afterEach(async () => {
  await platform.close()
  await peer?.close()
  peer = null
})

/** A browser: it alone can read what is encrypted for it. */
type Browser = { ecdh: ECDH; auth: Buffer; keys: { p256dh: string; auth: string } }
function browser(): Browser {
  const ecdh = createECDH('prime256v1')
  const p256dh = ecdh.generateKeys()
  const auth = randomBytes(16)
  return { ecdh, auth, keys: { p256dh: p256dh.toString('base64url'), auth: auth.toString('base64url') } }
}

/** RFC 8188 and RFC 8291, by hand: one record, its padding ended by a 2. */
function decrypt({ ecdh, auth }: Browser, body: Buffer): string {
  const salt = body.subarray(0, 16)
  const size = body.readUInt32BE(16)
  const sender = body.subarray(21, 21 + body.readUInt8(20))
  const record = body.subarray(21 + sender.length)
  expect(record.length).toBeLessThanOrEqual(size)
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), ecdh.getPublicKey(), sender])
  const secret = Buffer.from(hkdfSync('sha256', ecdh.computeSecret(sender), auth, info, 32))
  const derive = (what: string, length: number) =>
    Buffer.from(hkdfSync('sha256', secret, salt, `Content-Encoding: ${what}\0`, length))
  const decipher = createDecipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12))
  decipher.setAuthTag(record.subarray(-16))
  const plain = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()])
  return plain.toString('utf8', 0, plain.lastIndexOf(2))
}

/** RFC 8292: who sends, to whom, until when, signed by the key that browsers know. */
function verifiedClaims(authorization: string, key: string): Record<string, unknown> | null {
  const [, token = '', shown = ''] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(authorization) ?? []
  const [header = '', claims = '', signature = ''] = token.split('.')
  const point = Buffer.from(shown, 'base64url')
  if (shown !== key || point.length !== 65) return null
  const part = (from: number) => point.subarray(from, from + 32).toString('base64url')
  const jwk = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: part(1), y: part(33) }, format: 'jwk' })
  const right = verify(
    'sha256',
    Buffer.from(`${header}.${claims}`),
    { key: jwk, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  return right ? JSON.parse(Buffer.from(claims, 'base64url').toString()) : null
}

/** As strict as a push service (RFC 8030). */
const service =
  (key: string, url: () => string, answers: Record<string, PeerAnswer> = {}) =>
  ({ method, path, headers, octets }: PeerRequest): PeerAnswer => {
    const claims = verifiedClaims(headers.authorization ?? '', key)
    const seconds = Number(claims?.['exp']) - Date.now() / 1000
    if (!claims || claims['aud'] !== url() || !(seconds > 0 && seconds <= 86_400)) return { status: 403 }
    if (!/^(mailto:|https:)/.test(String(claims['sub']))) return { status: 403 }
    if (method !== 'POST' || !/^\d+$/.test(String(headers['ttl'])) || headers['content-encoding'] !== 'aes128gcm')
      return { status: 400 }
    if (octets.length > 4_096) return { status: 413 }
    return answers[path] ?? { status: 201 }
  }

async function opened() {
  const key = await pushKey(platform)
  const { id } = await platform.db
    .selectFrom('providers')
    .select('id')
    .where('kind', '=', 'vapid')
    .executeTakeFirstOrThrow()
  return { key, provider: (await openProvider(platform.db, platform.sealer, id)) as OpenedProvider }
}
const handed = (address: string, { keys }: Browser, message: Handed['message']): Handed => ({
  deliveryId: 1,
  kind: 'announcement',
  channel: 'push',
  announcementId: null,
  artistId,
  labelId: null,
  fanId: null,
  address,
  keys,
  domain: '',
  language: 'fr',
  attempt: 1,
  senderName: 'Nuit Verte',
  message,
})
const hand = async (provider: OpenedProvider, batch: Handed[]) =>
  (await pushChannel.open(platform, provider)).hand(batch, {
    beginBefore: new Date(Date.now() + 60_000),
    signal: new AbortController().signal,
  })

test('the keys of a place are made once, however many ask, and the private one is sealed', async () => {
  const keys = await Promise.all(Array.from({ length: 5 }, () => pushKey(platform)))
  expect(new Set(keys).size).toBe(1)
  const rows = await platform.db.selectFrom('providers').selectAll().where('kind', '=', 'vapid').execute()
  expect(rows).toHaveLength(1)
  const { provider } = await opened()
  expect(JSON.stringify(rows)).not.toContain(provider.secrets['privateKey'])
})

test('a notice can be read by that browser alone, and the service knows whose it is', async () => {
  const { key, provider } = await opened()
  peer = await openHttpPeer(service(key, () => peer?.url ?? ''))
  const [one, other] = [browser(), browser()]
  const href = 'http://ritornello.test/l/abc'
  const text = `Une chanson, ce soir. ${'é'.repeat(2_000)}`
  expect(await hand(provider, [handed(`${peer.url}/send/1`, one, { subject: 'À minuit', text, href })])).toEqual([
    { is: 'handed', ref: 'push-1' },
  ])
  const body = peer.requests[0]?.octets ?? Buffer.alloc(0)
  expect(JSON.parse(decrypt(one, body))).toEqual({ title: 'À minuit', body: text.slice(0, 500), href, language: 'fr' })
  expect(() => decrypt(other, body)).toThrow()
})

test('a browser that took its subscription back is forgotten; a busy service is asked later', async () => {
  const { key, provider } = await opened()
  const busy: PeerAnswer = { status: 429, headers: { 'retry-after': '120' } }
  const answers: Record<string, PeerAnswer> = {
    '/gone': { status: 410 },
    '/unknown': { status: 404 },
    '/busy': busy,
    '/broken': { status: 500 },
    '/large': { status: 413 },
    '/drop': 'drop',
  }
  peer = await openHttpPeer(service(key, () => peer?.url ?? '', answers))
  const { url } = peer
  const ours = browser()
  const joined = await platform.db.transaction().execute((tx) =>
    joinByPush(tx, platform, {
      to: { artistId },
      endpoint: 'https://push.example.com/gone',
      keys: ours.keys,
      wording: 'Yes',
      language: 'fr',
      source: 'form',
    }),
  )
  expect(joined.ok).toBe(true)
  // The address of the service on this machine could not be joined with: it is no public one.
  await platform.pool.query(`update fan_addresses set address = $1 where channel = 'push'`, [`${url}/gone`])
  const batch = [...Object.keys(answers), '/fine'].map((path) => handed(url + path, ours, { text: 'hello' }))
  expect(await hand(provider, batch)).toMatchObject([
    { is: 'refused', suppress: 'hard-bounce' },
    { is: 'refused', suppress: 'hard-bounce' },
    { is: 'later', holds: 'domain', at: expect.any(Date) },
    { is: 'later', holds: 'domain' },
    { is: 'refused' },
    { is: 'unknown' },
    { is: 'handed' },
  ])
  expect(await platform.db.selectFrom('subscriptions').select('state').execute()).toEqual([{ state: 'left' }])
})

const say = (what: string, body: unknown) =>
  testApp(platform).request(`/push/${slug}/${what}?lang=fr`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: 'http://ritornello.test',
      'sec-fetch-site': 'same-origin',
    },
    body: JSON.stringify(body),
  })

test('a press joins, the words that were shown are kept, and another press leaves', async () => {
  const subscription = { endpoint: 'https://push.example.com/abc', expirationTime: null, keys: browser().keys }
  expect((await say('join', subscription)).status).toBe(204)
  const { rows } = await platform.pool.query(
    `select s.state, c.wording, c.language, c.source, a.keys from subscriptions s join fan_addresses a on a.id = s.address_id
     join consents c on c.address_id = a.id where s.channel = 'push' and s.artist_id = $1 order by c.at`,
    [artistId],
  )
  expect(rows.at(-1)).toMatchObject({ state: 'active', language: 'fr', source: 'form', keys: subscription.keys })
  expect(rows.at(-1).wording).toContain('Nuit Verte peut envoyer des notifications')
  expect((await say('leave', { endpoint: subscription.endpoint })).status).toBe(204)
  expect(await platform.db.selectFrom('subscriptions').select('state').execute()).toEqual([{ state: 'left' }])
})

test('what is no subscription of a public service is refused', async () => {
  const { keys } = browser()
  const statuses = await Promise.all(
    [
      { endpoint: 'http://push.example.com/abc', keys },
      { endpoint: 'https://localhost/abc', keys },
      { endpoint: 'https://10.0.0.1/abc', keys },
      { endpoint: 'https://push.example.com/abc', keys: { ...keys, auth: 'short' } },
      { endpoint: 'https://push.example.com/abc' },
    ].map(async (body) => (await say('join', body)).status),
  )
  expect(statuses).toEqual(Array(5).fill(400))
  expect(await platform.db.selectFrom('fanAddresses').select('id').execute()).toEqual([])
})

test('the service worker shows the notice and opens its link, never one of another site', async () => {
  const listeners = new Map<string, (event: unknown) => void>()
  const done: unknown[] = []
  const location = new URL('https://music.example/sw.js')
  const self = {
    addEventListener: (name: string, heard: (event: unknown) => void) => listeners.set(name, heard),
    registration: { showNotification: (title: string, options: unknown) => done.push([title, options]) },
    clients: { openWindow: (href: string) => done.push(href) },
  }
  runInNewContext(SERVICE_WORKER, { self, location, URL })
  const waitUntil = () => undefined
  const notice = { title: 'À minuit', body: 'Une chanson', href: 'https://music.example/l/abc', language: 'fr' }
  listeners.get('push')?.({ data: { json: () => notice }, waitUntil })
  expect(done.pop()).toMatchObject(['À minuit', { body: 'Une chanson', lang: 'fr', data: { href: notice.href } }])
  const press = (href: string) =>
    listeners.get('notificationclick')?.({ notification: { close: () => undefined, data: { href } }, waitUntil })
  press(notice.href)
  press('https://elsewhere.example/')
  expect(done).toEqual([notice.href, '/'])
  const answer = await testApp(platform).request('/sw.js')
  expect([answer.headers.get('content-type'), await answer.text()]).toEqual([
    'text/javascript; charset=utf-8',
    SERVICE_WORKER,
  ])
})
