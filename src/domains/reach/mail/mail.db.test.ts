import { createServer } from 'node:net'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { simpleParser } from 'mailparser'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openMailer } from '../../../platform/mail/index.ts'
import { createSealer } from '../../../platform/sealing.ts'
import { frozenAnnouncement } from '../../../testing/announcement.ts'
import { type TestPlatform, testPlatform } from '../../../testing/index.ts'
import { createArtist } from '../../identity/index.ts'
import { deliver } from '../engine/deliver.ts'
import { context, states } from '../engine/engine.fixtures.ts'
import { enqueueOne } from '../enqueue.ts'
import { makeParts } from '../parts.ts'
import { addProvider } from '../providers.store.ts'
import { type Mood, type Peer, startPeer } from './peer.fixtures.ts'
import { makeSendingDomain } from './sending-domains.store.ts'
import { signRaw } from './sign-raw.ts'
import { readDeliveryToken } from './token.rules.ts'

let platform: TestPlatform
let peers: Peer[] = []
beforeAll(async () => {
  platform = await testPlatform({ BASE_URL: 'https://music.example' })
})
afterAll(() => platform.close())
beforeEach(async () => {
  await platform.pool.query(
    'delete from deliveries; delete from announcements; delete from suppressions; delete from fans',
  )
})
afterEach(async () => {
  await Promise.all(peers.map((peer) => peer.close()))
  peers = []
})

const moody = async (moodFor?: (to: string, attempt: number) => Mood, options = {}) => {
  const peer = await startPeer(moodFor, options)
  peers.push(peer)
  return peer
}

/** An artist who sends by this port, and an announcement for so many fans: a long one, if its size is told. */
async function artistOn(port: number, count: number, { settings = {}, size = 0, password = '' } = {}) {
  const { id: artistId } = await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Les Sœurs' }))
  const providerId = await addProvider(platform.db, platform.sealer, {
    artistId,
    channel: 'mail',
    kind: 'smtp',
    name: 'Peer',
    settings: {
      host: '127.0.0.1',
      port,
      security: 'any',
      fromAddress: 'hello@music.example',
      timeoutMs: 400,
      ...settings,
    },
    secrets: { password },
  })
  const { announcementId } = await frozenAnnouncement(platform, artistId, count)
  const body = size
    ? 'x'
        .repeat(60)
        .concat('\n')
        .repeat(size / 61)
    : 'Bonjour, voici un titre.'
  await platform.db
    .insertInto('announcementTexts')
    .values({ announcementId, language: 'en', channel: '', title: 'Un titre « offert »', body })
    .execute()
  return {
    artistId,
    announcementId,
    send: () => deliver(platform, makeParts({}), { providerId }, context()),
    providerId,
  }
}

const problems = async (announcementId: string) =>
  (
    await platform.db
      .selectFrom('deliveries')
      .select('problem')
      .where('announcementId', '=', announcementId)
      .where('problem', 'is not', null)
      .orderBy('id')
      .execute()
  ).map(({ problem }) => problem)

test('everybody gets a signed mail of their own over connections that are used again', async () => {
  const peer = await moody()
  const { artistId, announcementId, send } = await artistOn(peer.port, 60)
  const records = (await makeSendingDomain(platform, 'Music.Example', { artistId, labelId: null })) ?? []
  await send()
  expect(await states(platform, announcementId)).toEqual({ handed: 60 })
  expect(new Set(peer.got.map(({ to }) => to)).size).toBe(60)
  expect(peer.connections()).toBeLessThanOrEqual(5)

  const [first] = peer.got
  const raw = Buffer.from(first?.raw ?? '', 'latin1')
  const resolver = async (name: string) => records.filter((record) => record.name === name).map(({ value }) => [value])
  const { results } = await dkimVerify(raw, { resolver })
  expect(results.map(({ status, algo }) => [algo, status.result, status.aligned])).toEqual([
    ['rsa-sha256', 'pass', 'music.example'],
    ['ed25519-sha256', 'pass', 'music.example'],
  ])
  const parsed = await simpleParser(raw)
  expect(parsed.from?.value).toEqual([{ name: 'Les Sœurs', address: 'hello@music.example' }])
  expect(parsed.subject).toBe('Un titre « offert »')
  expect(parsed.headers.get('precedence')).toBe('bulk')
  expect(parsed.headers.get('feedback-id')).toContain(announcementId)

  // Both its Message-ID and its return path say which delivery it is, and that we say so.
  const { id } = await platform.db
    .selectFrom('deliveries')
    .select('id')
    .where('address', '=', first?.to ?? '')
    .executeTakeFirstOrThrow()
  const [, token = ''] = first?.from.match(/^hello\+(.+)@music\.example$/) ?? []
  expect(readDeliveryToken(platform.signer, token)).toBe(id)
  expect(parsed.messageId).toBe(`<${token}@music.example>`)
})

test('keys that were sealed under another secret give way to new ones; good ones stay', async () => {
  const before = await makeSendingDomain(platform, 'keys.example')
  expect(await makeSendingDomain(platform, 'KEYS.example')).toEqual(before)
  const elsewhere = { ...platform, sealer: createSealer('another secret of this place, long enough') }
  const after = await makeSendingDomain(elsewhere, 'keys.example')
  expect(after).not.toEqual(before)
  expect(await makeSendingDomain(elsewhere, 'keys.example')).toEqual(after)
  expect(await makeSendingDomain(platform, 'no domain')).toBeNull()
})

test('an artist’s letters are signed with keys of their own, never with those of another or of the place', async () => {
  const place = (await makeSendingDomain(platform, 'music.example')) ?? []
  const peer = await moody()
  const [mine, other] = [await artistOn(peer.port, 2), await artistOn(peer.port, 1)]
  const of = (artistId: string) => makeSendingDomain(platform, 'music.example', { artistId, labelId: null })
  const theirs = (await of(other.artistId)) ?? []
  await mine.send()
  expect(peer.got).toHaveLength(2)
  for (const { raw } of peer.got) expect(raw).not.toContain('DKIM-Signature')
  const own = (await of(mine.artistId)) ?? []
  expect(new Set([...place, ...theirs, ...own].map(({ name }) => name)).size).toBe(6)
  await other.send()
  await platform.pool.query(
    `with again as (update announcements set state = 'leaving', finished_at = null where id = $1)
     update deliveries set state = 'queued', settled_at = null, holder = null where announcement_id = $1`,
    [mine.announcementId],
  )
  await mine.send()
  const resolver = async (name: string) => own.filter((record) => record.name === name).map(({ value }) => [value])
  const { results } = await dkimVerify(Buffer.from(peer.got.at(-1)?.raw ?? '', 'latin1'), { resolver })
  expect(results.map(({ status }) => status.result)).toEqual(['pass', 'pass'])
})

test('a way in by mail is signed as well, when the place has keys for the domain that it is from', async () => {
  const records = (await makeSendingDomain(platform, 'music.example')) ?? []
  const peer = await moody()
  const mailer = openMailer(
    { smtpUrl: `smtp://127.0.0.1:${peer.port}`, mailFrom: 'Us <us@music.example>', baseUrl: 'https://music.example' },
    () => undefined,
  )
  mailer.signWith(signRaw(platform))
  const words = 'Voici : https://music.example/studio/enter/abc\n\n\u00a0— à bientôt\n.\nune ligne  \n\n'
  await mailer.send({
    to: 'lea@fans.example',
    subject: 'Votre lien, dès ce soir',
    text: words,
    html: `<p>${words}</p>`,
  })
  const resolver = async (name: string) => records.filter((record) => record.name === name).map(({ value }) => [value])
  const { results } = await dkimVerify(Buffer.from(peer.got[0]?.raw ?? '', 'latin1'), { resolver })
  expect(results.map(({ status }) => [status.result, status.aligned])).toEqual([
    ['pass', 'music.example'],
    ['pass', 'music.example'],
  ])
  mailer.close()
})

test('the headers of one-click unsubscribing are inside the signature', async () => {
  const peer = await moody()
  const { artistId, send } = await artistOn(peer.port, 0)
  const records = (await makeSendingDomain(platform, 'music.example', { artistId, labelId: null })) ?? []
  await platform.db.transaction().execute((tx) =>
    enqueueOne(tx, {
      kind: 'digest',
      channel: 'mail',
      artistId,
      address: 'lea@fans.example',
      language: 'fr',
      message: {
        subject: 'La semaine',
        text: 'Voici',
        html: '<p>Voici</p>',
        unsubscribe: 'https://music.example/leave/abc',
      },
      dueAt: platform.now(),
    }),
  )
  // A digest is for who subscribes: this one is nobody's.
  await send()
  expect(peer.got).toHaveLength(0)
  await platform.pool.query(`update deliveries set state = 'queued', kind = 'notice', settled_at = null`)
  await send()
  const [mail] = peer.got
  const resolver = async (name: string) => records.filter((record) => record.name === name).map(({ value }) => [value])
  const { results } = await dkimVerify(Buffer.from(mail?.raw ?? '', 'latin1'), { resolver })
  expect(results).toHaveLength(2)
  for (const { status, signingHeaders } of results) {
    expect(status.result).toBe('pass')
    expect(signingHeaders?.keys.toLowerCase().split(': ')).toEqual(
      expect.arrayContaining(['list-unsubscribe', 'list-unsubscribe-post']),
    )
  }
  expect(mail?.raw).toMatch(/^List-Unsubscribe: <https:\/\/music\.example\/leave\/abc>\r$/m)
  expect(mail?.raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m)
  expect(mail?.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m)
})

test('refused for good: a dead address is never written to again, an opinion is only this message’s', async () => {
  const peer = await moody((to) => ({
    ...(to.startsWith('fan1-') && { recipient: '550 5.1.1 no such user' }),
    ...(to.startsWith('fan2-') && { recipient: '550 5.7.1 not from you' }),
    ...(to.startsWith('fan3-') && { content: '554 5.6.0 not this' }),
    ...(to.startsWith('fan4-') && { recipient: '550 Mailbox unavailable' }),
  }))
  const { announcementId, send } = await artistOn(peer.port, 20)
  await send()
  expect(await states(platform, announcementId)).toEqual({ bounced: 2, failed: 2, handed: 16 })
  const { rows } = await platform.pool.query(
    `select f.name from suppressions s join fan_addresses a using (address_hash) join fans f on f.id = a.fan_id order by 1`,
  )
  expect(rows.map(({ name }) => name)).toEqual(['Fan 1', 'Fan 4'])
  expect(await problems(announcementId)).toEqual(
    expect.arrayContaining(['550 5.1.1 no such user', '554 5.6.0 not this']),
  )
})

test('greylisted, it is tried again later, and arrives once', async () => {
  const peer = await moody((_, attempt) => (attempt === 1 ? { recipient: '450 4.2.0 greylisted, come back' } : {}))
  const { announcementId, send } = await artistOn(peer.port, 5)
  await send()
  expect(peer.got).toHaveLength(0)
  expect(await states(platform, announcementId)).toEqual({ queued: 5 })
  // Not before its time.
  await send()
  expect(peer.got).toHaveLength(0)
  platform.pass(10 * 60_000)
  await send()
  expect(await states(platform, announcementId)).toEqual({ handed: 5 })
  expect(peer.got).toHaveLength(5)
})

test('refused for now by the message’s end, it is tried again; refused for days, it is given up', async () => {
  const peer = await moody(() => ({ content: '452 4.3.1 no room' }))
  const { announcementId, send } = await artistOn(peer.port, 1)
  for (let attempt = 0; attempt < 12; attempt++) {
    await send()
    platform.pass(13 * 3_600_000)
  }
  expect(await states(platform, announcementId)).toEqual({ failed: 1 })
  expect(await problems(announcementId)).toEqual(['452 4.3.1 no room'])
  expect(peer.whole).toHaveLength(11)
})

test('cut off after the last dot, it may have arrived: uncertain, and never sent again by itself', async () => {
  const peer = await moody((to) => (/^fan[1-3]-/.test(to) ? { cut: 'after' } : {}))
  const { announcementId, send } = await artistOn(peer.port, 12)
  await send()
  await send()
  expect(await states(platform, announcementId)).toEqual({ uncertain: 3, handed: 9 })
  expect(peer.whole).toHaveLength(12)
})

test('a server that never answers the last dot leaves it uncertain as well', async () => {
  const peer = await moody((to) => (to.startsWith('fan2-') ? { silent: true } : {}))
  const { announcementId, send } = await artistOn(peer.port, 6)
  await send()
  expect(await states(platform, announcementId)).toEqual({ uncertain: 1, handed: 5 })
  expect(await problems(announcementId)).toEqual(['Timeout'])
})

test('cut off in the middle of a message, it was no message: it is sent again', async () => {
  // Longer than any buffer on the way: its end has not left when the server hangs up.
  const peer = await moody((to, attempt) => (to.startsWith('fan1-') && attempt === 1 ? { cut: 'middle' } : {}))
  const { announcementId, send } = await artistOn(peer.port, 2, { size: 4_000_000, settings: { timeoutMs: 20_000 } })
  await send()
  expect(await states(platform, announcementId)).toEqual({ handed: 2 })
  expect(peer.whole).toHaveLength(2)
})

test('a server that hangs without a greeting holds everything, and is asked again later', async () => {
  const silent = createServer(() => undefined)
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const { port } = silent.address() as { port: number }
  const { announcementId, send, providerId } = await artistOn(port, 30)
  await send()
  silent.close()
  expect(await states(platform, announcementId)).toEqual({ queued: 30 })
  const pause = await platform.db
    .selectFrom('handPauses')
    .selectAll()
    .where('providerId', '=', providerId)
    .executeTakeFirstOrThrow()
  expect(pause).toMatchObject({ domain: '', problem: expect.stringMatching(/greeting|timeout/i) })
  const { rows } = await platform.pool.query('select distinct attempts from deliveries')
  expect(rows).toEqual([{ attempts: 0 }])
})

test('a server that is away, or refuses encryption or the password: nothing is lost, and the reason is kept', async () => {
  const peer = await moody()
  const strict = await moody(undefined, {
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: (_: unknown, __: unknown, done: (e: Error) => void) => done(new Error('bad password')),
  })
  const gone = await moody()
  await gone.close()
  for (const [port, settings, reason] of [
    [peer.port, { security: 'starttls' }, /STARTTLS/],
    [strict.port, { user: 'lea' }, /Invalid login/],
    [gone.port, {}, /ECONNREFUSED/],
  ] as const) {
    const { announcementId, send, providerId } = await artistOn(port, 4, { settings, password: 'wrong' })
    await send()
    expect(await states(platform, announcementId)).toEqual({ queued: 4 })
    const pause = await platform.db
      .selectFrom('handPauses')
      .select('problem')
      .where('providerId', '=', providerId)
      .executeTakeFirst()
    expect(pause?.problem).toMatch(reason)
  }
  expect([...peer.got, ...strict.got]).toEqual([])
})

test('a server that takes few connections gets few', async () => {
  const peer = await moody(undefined, { maxClients: 2 })
  const { announcementId, send } = await artistOn(peer.port, 80, { settings: { connections: 8 } })
  await send()
  expect(await states(platform, announcementId)).toEqual({ handed: 80 })
  expect(peer.got).toHaveLength(80)
})

test('a server that takes no return path of its own for each message gets the bare one', async () => {
  const peer = await moody(() => ({ sender: '553 5.7.1 not your address' }))
  const { announcementId, send } = await artistOn(peer.port, 10)
  await send()
  expect(await states(platform, announcementId)).toEqual({ handed: 10 })
  expect(new Set(peer.got.map(({ from }) => from))).toEqual(new Set(['hello@music.example']))
})

test('a server that does not take us as a sender says nothing about the fans', async () => {
  const peer = await moody(() => ({ sender: '451 4.7.1 too fast' }))
  const { announcementId, send } = await artistOn(peer.port, 10)
  await send()
  expect(await states(platform, announcementId)).toEqual({ queued: 10 })
  const { rows } = await platform.pool.query('select distinct attempts from deliveries')
  expect(rows).toEqual([{ attempts: 0 }])
})

test('with no server named, letters go where the place’s own letters go', async () => {
  const { id: artistId } = await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Solo' }))
  await platform.db.transaction().execute((tx) =>
    enqueueOne(tx, {
      kind: 'notice',
      channel: 'mail',
      artistId,
      address: 'lea@fans.example',
      language: 'fr',
      message: { subject: 'Confirmez', text: 'Un lien' },
      dueAt: platform.now(),
    }),
  )
  const { rows } = await platform.pool.query(
    `select payload from graphile_worker._private_jobs where key like 'reach.deliver:%5e'`,
  )
  expect(rows).toHaveLength(1)
  await deliver(platform, makeParts({}), rows[0].payload, context())
  expect(platform.mails.at(-1)).toMatchObject({ to: 'lea@fans.example', subject: 'Confirmez', text: 'Un lien' })
})
