import { afterAll, beforeAll, expect, test } from 'vitest'
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
/** A browser opens a page that reports itself; answers with its cookie. */
async function seen({ token = null, cookie = '' }: { token?: string | null; cookie?: string }): Promise<string> {
  const answer = await app.request('/api/touches', {
    method: 'POST',
    headers: { ...FORM, 'content-type': 'application/json', 'user-agent': BROWSER, ...(cookie && { cookie }) },
    body: JSON.stringify({
      key: crypto.randomUUID(),
      kind: 'page',
      subject: subject(),
      path: '/ana-marsh/harbour',
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
