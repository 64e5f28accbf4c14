import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import {
  FORM,
  type GivenRelease,
  givenRelease,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
} from '../../testing/index.ts'
import { askingMessage, fanByAddress, leaveLink, preferencesLink } from './index.ts'

let platform: TestPlatform
let given: GivenRelease
let app: ReturnType<typeof testApp>
beforeAll(async () => {
  platform = await testPlatform()
  given = await givenRelease(platform, { artist: 'Ana', title: 'Tide', tracks: ['One'] })
  app = testApp(platform)
})
afterAll(() => platform.close())

const path = (link: string) => link.replace('http://ritornello.test', '')
const post = (to: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  app.request(to, { method: 'POST', headers: { ...FORM, ...headers }, body: new URLSearchParams(fields).toString() })
const follow = (fields: Record<string, string>, headers = {}) => post('/follow/ana?lang=en', fields, headers)

/** Signs up and reads the mail that follows: the link in it, and the cookie of the browser. */
async function signUp(mail: string, more: Record<string, string> = {}) {
  const answer = await follow({ mail, ...more })
  expect(answer.status).toBe(200)
  const cookie = /asked=[^;]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0] ?? ''
  const found = await fanByAddress(platform.db, 'mail', mail)
  const { id } = await platform.db
    .selectFrom('subscriptions')
    .select('id')
    .where('addressId', '=', found?.addressId ?? '')
    .executeTakeFirstOrThrow()
  const question = await askingMessage(platform.db, platform, id)
  const link = /http:\S+\/confirm\/\S+/.exec(question?.text ?? '')?.[0] ?? ''
  return { id, cookie, link: path(link), addressId: found?.addressId as string }
}
const stateOf = async (id: string) =>
  (await platform.db.selectFrom('subscriptions').select('state').where('id', '=', id).executeTakeFirst())?.state

test('the form stands on the pages of artist and release, in their language, and needs no script', async () => {
  for (const page of ['/ana', '/ana/tide']) {
    const html = await (await app.request(`${page}?lang=fr`)).text()
    expect(html).toContain('action="/follow/ana?lang=fr"')
    expect(html).toContain('Vous partez d’un clic')
    // Nobody can be texted here: no telephone is asked for.
    expect(html).not.toContain('name="phone"')
  }
  expect(await (await app.request('/ana/tide')).text()).toContain(`value="release:${given.releaseId}"`)
})

test('the page of the mail posts by itself only in the browser that signed up; elsewhere it takes a press', async () => {
  const { id, cookie, link } = await signUp('lea@fans.example', { subject: `release:${given.releaseId}` })
  const elsewhere = await (await app.request(link)).text()
  expect(elsewhere).not.toContain('data-island="confirm"')
  expect(elsewhere).toContain(`action="${link}"`)
  const here = await (await app.request(link, { headers: { cookie } })).text()
  expect(here).toContain('data-island="confirm"')
  // Whatever opened it, nothing was changed by opening.
  expect(await stateOf(id)).toBe('asked')
  const other = await signUp('max@fans.example')
  expect(await (await app.request(link, { headers: { cookie: other.cookie } })).text()).not.toContain(
    'data-island="confirm"',
  )
  expect((await post(link, {})).status).toBe(303)
  expect(await stateOf(id)).toBe('active')
  expect(await (await app.request(link)).text()).toContain('lea@fans.example')
  const row = await platform.db
    .selectFrom('returns')
    .select(['kind', 'subject', 'giftId'])
    .where('kind', '=', 'sign-up')
    .orderBy('at')
    .executeTakeFirst()
  expect(row?.subject).toBe(`release:${given.releaseId}`)
  expect(row?.giftId).not.toBeNull()
})

test('a hall in which all say yes at once is not kept waiting: the browser that asked is known before anything is held', async () => {
  const subject = `release:${given.releaseId}`
  const people = await Promise.all(
    Array.from({ length: 40 }, async (_, n) => {
      const said = { key: crypto.randomUUID(), kind: 'page', subject, path: '/ana/tide', referrer: null, token: null }
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
      }
      const seen = await app.request('/api/touches', { method: 'POST', headers, body: JSON.stringify(said) })
      const visitor = /visitor=[^;]+/.exec(seen.headers.get('set-cookie') ?? '')?.[0] ?? ''
      const { link, cookie, id } = await signUp(`hall${n}@fans.example`, { recognised: 'on' })
      return { link, id, headers: { cookie: `${cookie}; ${visitor}` } }
    }),
  )
  const answers = await Promise.all(people.map(({ link, headers }) => post(link, { recognised: 'on' }, headers)))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]))
  const { n } = await platform.db
    .selectFrom('personFans')
    .innerJoin('subscriptions', 'subscriptions.fanId', 'personFans.fanId')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where(
      'subscriptions.id',
      'in',
      people.map(({ id }) => id),
    )
    .executeTakeFirstOrThrow()
  expect(Number(n)).toBe(people.length)
})

test('the words that were shown are the words that are kept', async () => {
  const { addressId } = await signUp('zoe@fans.example')
  const html = await (await app.request('/follow/ana?lang=en')).text()
  const log = await platform.db
    .selectFrom('consents')
    .select(['wording', 'language'])
    .where('addressId', '=', addressId)
    .executeTakeFirstOrThrow()
  expect(html).toContain(log.wording)
  expect(log.language).toBe('en')
})

test('a mail program leaves with one request, without a cookie; a person presses one button', async () => {
  const { id, link } = await signUp('one@fans.example')
  await post(link, {})
  const leaving = path(leaveLink(platform, id))
  expect((await app.request(leaving)).status).toBe(200)
  expect(await stateOf(id)).toBe('active')
  const answer = await app.request(leaving, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  })
  expect(answer.status).toBe(200)
  expect(await stateOf(id)).toBe('left')
  const log = await platform.db
    .selectFrom('consents')
    .select(['source', 'wording'])
    .where('event', '=', 'withdrawn')
    .executeTakeFirst()
  expect(log).toEqual({ source: 'one-click', wording: 'List-Unsubscribe=One-Click' })
  expect((await post(link, {})).status).toBe(303)
  expect(await stateOf(id)).toBe('left')
  expect(await (await app.request(link)).text()).toContain('You left since')
  // A form-data body is as good (RFC 8058 allows both).
  const body = new FormData()
  body.set('List-Unsubscribe', 'One-Click')
  expect((await app.request(leaving, { method: 'POST', body })).status).toBe(200)
})

test('nobody confirms, leaves or looks for somebody else', async () => {
  const [a, b] = [await signUp('a@fans.example'), await signUp('b@fans.example')]
  const token = (text: string) => text.split('/').at(-1) as string
  const swapped = `${token(a.link).split('.')[0]}.${token(b.link).split('.')[1]}`
  expect((await app.request(`/confirm/${swapped}`)).status).toBe(410)
  expect((await post(`/confirm/${swapped}`, {})).status).toBe(410)
  expect((await post(`/leave/${token(a.link)}`, { by: 'button' })).status).toBe(410)
  expect((await app.request(`/fan/${token(a.link)}`)).status).toBe(404)
  expect(await stateOf(a.id)).toBe('asked')
})

test('what is no address is said beside the field; a filled trap asks a person once more; too often, nothing is sent', async () => {
  const wrong = await follow({ mail: 'lea@fans' })
  expect(wrong.status).toBe(422)
  expect(await wrong.text()).toContain('This is no mail address')
  expect(await (await follow({})).text()).toContain('Give a mail address.')
  const trapped = await follow({ mail: 'bot@fans.example', fx: 'x' })
  expect(trapped.status).toBe(422)
  expect(await fanByAddress(platform.db, 'mail', 'bot@fans.example')).toBeNull()
  expect((await follow({ mail: 'x@fans.example' }, { origin: 'https://evil.example' })).status).toBe(403)
  for (let i = 0; i < 6; i++) expect((await follow({ mail: 'often@fans.example' })).status).toBe(200)
  const found = await fanByAddress(platform.db, 'mail', 'often@fans.example')
  const rows = await platform.db
    .selectFrom('consents')
    .select('id')
    .where('addressId', '=', found?.addressId ?? '')
    .execute()
  expect(rows).toHaveLength(4)
})

test('a telephone is asked for once there is a way to it, and read as its country writes it', async () => {
  await platform.db
    .insertInto('providers')
    .values({
      id: '01a21330-0000-7000-8000-000000000001',
      artistId: null,
      labelId: null,
      channel: 'sms',
      kind: 'smpp',
      name: 'SIM',
      settings: '{}',
      secrets: null,
      triedAt: null,
      problem: null,
    })
    .execute()
  app = testApp(platform)
  expect(await (await app.request('/follow/ana')).text()).toContain('name="phone"')
  const answer = await follow({ phone: '06 12 34 56 78' }, { 'accept-language': 'fr-FR,fr' })
  expect(await answer.text()).toContain('+33612345678')
  expect(await (await follow({ phone: '01 42 68 53 00' }, { 'accept-language': 'fr-FR' })).text()).toContain(
    'No text message',
  )
  expect(await fanByAddress(platform.db, 'sms', '+33612345678')).not.toBeNull()
})

test('a fan passes on what is public of whom they follow by a link of their own, and the artist reads how many came, and not who', async () => {
  const { addressId, link } = await signUp('pass@fans.example')
  const page = path(preferencesLink(platform, addressId))
  expect(await (await app.request(page)).text()).not.toContain(`action="${page}/share"`)
  await post(link, {})
  expect(await (await app.request(page)).text()).toContain(`action="${page}/share"`)
  // A mission is offered as well, until nobody can take part in it any more.
  const mission = { id: newId(), kind: 'mission' as const, slug: 'posters', title: 'Posters', timeZone: 'Europe/Paris' }
  const [opened, ends] = [platform.now(), new Date(Date.now() + 86_400_000)]
  await platform.db
    .insertInto('operations')
    .values({ ...mission, artistId: given.artistId, state: 'open', openedAt: opened, endsAt: ends })
    .execute()
  expect(await (await app.request(page)).text()).toContain(`value="operation:${mission.id}"`)
  await platform.db
    .updateTable('operations')
    .set({ endsAt: new Date(Date.now() - 1000) })
    .where('id', '=', mission.id)
    .execute()
  const later = await (await app.request(page)).text()
  expect(later).toContain(`value="release:${given.releaseId}"`)
  expect(later).not.toContain(mission.id)
  await platform.db.deleteFrom('operations').where('id', '=', mission.id).execute()

  const subject = `release:${given.releaseId}`
  const answer = await post(`${page}/share`, { subject })
  expect(answer.headers.get('location')).toMatch(/^\/s\/[a-z2-9]{8}\/pass/)
  expect((await post(`${page}/share`, { subject })).headers.get('location')).toBe(answer.headers.get('location'))
  const plain = await post(`${page}/share`, { subject }, { cookie: 'visitor=off' })
  expect(plain.headers.get('location')).toBe(`/share?of=${subject}`)
  expect((await post(`${page}/share`, { subject: 'release:none' })).status).toBe(404)

  const code = /\/s\/(\w+)/.exec(answer.headers.get('location') ?? '')?.[1]
  const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
  const report = (kind: string, cookie = '') =>
    app.request('/api/touches', {
      method: 'POST',
      headers: { ...FORM, 'content-type': 'application/json', 'user-agent': agent, cookie },
      body: JSON.stringify({
        key: crypto.randomUUID(),
        kind,
        subject,
        path: '/ana/tide',
        referrer: null,
        token: `s.${code}`,
      }),
    })
  const cookie = /visitor=[^;]+/.exec((await report('page')).headers.get('set-cookie') ?? '')?.[0] ?? ''
  await report('start', cookie)
  const fanId = (await fanByAddress(platform.db, 'mail', 'pass@fans.example'))?.fanId
  const { headers } = await signedIn(platform, { artistIds: [given.artistId] })
  await expect
    .poll(async () => (await app.request(`/studio/fans/${fanId}?desk=ana`, { headers })).text())
    .toContain('Brought one new person to you, 1 of them by their own links.')
})

test('the page of preferences changes how, leaves one or all, gives everything and erases it', async () => {
  const { id, link, addressId } = await signUp('prefs@fans.example', { name: 'Pia', recognised: 'on' })
  await post(link, { recognised: 'on' })
  const page = path(preferencesLink(platform, addressId))
  const shown = await app.request(page)
  expect(shown.headers.get('referrer-policy')).toBe('same-origin')
  expect(shown.headers.get('cache-control')).toBe('private, no-store')
  await post(page, { [`cadence-${id}`]: 'weekly', [`pause-${id}`]: 'month', language: 'fr', recognised: 'on' })
  const row = await platform.db
    .selectFrom('subscriptions')
    .innerJoin('fans', 'fans.id', 'subscriptions.fanId')
    .select(['cadence', 'pausedUntil', 'fans.language', 'recognisedSince'])
    .where('subscriptions.id', '=', id)
    .executeTakeFirstOrThrow()
  expect(row).toMatchObject({ cadence: 'weekly', language: 'fr' })
  expect(row.pausedUntil?.getTime()).toBeGreaterThan(platform.now().getTime() + 29 * 24 * 3_600_000)
  expect(row.recognisedSince).not.toBeNull()
  await post(page, { [`cadence-${id}`]: 'weekly', [`pause-${id}`]: 'keep', language: 'fr' })
  const known = (await (await app.request(`${page}/export.json`)).json()) as Record<
    string,
    { [key: string]: unknown }[]
  >
  expect(known['fan']).toMatchObject({ name: 'Pia', recognisedSince: null })
  expect(known['consents']?.map(({ event }) => event)).toEqual(['asked', 'confirmed', 'changed', 'changed', 'changed'])
  expect(known['returns']?.map(({ kind }) => kind)).toEqual(['sign-up', 'confirmation'])
  await post(`${page}/leave/${id}`, {})
  expect(await stateOf(id)).toBe('left')
  await post(`${page}/leave-all`, { alone: 'on' })
  const erased = await post(`${page}/erase`, {})
  expect(await erased.text()).toContain('C’est effacé')
  expect((await app.request(page)).status).toBe(404)
  expect(await fanByAddress(platform.db, 'mail', 'prefs@fans.example')).toBeNull()
})
