import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  FORM,
  type GivenRelease,
  givenRelease,
  type TestPlatform,
  testApp,
  testPlatform,
  workOff,
} from '../../testing/index.ts'
import { fanByAddress } from '../fans/index.ts'
import { deliver } from './engine/deliver.ts'
import { context } from './engine/engine.fixtures.ts'
import { makeParts } from './parts.ts'
import { openSmsc, type Smsc } from './providers/smpp/smsc.fixtures.ts'
import { addProvider } from './providers.store.ts'

const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' }
const DAY_MS = 24 * 3_600_000

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let given: GivenRelease
let smsc: Smsc
let providerId: string
let later = 0
beforeAll(async () => {
  platform = await testPlatform()
  const { now } = platform
  Object.assign(platform, { now: () => new Date(now().getTime() + later) })
  app = testApp(platform)
  given = await givenRelease(platform, { artist: 'Ana', title: 'Marées', tracks: ['One', 'Two'], seconds: 1 })
  await platform.pool.query('update releases set asks_address = true')
  smsc = await openSmsc()
  providerId = await addProvider(platform.db, platform.sealer, {
    artistId: given.artistId,
    channel: 'sms',
    kind: 'smpp',
    name: 'The network',
    settings: { host: '127.0.0.1', port: smsc.port, systemId: 'ritornello', from: '+33700000000' },
    secrets: { password: 'secret' },
  })
}, 120_000)
afterAll(async () => {
  await platform.close()
  await smsc.close()
})
beforeEach(() => {
  later = 0
})
afterEach(async () => {
  smsc.messages.length = 0
  await platform.pool.query(
    'delete from takings; delete from deliveries; delete from rate_limits; delete from graphile_worker._private_jobs',
  )
})

const form = () => `/take/release/${given.releaseId}`
const ask = (to: string, fields: Record<string, string> = {}) =>
  app.request(form(), {
    method: 'POST',
    headers: { ...FORM, ...BROWSER, 'accept-language': 'fr-FR' },
    body: new URLSearchParams({ to, ...fields }).toString(),
  })
const get = (path: string) => app.request(path, { headers: BROWSER })
const leaves = async () => {
  await workOff(platform, ['fans.given', 'fans.asked'])
  await deliver(platform, makeParts({} as never), { providerId }, context())
}
const shortIn = (text: string) => /http:\/\/ritornello\.test(\/take\/[a-z2-9]{12})$/.exec(text)?.[1] ?? ''
const ways = (text: string) => [...text.matchAll(/href="(\/take\/[^"]*pass=[^"]*)"/g)]

test('who gives a number has the link by one text message of the network, short, on this domain, and it opens the download', async () => {
  expect(await (await get('/ana/marees')).text()).toContain('mobile number')
  const answer = await ask('06 12 34 56 78')
  expect(answer.headers.get('location')).toContain('sent=sms')
  await leaves()
  expect(smsc.messages).toHaveLength(1)
  const [message] = smsc.messages
  expect(message).toMatchObject({ to: '33612345678', from: '33700000000', udh: null, dataCoding: 0 })
  expect(message?.text).toMatch(/^Marées, à emporter \(7 jours\) : http/)
  const short = shortIn(message?.text ?? '')
  const opened = await get(short)
  expect([opened.status, opened.headers.get('cache-control')]).toEqual([303, 'private, no-store'])
  const page = await (await get(opened.headers.get('location') ?? '')).text()
  expect(ways(page)).not.toEqual([])
  // Without a yes nobody is a fan, and nobody is written to.
  expect(await fanByAddress(platform.db, 'sms', '+33612345678')).toBeNull()
  // The network says that it arrived.
  await smsc.deliver({
    source_addr: '33612345678',
    destination_addr: '33700000000',
    esm_class: 4,
    short_message: `id:${message?.ref} sub:001 dlvrd:001 submit date:2611251200 done date:2611251201 stat:DELIVRD err:000 text:`,
  })
  const [row] = await platform.db.selectFrom('deliveries').select(['state', 'kind', 'fanId']).execute()
  expect(row).toEqual({ state: 'delivered', kind: 'notice', fanId: null })

  // Asked for once more, it is the same link; told twice, it leaves once.
  later = 60_000
  await ask('+33 6 12 34 56 78')
  await leaves()
  await leaves()
  expect(smsc.messages.map(({ text }) => shortIn(text))).toEqual([short, short])

  // After seven days it has ended, and the number is gone from everywhere.
  later = 7 * DAY_MS + 2 * 60_000
  const ended = await get(short)
  expect((await get(ended.headers.get('location') ?? '')).status).toBe(410)
  await platform.pool.query(
    `select graphile_worker.add_job('fans.tidy'), graphile_worker.add_job('reach.forget-given')`,
  )
  await workOff(platform, ['fans.tidy', 'reach.forget-given'])
  const { rows } = await platform.pool.query(
    `select from takings where address is not null union all select from deliveries where address is not null or message is not null`,
  )
  expect(rows).toEqual([])
})

test('whoever says yes is asked by text besides; a wrong number is said, and a guess opens nothing', async () => {
  await ask('06 12 34 56 79', { yes: 'on' })
  await leaves()
  expect(new Set(smsc.messages.map(({ to, dataCoding }) => `${to} ${dataCoding}`))).toEqual(new Set(['33612345679 0']))
  const [link, ...more] = smsc.messages.filter(({ text }) => shortIn(text))
  expect([link?.udh, more]).toEqual([null, []])
  expect(smsc.messages.map(({ text }) => text).join('')).toMatch(/OUI|YES|confirm/i)
  expect(await fanByAddress(platform.db, 'sms', '+33612345679')).not.toBeNull()
  const wrong = await ask('06 12')
  expect(wrong.status).toBe(422)
  const guessed = await get('/take/abcdefghjkmn')
  expect((await get(guessed.headers.get('location') ?? '')).status).toBe(410)
})

test('a long title leaves room for the link in one message', async () => {
  await platform.pool.query(`update releases set title = repeat('Une très longue marée ', 9)`)
  await ask('06 12 34 56 80')
  await leaves()
  expect(smsc.messages).toMatchObject([{ udh: null, dataCoding: 0 }])
  expect(shortIn(smsc.messages[0]?.text ?? '')).not.toBe('')
  await platform.pool.query(`update releases set title = 'Marées'`)
})

test('to a number that is to be left alone nothing is sent, and the download is theirs all the same', async () => {
  await ask('06 12 34 56 81', { yes: 'on' })
  await leaves()
  smsc.messages.length = 0
  await platform.pool.query(
    `insert into suppressions (address_hash, channel, reason, at) select address_hash, 'sms', 'asked', now() from fan_addresses where address_key = '+33612345681'`,
  )
  later = 60_000
  const answer = await ask('06 12 34 56 81')
  await leaves()
  expect(smsc.messages).toEqual([])
  expect(ways(await (await get(answer.headers.get('location') ?? '')).text())).not.toEqual([])
})
