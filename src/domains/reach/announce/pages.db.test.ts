import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
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
import { deliver } from '../engine/deliver.ts'
import { fakeChannel } from '../engine/fake-channel.ts'
import { addProvider } from '../providers.store.ts'
import { composeWith } from './compose.ts'
import { leaveDue } from './leave.ts'
import { linkCode } from './links.ts'

const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' }

let platform: TestPlatform
let given: GivenRelease
let ana: SignedIn
let editor: SignedIn
let stranger: SignedIn
beforeAll(async () => {
  platform = await testPlatform()
  given = await givenRelease(platform, { artist: 'Ana', title: 'Été', tracks: ['Une'], seconds: 40 })
  ana = await signedIn(platform, { artistIds: [given.artistId] })
  editor = await signedIn(platform, { artistIds: [given.artistId], role: 'editor' })
  stranger = await signedIn(platform)
})
afterAll(() => platform.close())

const app = () => testApp(platform)
const get = (path: string, who = ana) => app().request(path, { headers: who.headers })
const post = (path: string, fields: Record<string, string | string[]> = {}, who = ana) =>
  app().request(path, {
    method: 'POST',
    headers: { ...FORM, ...who.headers },
    body: new URLSearchParams(
      Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => [name, one])),
    ),
  })
const textOf = async (answer: Response | Promise<Response>) => (await (await answer).text()).replace(/\s+/g, ' ')
const seenIn = (page: string) => /name="seen" value="([^"]+)"/.exec(page)?.[1] ?? ''
const settle = () => new Promise((resolve) => setTimeout(resolve, 900))

let count = 0
async function fan({
  name = 'Zoé',
  language = 'en',
  recognised = false,
  channels = { mail: `fan${++count}@fans.example` } as Record<string, string>,
} = {}) {
  const [fanId, personId] = [newId(), newId()]
  await platform.pool.query(
    'insert into fans (id, person_id, name, language, recognised_since) values ($1, $2, $3, $4, $5)',
    [fanId, personId, name, language, recognised ? new Date(0) : null],
  )
  for (const [channel, address] of Object.entries(channels)) {
    const addressId = newId()
    await platform.pool.query(
      'insert into fan_addresses (id, fan_id, channel, address, address_key, address_hash) values ($1, $2, $3, $4, $4, md5($4))',
      [addressId, fanId, channel, address],
    )
    await platform.pool.query(
      `insert into subscriptions (id, fan_id, address_id, artist_id, channel, state, asked_at, joined_at) values ($1, $2, $3, $4, $5, 'active', now(), now())`,
      [newId(), fanId, addressId, given.artistId, channel],
    )
  }
  return { fanId, personId }
}

async function draft(fields: Record<string, string | string[]> = {}) {
  const made = await post('/studio/announcements')
  expect(made.status).toBe(303)
  const path = made.headers.get('location') as string
  const seen = seenIn(await textOf(get(path)))
  const saved = await post(path, { seen, channels: ['mail', 'sms', 'push'], ...fields })
  expect(saved.status).toBe(303)
  return path
}

test('who may not write for this artist finds nothing; who may write but not send is told so', async () => {
  const path = await draft({ title_en: 'Out today' })
  expect((await get(path, stranger)).status).toBe(404)
  expect((await post(path, { title_en: 'x' }, stranger)).status).toBe(404)
  expect((await get(path, editor)).status).toBe(200)
  expect(await textOf(get(`${path}/send`, editor))).toContain('somebody who may send them presses the button')
  for (const step of ['send', 'undo', 'pause', 'resume', 'cancel', 'uncertain'])
    expect((await post(`${path}/${step}`, {}, editor)).status).toBe(404)
  expect((await get('/studio/announcements/settings', editor)).status).toBe(404)
  expect(await textOf(get('/studio/announcements', editor))).toContain('Out today')
})

test('words are kept, shown as each channel has them, and never written over somebody else’s', async () => {
  const path = await draft({
    subject: `release:${given.releaseId}`,
    title_en: 'Out today',
    body_en: 'It is *here*. <script>alert(1)</script>',
    sms_body_en: 'Été œuvre',
  })
  const page = await textOf(get(path))
  expect(page).toContain('value="Out today"')
  expect(page).toContain('Everybody gets these words: there are none in French.')
  expect(page).toMatch(/Ana: Été œuvre http\S+\/l\/\S+ To leave: STOP/)
  expect(page).toContain('(œ)')
  expect(page).toContain('a message holds 70 signs instead of 160')
  expect(page).toMatch(/<div class="notification" lang="en"> ?<b>Out today<\/b> ?It is here\./)
  expect(page).toContain(`/studio/announcements/${path.split('/').at(-1)}/mail?show=en`)
  const mail = await textOf(get(`${path}/mail?show=en&as=dark`))
  expect(mail).toContain('<em>here</em>. &lt;script&gt;')
  expect(mail).toContain('/ana/ete')
  const plain = await textOf(get(`${path}/mail?show=en&as=text`))
  expect(plain).toContain('It is here. &lt;script>')
  const seen = seenIn(page)
  expect((await post(path, { seen, channels: 'mail', title_en: 'First' })).status).toBe(303)
  const late = await post(path, { seen, channels: 'mail', title_en: 'Second' })
  expect(late.status).toBe(409)
  const shown = await textOf(late)
  expect(shown).toContain('Somebody saved this announcement while you were writing')
  expect(shown).toContain('value="Second"')
  expect(await textOf(get(path))).toContain('value="First"')
  expect((await post(path, { seen: seenIn(shown), channels: 'mail', title_en: 'Second' })).status).toBe(303)
  expect((await post(`${path}/remove`)).headers.get('location')).toBe('/studio/announcements?done=removed')
  expect((await get(path)).status).toBe(404)
})

test('what telephones lack is said before it leaves, and plain letters are agreed to with one press', async () => {
  const words = `L’été à la fenêtre${' encore'.repeat(6)}`
  const path = await draft({ channels: 'sms', title_fr: 'Dehors', sms_body_fr: words })
  const page = await textOf(get(`${path}?show=fr`))
  expect(page).toContain('Ana: L&#39;été à la fenêtre encore')
  expect(page).toContain('Telephones lack these signs (’, narrow spaces): others stand in their place, as above.')
  expect(page).toContain('With plain letters (e for ê, oe for œ) it would be one message')
  expect(page).toMatch(/<button[^>]+form="words" name="do" value="letters:plain"/)
  const form = { seen: seenIn(page), channels: 'sms', title_fr: 'Dehors', sms_body_fr: words }
  const agreed = await post(path, { ...form, letters: '', do: 'letters:plain' })
  expect(agreed.headers.get('location')).toMatch(/#sms$/)
  const after = await textOf(get(`${path}?show=fr`))
  expect(after).toContain('Ana: L&#39;été à la fenetre encore')
  expect(after).toContain('letters too, as you agreed')
  expect(after).toContain('As typed, it would be 2 messages')
  // A later save of the form keeps it; another press takes it back.
  await post(path, { ...form, seen: seenIn(after), letters: 'plain', title_fr: 'Dedans' })
  const kept = await textOf(get(path))
  expect(kept).toContain('name="letters" value="plain"')
  await post(path, { ...form, seen: seenIn(kept), letters: 'plain', do: 'letters:own' })
  expect(await textOf(get(path))).toContain('Ana: L&#39;été à la fenêtre encore')
})

test('an audience is built by buttons, its size said on the way', async () => {
  await fan()
  await fan({ language: 'fr' })
  const path = await draft({ title_en: 'Out', title_fr: 'Dehors' })
  expect(await textOf(get(`${path}/audience`))).toContain('2 people: everybody who asked to be told')
  expect(await textOf(get(`${path}/audience?add=language`))).toContain('name="what"')
  const size = await (await get(`${path}/size?is=language&what=fr`)).json()
  expect(size).toEqual({ people: 1, sentence: 'One person, of 2' })
  expect((await get(`${path}/size?is=country&what=nowhere`)).status).toBe(422)
  expect((await post(`${path}/audience`, { is: 'language', what: 'fr' })).status).toBe(303)
  const page = await textOf(get(`${path}/audience`))
  expect(page).toContain('One person, of 2')
  expect(page).toContain('read French')
  const wrong = await post(`${path}/audience`, { is: 'joined', days: 'many' })
  expect(wrong.status).toBe(422)
  expect(await textOf(wrong)).toContain('Say how many days')
  const condition = JSON.stringify({ language: 'fr', is: 'language' })
  await post(`${path}/audience/remove`, { at: '7', condition })
  expect(await textOf(get(`${path}/audience`))).toContain('One person, of 2')
  await post(`${path}/audience/remove`, { at: '0', condition })
  expect(await textOf(get(`${path}/audience`))).toContain('2 people: everybody')
})

test('a test goes to oneself, touches nobody, and a wrong telephone number is said', async () => {
  const path = await draft({ title_en: 'Out today', title_fr: 'Dehors aujourd’hui' })
  const wrong = await post(`${path}/test`, { number: '12' })
  expect(wrong.status).toBe(422)
  expect(await textOf(wrong)).toContain('This is no telephone number')
  expect((await post(`${path}/test`, { number: '06 12 34 56 78' })).headers.get('location')).toBe(
    `${path}/send?done=tested`,
  )
  const { rows } = await platform.pool.query(
    `select channel, address, language, message->>'subject' as subject from deliveries where kind = 'notice' order by language, channel`,
  )
  expect(rows).toEqual([
    { channel: 'mail', address: `${ana.accountId}@fans.example`, language: 'en', subject: 'Test: Out today' },
    { channel: 'sms', address: '+33612345678', language: 'en', subject: null },
    {
      channel: 'mail',
      address: `${ana.accountId}@fans.example`,
      language: 'fr',
      subject: 'Essai\u00a0: Dehors aujourd’hui',
    },
    { channel: 'sms', address: '+33612345678', language: 'fr', subject: null },
  ])
  const { rows: gifts } = await platform.pool.query(`select 1 from gifts where kind = 'announcement'`)
  expect(gifts).toEqual([])
})

test('from the press to what came back: said before, taken back, sent, followed, counted for whom it was', async () => {
  await platform.pool.query('delete from deliveries; delete from announcements; delete from fans')
  const zoe = await fan({ name: 'Zoé', recognised: true })
  const bob = await fan({ name: 'Bob' })
  const providerId = await addProvider(platform.db, platform.sealer, {
    artistId: given.artistId,
    channel: 'mail',
    kind: 'smtp',
    name: 'Fake',
    settings: {},
    secrets: {},
  })
  const path = await draft({ subject: `release:${given.releaseId}`, channels: 'mail', title_en: 'Out today, {name}' })
  const id = path.split('/').at(-1) as string
  const before = await textOf(get(`${path}/send`))
  expect(before).toContain('2 people by mail.')
  expect(before).toContain('Send to 2 people')
  expect((await post(`${path}/send`, { when: 'moment', at: '2020-01-01T10:00', zone: 'UTC', undo: '5' })).status).toBe(
    422,
  )
  const pressed = await post(`${path}/send`, { when: 'now', undo: '1', zone: 'UTC' })
  expect(pressed.headers.get('location')).toBe(`${path}?done=sent`)
  expect((await post(`${path}/send`, { when: 'now', undo: '1', zone: 'UTC' })).headers.get('location')).toBe(
    `${path}?done=sent`,
  )
  expect(await textOf(get(path))).toContain('Take it back')
  expect((await post(`${path}/undo`)).headers.get('location')).toBe(`${path}/send?done=undone`)
  await post(`${path}/send`, { when: 'now', undo: '1', zone: 'UTC' })
  // What has been pressed is written no more.
  expect((await post(path, { seen: 'x', title_en: 'Changed' })).headers.get('location')).toBe(path)

  platform.pass(61_000)
  await leaveDue(platform, async () => [])
  const fake = fakeChannel()
  const subjects = {
    release: async () =>
      new Map([
        [
          given.releaseId,
          {
            artistId: given.artistId,
            title: 'Été',
            path: '/ana/ete',
            givenAs: `release:${given.releaseId}` as const,
            publicAt: null,
          },
        ],
      ]),
  }
  await deliver(
    platform,
    { channels: { smtp: fake }, compose: composeWith(subjects) },
    { providerId },
    { worker: 'here', signal: new AbortController().signal },
  )
  expect(fake.taken.map(({ message }) => message.subject).sort()).toEqual(['Out today, Bob', 'Out today, Zoé'])
  for (const { message } of fake.taken) {
    expect(message.html).toContain('/leave/')
    expect(message.html).toContain('/fan/')
    expect(message.unsubscribe).toMatch(/^http:\/\/ritornello\.test\/leave\//)
  }
  expect(await textOf(get(path))).toContain('2 of 2 handed over')

  const codeFor = (name: string) =>
    /\/l\/([\w-]+)/.exec(fake.taken.find(({ message }) => message.subject?.endsWith(name))?.message.text ?? '')?.[1] ??
    ''
  const report = (code: string, headers: Record<string, string> = BROWSER) =>
    app().request('/api/touches', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'http://ritornello.test', ...headers },
      body: JSON.stringify({
        key: newId(),
        kind: 'page',
        subject: `release:${given.releaseId}`,
        path: '/ana/ete',
        referrer: null,
        token: `m.${code}`,
      }),
    })
  const listen = (cookie: string) =>
    app().request('/api/listens', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'http://ritornello.test', ...BROWSER, cookie },
      body: JSON.stringify({
        play: newId(),
        track: given.tracks[0]?.trackId,
        startedAt: new Date(platform.now().getTime() - 60_000).toISOString(),
        playedMs: 39_000,
      }),
    })
  const { rows: gift } = await platform.pool.query(`select id from gifts where subject = $1`, [`announcement:${id}`])
  const giftId = gift[0].id as string
  const pages = async () =>
    (
      await platform.pool.query(`select person_id from touches where gift_id = $1 and channel = 'page' order by at`, [
        giftId,
      ])
    ).rows.map((row) => row.person_id)

  // Examined before anybody can have read it.
  const examined = await report(codeFor('Zoé'))
  expect(examined.status).toBe(204)
  await settle()
  expect(await pages()).toEqual([])

  platform.pass(60_000)
  const led = await app().request(`/l/${codeFor('Zoé')}`, { headers: BROWSER })
  expect(led.status).toBe(302)
  expect(led.headers.get('location')).toBe(`http://ritornello.test/ana/ete?via=m.${codeFor('Zoé')}`)
  expect(led.headers.get('set-cookie')).toBeNull()
  await settle()
  expect(await pages()).toEqual([])
  const opened = await report(codeFor('Zoé'))
  const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] as string
  await settle()
  expect(await pages()).toEqual([zoe.personId])
  await listen(cookie)
  const { rows: returns } = await platform.pool.query(
    'select gift_id, person_id, kind from returns where gift_id = $1',
    [giftId],
  )
  expect(returns).toEqual([{ gift_id: giftId, person_id: zoe.personId, kind: 'listen' }])

  // Without that agreement a link says which announcement, and no more.
  const other = await report(codeFor('Bob'))
  await settle()
  const [, visitor] = await pages()
  expect(visitor).not.toBe(bob.personId)
  await listen((other.headers.get('set-cookie') ?? '').split(';')[0] as string)
  const { rows: theirs } = await platform.pool.query(
    'select person_id from returns where gift_id = $1 order by at, id',
    [giftId],
  )
  expect(theirs.map((row) => row.person_id).sort()).toEqual([zoe.personId, visitor].sort())
  // Who objects to being counted is nobody, whosever link it was.
  await report(codeFor('Zoé'), { ...BROWSER, 'sec-gpc': '1' })
  await settle()
  expect((await pages()).at(-1)).toBeNull()

  const after = await textOf(get(path))
  expect(after).toContain('3 pages and tracks opened by its links')
  expect(after).toContain('2 listens')
  const report2 = await textOf(get(`/studio/returns/${giftId}`))
  expect(report2).toContain('Out today')
  expect(report2).toContain('Its messages')
  expect(report2).toContain('A link in a message')
  expect(report2).not.toContain('Link “m.')
  expect(await textOf(get('/studio'))).toContain('Write an announcement')
  expect(await textOf(get('/studio/returns'))).toContain('Out today')
})

test('of several things announced at once each link is its own thing’s, and what came back is told of each and of all', async () => {
  await platform.pool.query('delete from deliveries; delete from announcements; delete from fans')
  await fan({ name: 'Zoé', recognised: true })
  const trackId = given.tracks[0]?.trackId as string
  const [release, track] = [`release:${given.releaseId}` as const, `track:${trackId}` as const]
  const path = await draft({ subject: release, channels: 'mail', title_en: 'Two at once' })
  const id = path.split('/').at(-1) as string
  const first = await textOf(get(path))
  expect(first).toContain('And what else')
  expect(first).toMatch(/name="subjects" value="release:/)
  const words = { channels: 'mail', title_en: 'Two at once' }
  const added = await post(path, { ...words, seen: seenIn(first), subjects: release, subject: track, do: 'add' })
  expect(added.headers.get('location')).toBe(`${path}?done=saved#things`)
  const turned = { ...words, seen: seenIn(await textOf(get(path))), subjects: [release, track], do: 'up:1' }
  expect((await post(path, turned)).status).toBe(303)
  const page = await textOf(get(path))
  expect(page).toMatch(/value="track:[\s\S]*value="release:[^"]+"\/?>/)
  expect(page).toContain('aria-label="Down: Une"')
  expect(page).toContain('aria-label="Take away: Été"')
  const back = { ...words, seen: seenIn(page), subjects: [track, release], do: 'down:0' }
  expect((await post(path, back)).status).toBe(303)
  const mail = await textOf(get(`${path}/mail?show=en&as=text`))
  expect(mail.indexOf('Été http')).toBeLessThan(mail.indexOf('Une http'))

  await platform.db.updateTable('releases').set({ visibility: 'draft' }).where('id', '=', given.releaseId).execute()
  expect((await textOf(get(`${path}/send`))).match(/is not public/g)).toHaveLength(2)
  await platform.db.updateTable('releases').set({ visibility: 'public' }).where('id', '=', given.releaseId).execute()
  await post(`${path}/send`, { when: 'now', undo: '1', zone: 'UTC' })
  platform.pass(61_000)
  await leaveDue(platform, async () => [])
  const fake = fakeChannel()
  const facts = (title: string, to: string) => ({
    artistId: given.artistId,
    ...{ title, path: to, givenAs: release, publicAt: null },
  })
  const subjects = {
    release: async () => new Map([[given.releaseId, facts('Été', '/ana/ete')]]),
    track: async () => new Map([[trackId, facts('Une', '/ana/ete/une')]]),
  }
  const { id: providerId } = await platform.db
    .selectFrom('providers')
    .select('id')
    .where('artistId', '=', given.artistId)
    .executeTakeFirstOrThrow()
  await deliver(
    platform,
    { channels: { smtp: fake }, compose: composeWith(subjects) },
    { providerId },
    { worker: 'here', signal: new AbortController().signal },
  )
  const codes = [...(fake.taken[0]?.message.text ?? '').matchAll(/\/l\/([\w-]+)/g)].map(([, code]) => code as string)
  expect(codes).toHaveLength(2)
  const { rows: things } = await platform.pool.query(
    'select t.gift, t.gift_id, g.operation_id from announcement_things t join gifts g on g.id = t.gift_id where announcement_id = $1 order by position',
    [id],
  )
  expect(things).toEqual([
    { gift: `announcement:${id}`, gift_id: expect.any(String), operation_id: null },
    { gift: expect.stringMatching(/^given:/), gift_id: expect.any(String), operation_id: things[0].gift_id },
  ])
  const touched = async (channel: string) =>
    (
      await platform.pool.query(
        `select gift_id from touches where channel = $1 and gift_id = any($2::uuid[]) order by gift_id = $3 desc`,
        [channel, things.map(({ gift_id }) => gift_id), things[0].gift_id],
      )
    ).rows.map(({ gift_id }) => gift_id)
  expect(await touched('mail')).toEqual([things[0].gift_id, things[1].gift_id])

  platform.pass(60_000)
  const opened = async (code: string, subject: string) => {
    const led = await app().request(`/l/${code}`, { headers: BROWSER })
    const answer = await app().request('/api/touches', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'http://ritornello.test', ...BROWSER },
      body: JSON.stringify({
        ...{ key: newId(), kind: 'page', subject, path: '/ana/ete', referrer: null, token: `m.${code}` },
      }),
    })
    await settle()
    return { to: led.headers.get('location'), cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] as string }
  }
  expect((await opened(codes[0] as string, release)).to).toContain('/ana/ete?via=m.')
  expect(await touched('page')).toEqual([things[0].gift_id])
  const { to, cookie } = await opened(codes[1] as string, track)
  expect(to).toContain(`/ana/ete/une?via=m.${codes[1]}`)
  expect(await touched('page')).toEqual([things[0].gift_id, things[1].gift_id])
  await app().request('/api/listens', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'http://ritornello.test', ...BROWSER, cookie },
    body: JSON.stringify({
      ...{ play: newId(), track: trackId, playedMs: 39_000 },
      startedAt: new Date(platform.now().getTime() - 60_000).toISOString(),
    }),
  })
  const { rows: returns } = await platform.pool.query('select kind from returns where gift_id = $1', [
    things[1].gift_id,
  ])
  expect(returns).toEqual([{ kind: 'listen' }])

  const cells = (html: string, title: string) =>
    new RegExp(`>${title}</a>(.*?)</tr>`)
      .exec(html)?.[1]
      ?.replace(/<[^>]+>/g, ' ')
      .trim()
      .split(/\s+/)
  const after = await textOf(get(path))
  expect(after).toContain('2 pages and tracks opened by its links')
  expect(cells(after, 'Été')).toEqual(['1', '1', '0', '0'])
  expect(cells(after, 'Une')).toEqual(['1', '1', '1', '0'])
  const report = await textOf(get(`/studio/returns/${things[0].gift_id}`))
  expect(report).toContain('What it gave')
  expect(cells(report, 'Une')).toEqual(['1', '1', '1', '0'])
  // Two pages and the one message that told of both, in one line for the whole announcement.
  const list = await textOf(get('/studio/returns'))
  expect(list).not.toContain('Une · Two at once')
  expect(list).toContain('Two at once')
  expect(await textOf(get(`/studio/returns/${things[1].gift_id}`))).toContain('Une · Two at once')
})

test('links that nobody made, of what is gone, or of a message of another kind lead nowhere', async () => {
  for (const code of [
    'x',
    'AAAAAAAAAAAAAA',
    'constructor',
    linkCode(platform.signer, { deliveryId: 999_999_999, link: 0 }),
  ])
    expect((await app().request(`/l/${code}`, { headers: BROWSER })).status).toBe(404)
  expect((await app().request('/l/AAAAAAAAAAAAAA', { method: 'HEAD', headers: BROWSER })).status).toBe(404)
})

test('limits and hours are kept, and a wrong one is said beside its field', async () => {
  const hours = { from_fr: '9', to_fr: '20', from_all: '8', to_all: '22', sundays_all: 'on', holidays_all: 'on' }
  const other = { digest_day: '1', digest_hour: '9', digest_zone: 'Europe/Paris' }
  const wrong = await post('/studio/announcements/settings', {
    ...hours,
    ...other,
    cap: 'many',
    cap_days: '7',
    to_fr: '9',
  })
  expect(wrong.status).toBe(422)
  const said = await textOf(wrong)
  expect(said).toContain('A whole number from 1 to 100, or nothing.')
  expect(said).toContain('The end comes after the beginning.')
  expect((await post('/studio/announcements/settings', { ...hours, ...other, cap: '2', cap_days: '10' })).status).toBe(
    303,
  )
  const { rows } = await platform.pool.query('select * from announcement_settings where artist_id = $1', [
    given.artistId,
  ])
  expect(rows[0]).toMatchObject({
    cap_most: 2,
    cap_days: 10,
    digest_day: 1,
    quiet: {
      FR: { from: 9, to: 20, sundays: false, holidays: false },
      '*': { from: 8, to: 22, sundays: true, holidays: true },
    },
  })
})
