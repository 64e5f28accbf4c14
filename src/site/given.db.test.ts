import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { eraseFan, fanByAddress, ownPersonalData } from '../domains/fans/index.ts'
import { setGives } from '../domains/music/index.ts'
import {
  FORM,
  type GivenRelease,
  givenRelease,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
  workOff,
} from '../testing/index.ts'

const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' }
const DAY_MS = 24 * 3_600_000

let platform: TestPlatform
let given: GivenRelease
let artist: SignedIn
let app: ReturnType<typeof testApp>
let later = 0
beforeAll(async () => {
  platform = await testPlatform()
  const { now } = platform
  Object.assign(platform, { now: () => new Date(now().getTime() + later) })
  given = await givenRelease(platform, { artist: 'Ana', title: 'Tide', tracks: ['One', 'Two'], seconds: 1 })
  artist = await signedIn(platform, { artistIds: [given.artistId] })
  await asking(true)
  app = testApp(platform)
}, 120_000)
afterAll(() => platform.close())
beforeEach(async () => {
  later = 0
  await platform.pool.query(
    'delete from takings; delete from deliveries; delete from rate_limits; delete from graphile_worker._private_jobs',
  )
})

const asking = (asksAddress: boolean) =>
  setGives(platform, {
    releaseId: given.releaseId,
    gives: { stream: true, download: true },
    asksAddress,
    by: null,
    mayPublish: true,
  })
const get = (path: string, headers: Record<string, string> = {}) =>
  app.request(path, { headers: { ...BROWSER, ...headers } })
const html = async (path: string, headers = {}) => (await get(path, headers)).text()
const form = () => `/take/release/${given.releaseId}`
const trackForm = () => `/take/track/${given.tracks[0]?.trackId}`
const ask = (to: string, fields: Record<string, string> = {}, path = form(), headers: Record<string, string> = {}) =>
  app.request(path, {
    method: 'POST',
    headers: { ...FORM, ...BROWSER, ...headers },
    body: new URLSearchParams({ to, ...fields }).toString(),
  })
const count = async (query: string, values: unknown[] = []) =>
  (await platform.pool.query<{ n: number }>(`select count(*)::int as n from ${query}`, values)).rows[0]?.n
const whereTo = (answer: Response) => {
  expect(answer.status).toBe(303)
  return answer.headers.get('location') ?? ''
}
const ways = (text: string) => [...text.matchAll(/href="(\/take\/[^"]*pass=[^"]*)"/g)].map(([, href]) => href ?? '')
const letters = async () => {
  await workOff(platform, ['fans.given', 'fans.asked'])
  const { rows } = await platform.pool.query<{
    address: string
    fan_id: string
    text: string
    subject: string
    language: string
  }>(
    `select address, fan_id, language, message->>'text' as text, message->>'subject' as subject from deliveries where address is not null order by id`,
  )
  return rows
}

test('the page shows the formats and asks; nothing is taken without asking', async () => {
  const page = await html('/ana/tide')
  expect(page).toMatch(/<b>FLAC/)
  expect(page).toContain(`action="${form()}?lang=en"`)
  expect(page).not.toMatch(/href="\/take\/release/)
  const box = page.match(/<input type="checkbox"[^>]*name="yes"[^>]*>/)?.[0] ?? ''
  expect(box).not.toMatch(/checked|required/)
  expect(page).toContain('the download is yours without it')
  expect(page).toContain('forgotten with it after seven days')
  expect(page).not.toContain('mobile number')
  expect(await html('/ana/tide/one')).toContain(`action="${trackForm()}?lang=en"`)
  expect(await html('/ana/tide', { 'accept-language': 'fr' })).toContain('le téléchargement est à vous sans cela')
  for (const path of [`/take/release/${given.releaseId}/flac`, `/media/release/${given.releaseId}/flac`])
    expect((await get(path)).status).toBe(404)
  // What plays, plays.
  expect(page).toContain('/media/stream/')
})

test('an address without a yes: taken at once, a link by mail, and nobody is written to', async () => {
  const link = whereTo(await ask('lea@fans.example'))
  expect(link).not.toContain('lea')
  const page = await html(link)
  expect(page).toContain('Tide is yours')
  const [way = ''] = ways(page)
  expect((await get(way.replaceAll('&amp;', '&'))).status).toBe(200)
  const [letter, ...more] = await letters()
  expect(more).toEqual([])
  expect(letter).toMatchObject({ address: 'lea@fans.example', fan_id: null, subject: 'Tide, to take' })
  expect(await fanByAddress(platform.db, 'mail', 'lea@fans.example')).toBeNull()
  const mailed = /http\S+(\/take\/link\/\S+)/.exec(letter?.text ?? '')?.[1] ?? ''
  expect(ways(await html(mailed))).not.toEqual([])
  // After seven days the link has ended, and the address is gone from everywhere.
  later = 7 * DAY_MS + 60_000
  expect((await get(mailed)).status).toBe(410)
  expect((await get(way.replaceAll('&amp;', '&'))).status).toBe(404)
  await app.request('/healthz')
  await platform.pool.query(
    `select graphile_worker.add_job('fans.tidy'), graphile_worker.add_job('reach.forget-given')`,
  )
  await workOff(platform, ['fans.tidy', 'reach.forget-given'])
  expect(await count('takings where address is not null')).toBe(0)
  expect(await count(`deliveries where address is not null or message is not null`)).toBe(0)
})

test('a yes asks by the door that there is: nothing more is sent before the click', async () => {
  whereTo(
    await ask('max@fans.example', { yes: 'on' }, form(), { referer: 'http://ritornello.test/ana/tide?via=m.abc' }),
  )
  const fan = await fanByAddress(platform.db, 'mail', 'max@fans.example')
  const { rows } = await platform.pool.query(
    `select c.event, c.source, c.wording, s.state from consents c join subscriptions s on s.address_id = c.address_id where c.address_id = $1`,
    [fan?.addressId],
  )
  expect(rows).toMatchObject([{ event: 'asked', source: 'download', state: 'asked' }])
  expect(await html('/ana/tide')).toContain(rows[0].wording)
  const sent = await letters()
  expect(sent.map(({ text }) => /\/(?:take\/link|confirm)\//.exec(text)?.[0]).sort()).toEqual([
    '/confirm/',
    '/take/link/',
  ])
  expect(sent.every(({ fan_id }) => fan_id === fan?.fanId)).toBe(true)
})

test('what was taken for an address comes back once for one person, by the way they came', async () => {
  const address = 'zoe@fans.example'
  whereTo(await ask(address, { yes: 'on' }, trackForm(), { referer: 'http://ritornello.test/ana/tide/one?via=m.abc' }))
  const link = whereTo(await ask(address, {}, trackForm()))
  const fan = await fanByAddress(platform.db, 'mail', address)
  const page = await html(link)
  const formats = ways(page).filter((href) => /mp3-320|flac/.test(href))
  expect(formats).toHaveLength(2)
  for (const href of formats) {
    const waiting = href.replaceAll('&amp;', '&')
    await get(waiting)
    await workOff(platform, ['audio.encode'])
    const to = (await get(waiting)).headers.get('location') ?? ''
    expect((await get(to)).status).toBe(200)
  }
  const { rows } = await platform.pool.query(
    `select kind, subject, person_id, token from returns where kind = 'download'`,
  )
  expect(rows).toEqual([
    { kind: 'download', subject: `track:${given.tracks[0]?.trackId}`, person_id: fan?.personId, token: 'm.abc' },
  ])
  // A pass for a track opens no other.
  const other = formats[0]
    ?.replaceAll('&amp;', '&')
    .replace(given.tracks[0]?.trackId ?? '', given.tracks[1]?.trackId ?? '')
  expect((await get(other ?? '')).status).toBe(404)
}, 60_000)

test('whatever is asked, by whom and how often: one taking an item and address, and fans are those alone who said yes', async () => {
  const addresses = ['a@prop.example', 'A@PROP.example', 'b@prop.example', 'c@prop.example']
  const step = fc.record({ to: fc.constantFrom(...addresses), yes: fc.boolean(), track: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      await platform.pool.query(
        `delete from takings; delete from rate_limits; delete from subscriptions; delete from fan_addresses; delete from fans`,
      )
      for (const { to, yes, track } of steps) {
        const path = whereTo(await ask(to, yes ? { yes: 'on' } : {}, track ? trackForm() : form()))
        // Nothing tells who is known from who is not.
        expect(path.replace(/link\/\S+\?/, 'link/…?')).toBe(`/take/link/…?sent=mail${yes ? '&yes=1' : ''}`)
      }
      const key = ({ to }: { to: string }) => to.toLowerCase()
      const items = new Set(steps.map((one) => `${key(one)} ${one.track}`))
      const agreed = new Set(steps.filter(({ yes }) => yes).map(key))
      expect(await count('takings')).toBe(items.size)
      expect(await count('fans')).toBe(agreed.size)
      const { rows } = await platform.pool.query<{ address_key: string; state: string }>(
        `select address_key, state from subscriptions s join fan_addresses a on a.id = s.address_id`,
      )
      expect(new Set(rows.map((row) => row.address_key))).toEqual(agreed)
      expect(rows.every(({ state }) => state === 'asked')).toBe(true)
    }),
    { numRuns: 25 },
  )
}, 60_000)

test('someone whom the artist knows is met like anybody, and nothing of them changes', async () => {
  await platform.pool.query(`delete from subscriptions; delete from fan_addresses; delete from fans`)
  await ask('kim@fans.example', { yes: 'on' })
  await platform.pool.query(`update subscriptions set state = 'left', left_at = now(), asked_with = null`)
  const link = whereTo(await ask('kim@fans.example'))
  expect(link).toMatch(/\?sent=mail$/)
  expect(await count(`subscriptions where state = 'left'`)).toBe(1)
  expect(await html(link)).not.toContain('kim@')
})

test('a wrong address is said beside the field, with the box as it was; too many letters are not sent', async () => {
  const wrong = await ask('nobody', { yes: 'on' })
  expect(wrong.status).toBe(422)
  const page = await wrong.text()
  expect(page).toMatch(/aria-invalid="true"/)
  expect(page.match(/<input type="checkbox"[^>]*>/)?.[0]).toContain('checked')
  expect((await ask('x@fans.example', { fx: 'me' })).status).toBe(422)
  for (let turn = 0; turn < 6; turn++) {
    whereTo(await ask('often@fans.example'))
    later += 1_000
    await letters()
  }
  expect(await letters()).toHaveLength(4)
})

test('the artist sees how many, and closes what was given; asked again it opens anew', async () => {
  const link = whereTo(await ask('lea@fans.example', { yes: 'on' }))
  await ask('max@fans.example')
  await ask('max@fans.example', {}, trackForm())
  const access = `/studio/music/${given.releaseId}/access`
  const page = await (await app.request(access, artist)).text()
  expect(page).toContain('2 addresses. One asked to be written to, nobody has confirmed it yet.')
  expect(page).toContain('3 links that were sent still open.')
  const [way = ''] = ways(await html(link))
  const post = (to: string, fields = {}) =>
    app.request(access + to, {
      method: 'POST',
      headers: { ...FORM, ...artist.headers },
      body: new URLSearchParams(fields).toString(),
    })
  const stranger = await signedIn(platform, {})
  expect(
    (await app.request(`${access}/close-given`, { method: 'POST', headers: { ...FORM, ...stranger.headers } })).status,
  ).toBe(404)
  expect((await post('/close-given')).status).toBe(303)
  expect((await get(link)).status).toBe(410)
  expect((await get(way.replaceAll('&amp;', '&'))).status).toBe(404)
  const anew = whereTo(await ask('lea@fans.example'))
  expect(ways(await html(anew))).not.toEqual([])
  expect((await get(link)).status).toBe(410)
  // Given to everyone again, it takes one press.
  expect((await post('/gives', { gives: 'stream-and-download', for: 'everyone' })).status).toBe(303)
  await expect
    .poll(async () => (await get(`/take/release/${given.releaseId}/flac`)).status, { timeout: 10_000 })
    .toBe(200)
  expect((await get(form())).status).toBe(404)
  await asking(true)
})

test('at a concert the same: taken at once with or without a yes', async () => {
  const made = await app.request('/studio/fans/doors', {
    method: 'POST',
    headers: { ...FORM, ...artist.headers },
    body: new URLSearchParams({ occasion: 'Tonight', gives: `release:${given.releaseId}` }).toString(),
  })
  expect(made.status).toBe(303)
  const { code } = await platform.db.selectFrom('doors').select('code').executeTakeFirstOrThrow()
  expect(await html(`/q/${code}`)).toMatch(/type="checkbox" name="yes"/)
  const thanks = await (await ask('hall@fans.example', {}, `/q/${code}`)).text()
  const [way = ''] = ways(thanks)
  expect(way).toContain('/mp3-320?')
  // Made before, it is sent on to at once.
  expect([200, 303]).toContain((await get(way.replaceAll('&amp;', '&'))).status)
  expect(await fanByAddress(platform.db, 'mail', 'hall@fans.example')).toBeNull()
  await ask('hall@fans.example', { yes: 'on' }, `/q/${code}`)
  expect(await fanByAddress(platform.db, 'mail', 'hall@fans.example')).not.toBeNull()
  expect(await count(`takings where token = $1`, [`q.${code}`])).toBe(1)
})

test('erasing a fan takes what leads to them out of what they took', async () => {
  await ask('gone@fans.example', { yes: 'on' })
  const fan = await fanByAddress(platform.db, 'mail', 'gone@fans.example')
  await platform.db.transaction().execute((tx) =>
    eraseFan(tx, platform, [ownPersonalData], {
      fanId: fan?.fanId ?? '',
      wording: 'Erase',
      language: 'en',
      source: 'preferences',
    }),
  )
  expect(await count('takings where address is not null or fan_id is not null')).toBe(0)
  // To whom nothing may be sent, nothing is sent; the download is theirs all the same.
  await platform.pool.query('delete from deliveries')
  expect(ways(await html(whereTo(await ask('gone@fans.example'))))).not.toEqual([])
  expect(await letters()).toEqual([])
})
