import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLabel } from '../domains/identity/index.ts'
import { FORM, type GivenRelease, givenRelease, type TestPlatform, testApp, testPlatform } from '../testing/index.ts'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let given: GivenRelease
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  given = await givenRelease(platform, { artist: 'Ana Marsh', title: 'Harbour' })
})
afterAll(() => platform.close())

const subject = () => `release:${given.releaseId}`
const pass = (headers: Record<string, string> = {}, of = subject()) =>
  app.request('/share', {
    method: 'POST',
    headers: { ...FORM, 'user-agent': BROWSER, ...headers },
    body: new URLSearchParams({ subject: of }).toString(),
  })
const cookieOf = (answer: Response) => /visitor=[^;]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0] ?? ''
type Seen = { token?: string | null; cookie?: string; of?: string; path?: string }
/** A browser opens a page that reports itself; answers with its cookie. */
async function seen({ token = null, cookie = '', of = subject(), path = '/ana-marsh/harbour' }: Seen): Promise<string> {
  const answer = await app.request('/api/touches', {
    method: 'POST',
    headers: { ...FORM, 'content-type': 'application/json', 'user-agent': BROWSER, ...(cookie && { cookie }) },
    body: JSON.stringify({
      key: crypto.randomUUID(),
      kind: 'page',
      subject: of,
      path,
      referrer: null,
      token,
    }),
  })
  expect(answer.status).toBe(204)
  return cookieOf(answer) || cookie
}
const edges = () => platform.db.selectFrom('brought').selectAll().where('artistId', '=', given.artistId).execute()

test('whoever passes a release on has one link of their own, which leads to it and says by whom', async () => {
  const first = await pass()
  expect(first.status).toBe(303)
  const cookie = cookieOf(first)
  const where = first.headers.get('location') ?? ''
  const code = /^\/s\/([a-z2-9]{8})\/pass$/.exec(where)?.[1]
  expect(code).toBeTruthy()
  expect((await pass({ cookie })).headers.get('location')).toBe(where)
  expect((await pass()).headers.get('location')).not.toBe(where)

  const html = await (await app.request(where)).text()
  expect(html).toContain(`http://ritornello.test/s/${code}"`)
  expect(html).toContain('<svg')
  for (const [file, type] of [
    ['qr.svg', 'image/svg+xml'],
    ['qr.png', 'image/png'],
  ]) {
    const picture = await app.request(`/s/${code}/${file}`)
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, type])
  }
  // Typed from a screen: case counts for nothing. Nobody is told apart by it.
  const led = await app.request(`/s/${code?.toUpperCase()}`)
  expect(led.headers.get('location')).toBe(`/ana-marsh/harbour?via=s.${code}`)
  expect(led.headers.get('set-cookie')).toBeNull()
})

test('it is asked for and shown in the language of the page', async () => {
  const page = await (await app.request('/ana-marsh/harbour?lang=fr')).text()
  const action = /action="(\/share[^"]*)"/.exec(page)?.[1] ?? ''
  const body = new URLSearchParams({ subject: subject() }).toString()
  const answer = await app.request(action, { method: 'POST', headers: { ...FORM, 'user-agent': BROWSER }, body })
  const shown = await (await app.request(answer.headers.get('location') ?? '')).text()
  expect(shown).toContain('Faire passer Harbour')
  // Whoever is given the link reads in a language of their own.
  expect(shown).toMatch(/value="http:\/\/ritornello.test\/s\/[a-z2-9]{8}"/)
})

test('whoever objects to being counted, and machines, pass on the plain address', async () => {
  for (const headers of [{ cookie: 'visitor=off' }, { 'sec-gpc': '1' }, { 'user-agent': 'curl/8.0' }]) {
    const answer = await pass(headers)
    expect(answer.headers.get('location')).toBe(`/share?${new URLSearchParams({ of: subject() })}`)
    expect(cookieOf(answer)).toBe('')
  }
  const html = await (await app.request(`/share?of=${subject()}`)).text()
  expect(html).toContain('http://ritornello.test/ana-marsh/harbour"')
  expect(html).not.toContain('/s/')
})

test('what is not public is not passed on', async () => {
  const draft = await givenRelease(platform, { artist: 'Ana Marsh', title: 'Not yet', publish: false, prepare: false })
  expect((await pass({}, `release:${draft.releaseId}`)).status).toBe(404)
  expect((await pass({}, 'release:nothing')).status).toBe(404)
  expect((await app.request('/s/nothere2')).status).toBe(404)
})

test('a link to what was withdrawn since leads to the artist', async () => {
  const other = await givenRelease(platform, { artist: 'Ana Marsh', title: 'Gone', tracks: ['One'] })
  const to = (await pass({}, `release:${other.releaseId}`)).headers.get('location') ?? ''
  const link = to.replace('/pass', '')
  expect((await app.request(link)).headers.get('location')).toContain('/ana-marsh/gone?via=s.')
  await platform.db.updateTable('releases').set({ visibility: 'draft' }).where('id', '=', other.releaseId).execute()
  expect((await app.request(link)).headers.get('location')).toMatch(/^\/ana-marsh\?via=s\./)
  // What it is called now is nobody's to read.
  for (const path of [to, `${link}/qr.svg`, `${link}/qr.png`]) expect((await app.request(path)).status, path).toBe(404)
  await platform.db.updateTable('releases').set({ visibility: 'public' }).where('id', '=', other.releaseId).execute()
  expect((await app.request(to)).status).toBe(200)
})

test('an artist and a label who are on their way out are passed on no more', async () => {
  const bo = await givenRelease(platform, { artist: 'Bo Reed', title: 'Low', tracks: ['One'] })
  const label = await platform.db.transaction().execute((tx) => createLabel(tx, { name: 'South Quay', ownerId: null }))
  for (const [table, of, id] of [
    ['artists', 'artist', bo.artistId],
    ['labels', 'label', label.id],
  ] as const) {
    const where = (await pass({}, `${of}:${id}`)).headers.get('location') ?? ''
    expect((await app.request(where)).status, of).toBe(200)
    await platform.db.updateTable(table).set({ goesAt: new Date() }).where('id', '=', id).execute()
    expect((await app.request(where)).status, of).toBe(404)
    expect((await pass({}, `${of}:${id}`)).status, of).toBe(404)
  }
})

test('somebody new who comes by a link was brought, once and by the first; who was here was not, and nobody brings themselves', async () => {
  const codeOf = async (cookie: string) =>
    `s.${/\/s\/(\w+)/.exec((await pass({ cookie })).headers.get('location') ?? '')?.[1]}`
  const [ana, ben] = [cookieOf(await pass()), cookieOf(await pass())]
  const before = (await edges()).length
  const zoe = await seen({ token: await codeOf(ana) })
  expect(await edges()).toHaveLength(before + 1)
  await seen({ token: await codeOf(ben), cookie: zoe })
  await seen({ token: await codeOf(ana), cookie: ana })
  // Ben has passed on before he came by anybody's link: he was here.
  await seen({ token: await codeOf(ana), cookie: ben })
  // On a shared computer, the second person is the same browser.
  await seen({ token: await codeOf(zoe), cookie: zoe })
  expect(await edges()).toHaveLength(before + 1)
  // One who asked not to be known any more brings nobody, and the link leads on.
  const code = await codeOf(ben)
  await app.request('/visitor/erase', { method: 'POST', headers: { ...FORM, cookie: ben } })
  await seen({ token: code })
  expect(await edges()).toHaveLength(before + 1)
  expect((await app.request(`/s/${code.slice(2)}`)).status).toBe(302)
})

test('the page of an artist and that of a label are passed on as music is, and who comes by them was brought', async () => {
  const label = await platform.db.transaction().execute((tx) => createLabel(tx, { name: 'North Quay', ownerId: null }))
  for (const [of, path, artistId] of [
    [`artist:${given.artistId}`, '/ana-marsh', given.artistId],
    [`label:${label.id}`, '/north-quay', label.id],
  ] as const) {
    const page = await (await app.request(path)).text()
    expect(page).toContain(`data-subject="${of}"`)
    expect(page).toContain(`name="subject" value="${of}"`)
    const passed = await pass({}, of)
    const code = /\/s\/(\w+)\/pass/.exec(passed.headers.get('location') ?? '')?.[1]
    expect((await app.request(`/s/${code}`)).headers.get('location')).toBe(`${path}?via=s.${code}`)

    const count = async () =>
      (await platform.db.selectFrom('brought').select('personId').where('artistId', '=', artistId).execute()).length
    const before = await count()
    await seen({ token: `s.${code}`, of, path })
    expect(await count(), of).toBe(before + 1)
  }
})
