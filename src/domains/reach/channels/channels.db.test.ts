import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  FORM,
  type GivenRelease,
  givenRelease,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
} from '../../../testing/index.ts'
import { smsPrices } from '../announce/preview.ts'
import { type Peer, startPeer } from '../mail/peer.fixtures.ts'
import { openProvider, providerFor } from '../providers.store.ts'

let platform: TestPlatform
let given: GivenRelease
let ana: SignedIn
let editor: SignedIn
let stranger: SignedIn
let peer: Peer | null = null
beforeAll(async () => {
  platform = await testPlatform()
  given = await givenRelease(platform, { artist: 'Ana', title: 'Été', tracks: ['Une'], seconds: 40 })
  ana = await signedIn(platform, { artistIds: [given.artistId] })
  editor = await signedIn(platform, { artistIds: [given.artistId], role: 'editor' })
  stranger = await signedIn(platform)
})
afterAll(() => platform.close())
afterEach(async () => {
  await peer?.close()
  peer = null
  await platform.pool.query('delete from deliveries; delete from providers where artist_id is not null')
})

const get = (path: string, who = ana) => testApp(platform).request(path, { headers: who.headers })
const post = (path: string, fields: Record<string, string> = {}, who = ana) =>
  testApp(platform).request(path, {
    method: 'POST',
    headers: { ...FORM, ...who.headers },
    body: new URLSearchParams(fields),
  })

const NEW = '/studio/channels/new/smtp'
const smtp = (port: number) => ({
  host: '127.0.0.1',
  port: String(port),
  security: 'any',
  user: '',
  password: 'Geheim!',
  fromAddress: 'hello@music.example',
})

async function added(port: number): Promise<string> {
  const answer = await post(NEW, smtp(port))
  expect(answer.status).toBe(303)
  return (answer.headers.get('location') ?? '').replace(/\?.*/, '')
}
const idOf = (path: string) => path.split('/').at(-1) as string

test('whoever may not set up channels finds no page of them, nor one of another artist', async () => {
  const path = await added(2525)
  for (const who of [editor, stranger]) {
    expect((await get('/studio/channels', who)).status).toBe(404)
    expect((await get(path, who)).status).toBe(404)
    expect((await post(`${path}/try`, {}, who)).status).toBe(404)
  }
  expect((await get('/studio/settings/channels')).status).toBe(404)
  expect((await get(path.replace('/channels', '/settings/channels'))).status).toBe(404)
})

test('a mail server that was added serves its artist; its password is sealed and shown nowhere', async () => {
  const path = await added(2525)
  expect(await providerFor(platform.db, 'mail', { artistId: given.artistId, labelId: null })).toBe(idOf(path))
  const page = await (await get(path)).text()
  expect(page).toContain('127.0.0.1')
  expect(page).not.toContain('Geheim')
  const { rows } = await platform.pool.query('select settings, secrets from providers where id = $1', [idOf(path)])
  expect(JSON.stringify(rows[0].settings) + rows[0].secrets.toString('latin1')).not.toContain('Geheim')
})

test('saved without its password it keeps it; named another server, it must be said anew', async () => {
  const path = await added(2525)
  const { password: _, ...quiet } = smtp(2526)
  expect((await post(path, { ...quiet, user: 'ana' })).status).toBe(303)
  const kept = await openProvider(platform.db, platform.sealer, idOf(path))
  expect(kept).toMatchObject({ settings: { port: 2526, user: 'ana' }, secrets: { password: 'Geheim!' } })
  expect((await post(path, { ...quiet, user: 'ana', host: 'evil.example' })).status).toBe(422)
  expect((await post(path, { ...quiet, host: 'evil.example' })).status).toBe(303)
  expect((await openProvider(platform.db, platform.sealer, idOf(path)))?.secrets).toEqual({})
})

test('what cannot be right is refused in a sentence', async () => {
  const astray = await post(NEW, { ...smtp(25), returnPath: 'bounces@elsewhere.example' })
  expect(astray.status).toBe(422)
  expect(await astray.text()).toContain('must be in the domain')
  expect((await post(NEW, { ...smtp(25), host: '' })).status).toBe(422)
  expect((await post(NEW, { ...smtp(25), port: 'x' })).status).toBe(422)
  const sid = await post('/studio/channels/new/twilio', {
    accountSid: 'nonsense',
    authToken: 'x',
    from: '+33600000000',
  })
  expect(await sid.text()).toContain('This cannot be right.')
  expect((await get('/studio/channels/new/pigeon')).status).toBe(404)
})

test('a try sends one message to whoever tries, and says what the server said', async () => {
  let refusing = false
  peer = await startPeer(() => (refusing ? { recipient: '550 5.7.1 Not from you' } : {}))
  const path = await added(peer.port)
  expect(await (await post(`${path}/try`)).text()).toContain('It was taken for')
  expect(peer.got).toHaveLength(1)
  expect(peer.got[0]?.raw).toContain('It works')
  refusing = true
  expect(await (await post(`${path}/try`)).text()).toContain('It was refused: 550 5.7.1 Not from you')
  const { rows } = await platform.pool.query('select state from deliveries order by id')
  expect(rows.map(({ state }) => state)).toEqual(['handed', 'failed'])
  expect(await (await get('/studio/channels')).text()).toContain('Failed when last tried')
  await peer.close()
  expect(await (await post(`${path}/try`)).text()).toContain('It could not be sent now')
})

test('switched off, nothing leaves by it; switched on again, what waited does', async () => {
  const path = await added(2525)
  const own = () => providerFor(platform.db, 'mail', { artistId: given.artistId, labelId: null })
  await post(`${path}/switch`, { on: 'no' })
  expect(await own()).not.toBe(idOf(path))
  await post(`${path}/switch`, { on: 'yes' })
  expect(await own()).toBe(idOf(path))
})

test('a sending service is set up: what has to be typed there stands on the page, its key nowhere', async () => {
  const path = await added(2525)
  expect((await post(`${path}/reports`, { service: 'ses', topicArn: 'nonsense' })).status).toBe(422)
  const topicArn = 'arn:aws:sns:eu-west-1:123456789012:bounces'
  expect((await post(`${path}/reports`, { service: 'ses', topicArn })).status).toBe(303)
  expect(await (await get(path)).text()).toContain(`/hooks/ses/${idOf(path)}`)
  expect((await post(`${path}/reports`, { service: 'mailgun' })).status).toBe(422)
  await post(`${path}/reports`, { service: 'mailgun', hookKey: 'Schluessel' })
  const page = await (await get(path)).text()
  expect(page).toContain(`/hooks/mailgun/${idOf(path)}`)
  expect(page).not.toContain('Schluessel')
  // Another server needs its password anew; the key of the reports stays.
  await post(path, { ...smtp(2525), host: 'smtp.example' })
  const kept = await openProvider(platform.db, platform.sealer, idOf(path))
  expect(kept?.secrets).toEqual({ password: 'Geheim!', hookKey: 'Schluessel' })
  await post(`${path}/reports`, { service: '' })
  expect(await (await get(path)).text()).not.toContain('/hooks/mailgun/')
  for (const who of [editor, stranger])
    expect((await post(`${path}/reports`, { service: 'postmark' }, who)).status).toBe(404)
})

test('the address of Postmark has a password of its own, another one each time that it is set up', async () => {
  const path = await added(2525)
  const address = async () => {
    await post(`${path}/reports`, { service: 'postmark' })
    platform.pass(1000)
    return /postmark:[\w-]{22}@/.exec(await (await get(path)).text())?.[0]
  }
  const [first, second] = [await address(), await address()]
  expect(first).toBeTruthy()
  expect(second).not.toBe(first)
})

test('prices of text messages are said in a page, and hold for the artist’s announcements', async () => {
  const twilio = { accountSid: 'AC123', authToken: 'x', from: '+33600000000' }
  const answer = await post('/studio/channels/new/twilio', twilio)
  const path = (answer.headers.get('location') ?? '').replace(/\?.*/, '')
  expect(await (await get(path)).text()).toContain(`/hooks/twilio/${idOf(path)}/received`)
  const wrong = await post(`${path}/prices`, { prices: 'France 1', currency: 'Euro' })
  expect(wrong.status).toBe(422)
  expect(await wrong.text()).toContain('This line cannot be read: France 1')
  expect((await post(`${path}/prices`, { prices: '+33 0,045\n* 0.1', currency: 'eur' })).status).toBe(303)
  expect(await smsPrices(platform, { artistId: given.artistId })).toMatchObject({
    currency: 'EUR',
    prices: { FR: 45_000, '*': 100_000 },
  })
  expect(await (await get(path)).text()).toContain('FR 0.045')
})
