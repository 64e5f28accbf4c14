import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  FORM,
  type GivenRelease,
  givenRelease,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
} from '../../testing/index.ts'
import { pressBelongings } from './belongings.ts'
import { MAX_RIDER_BYTES, MOST_PICTURES } from './files.rules.ts'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let given: GivenRelease
let artist: SignedIn
beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  given = await givenRelease(platform, { artist: 'Ana Marsh', title: 'Harbour' })
  artist = await signedIn(platform, { artistIds: [given.artistId] })
  await post('/studio/press', { isPublic: 'on', pictureCredit: 'Zoé' })
})
afterAll(() => platform.close())

const post = (to: string, fields: Record<string, string> = {}, who = artist) =>
  app.request(to, {
    method: 'POST',
    headers: { ...FORM, ...who.headers },
    body: new URLSearchParams(fields).toString(),
  })
const send = (to: string, fields: Record<string, string | File>, who = artist) => {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  return app.request(to, { method: 'POST', headers: { ...who.headers, origin: FORM.origin }, body })
}
const get = (path: string) => app.request(path)
const html = async (path: string) => (await get(path)).text()
const studio = async () => (await app.request('/studio/press/files', artist)).text()
const pdf = (words: string) => Buffer.from(`%PDF-1.7\n${words}\n%%EOF\n`)
const file = (bytes: Buffer, name: string, type: string) => new File([bytes as never], name, { type })
const rider = (bytes: Buffer, name = '../../stage "plot".exe', who = artist) =>
  send('/studio/press/files/rider', { rider: file(bytes, name, 'application/pdf') }, who)
const picture = (hue: string, fields: Record<string, string>, { width, height } = { width: 1200, height: 800 }) =>
  sharp({ create: { width, height, channels: 3, background: hue } })
    .png()
    .toBuffer()
    .then(async (bytes) => ({
      bytes,
      answer: await send('/studio/press/files/pictures', { ...fields, picture: file(bytes, 'a.png', 'image/png') }),
    }))

test('a rider is offered as it came under a name that is safe, replaced and removed', async () => {
  expect((await get('/ana-marsh/press/rider.pdf')).status).toBe(404)
  expect((await rider(pdf('Two inputs'))).headers.get('location')).toBe('/studio/press/files?done=rider')
  expect(await html('/ana-marsh/press')).toContain('href="/ana-marsh/press/rider.pdf"')
  const answer = await get('/ana-marsh/press/rider.pdf')
  expect(answer.headers.get('content-type')).toBe('application/pdf')
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="Ana Marsh - Technical rider\.pdf"/)
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect(Buffer.from(await answer.arrayBuffer()).equals(pdf('Two inputs'))).toBe(true)

  await rider(pdf('Three inputs'))
  expect(Buffer.from(await (await get('/ana-marsh/press/rider.pdf')).arrayBuffer()).equals(pdf('Three inputs'))).toBe(
    true,
  )
  await post('/studio/press/files/rider/remove')
  expect((await get('/ana-marsh/press/rider.pdf')).status).toBe(404)
  expect(await html('/ana-marsh/press')).not.toContain('rider.pdf')
})

test.each([
  ['what only says that it is a PDF', Buffer.from('<html>%PDF-1.7'), 'This file is not a PDF.'],
  ['nothing', Buffer.alloc(0), 'Choose the PDF first.'],
  [
    'more than a rider is',
    Buffer.concat([pdf('x'), Buffer.alloc(MAX_RIDER_BYTES)]),
    'This file is larger than 20\u00a0MB.',
  ],
])('%s is refused, and the rider that is there stays', async (_, bytes, sentence) => {
  await rider(pdf('Stays'))
  const answer = await rider(bytes)
  expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining(sentence)])
  expect(Buffer.from(await (await get('/ana-marsh/press/rider.pdf')).arrayBuffer()).equals(pdf('Stays'))).toBe(true)
})

test('pictures for the press are offered as they came, with what they show and whose they are', async () => {
  const refused = await picture('#102030', { caption: ' ', credit: '' })
  expect([refused.answer.status, await refused.answer.text()]).toEqual([
    422,
    expect.stringContaining('Say what it shows.'),
  ])
  const { bytes, answer } = await picture('#204060', { caption: 'On the quay', credit: 'Mo Tide' })
  expect(answer.headers.get('location')).toBe('/studio/press/files?done=picture')
  await picture('#604020', { caption: 'In the kitchen', credit: '' })
  const shown = await html('/ana-marsh/press')
  expect(shown).toContain('alt="On the quay"')
  expect(shown).toContain('On the quay, as it came, 1200 × 800 pixels')
  expect(shown).toContain('To be printed beside it: Mo Tide')
  expect(shown.indexOf('On the quay')).toBeLessThan(shown.indexOf('In the kitchen'))
  const [, path = ''] = shown.match(/href="([^"]+\/picture\/[^"]+)"/) ?? []
  const original = await get(path)
  expect(original.headers.get('content-disposition')).toContain('Ana Marsh - On the quay.png')
  expect(Buffer.from(await original.arrayBuffer()).equals(bytes)).toBe(true)

  const id = path.split('/').at(-1)
  // Moved by a press, the button that was pressed keeps the focus, or the other one at the edge.
  const moved = await post(`/studio/press/files/pictures/${id}/move`, { to: 'down' })
  expect(moved.headers.get('location')).toBe(`/studio/press/files?moved=${id}&by=down#picture-${id}`)
  const after = await html('/ana-marsh/press')
  expect(after.indexOf('In the kitchen')).toBeLessThan(after.indexOf('On the quay'))
  const studio = await (await app.request(`/studio/press/files?moved=${id}&by=down&lang=en`, artist)).text()
  expect(studio).toMatch(/<button[^>]*aria-label="Move up: On the quay"[^>]*autofocus/)
  await post(`/studio/press/files/pictures/${id}/move`, { to: 'down' })
  await post(`/studio/press/files/pictures/${id}/move`, { to: 'up' })
  expect(await html('/ana-marsh/press')).toBe(shown)
  await post(`/studio/press/files/pictures/${id}`, { caption: 'On the <quay>', credit: '' })
  expect(await html('/ana-marsh/press')).toContain('alt="On the &lt;quay&gt;"')
  await post(`/studio/press/files/pictures/${id}/remove`)
  expect((await get(path)).status).toBe(404)
  expect(await html('/ana-marsh/press')).not.toContain('quay')
})

test('what is private is offered to whoever has a link, and to nobody else; nobody changes what is another’s', async () => {
  await rider(pdf('For your eyes'))
  const [, one = ''] = (await html('/ana-marsh/press')).match(/\/picture\/([0-9a-f-]{36})"/) ?? []
  const stranger = await signedIn(platform, {
    artistIds: [(await givenRelease(platform, { artist: 'Bo', title: 'Else' })).artistId],
  })
  expect((await post(`/studio/press/files/pictures/${one}/remove`, {}, stranger)).status).toBe(404)
  await post('/studio/press/files/rider/remove', {}, stranger)
  await post('/studio/press', { pictureCredit: 'Zoé' })
  await post('/studio/press/links', { madeFor: 'Le Sonic', days: '7' })
  const desk = await (await app.request('/studio/press', artist)).text()
  const [, link = ''] = desk.match(/value="http:\/\/ritornello\.test(\/press\/[^"]+)"/) ?? []
  const status = async (path: string) => (await get(path)).status
  for (const rest of ['/rider.pdf', `/picture/${one}`]) {
    expect(await status(`/ana-marsh/press${rest}`)).toBe(404)
    expect(await status(link + rest)).toBe(200)
  }
  await post('/studio/press', { isPublic: 'on' })
})

test(`there are ${MOST_PICTURES} at most`, async () => {
  const kept = () =>
    platform.db.selectFrom('pressPictures').select('id').where('artistId', '=', given.artistId).execute()
  const small = { width: 150, height: 100 }
  for (let n = (await kept()).length; n < MOST_PICTURES; n++)
    await picture(`#0000${16 + n}`, { caption: `No ${n}`, credit: '' }, small)
  const { answer } = await picture('#ffffff', { caption: 'One more', credit: '' }, small)
  expect(answer.status).toBe(422)
  expect(await kept()).toHaveLength(MOST_PICTURES)
  expect(await studio()).toContain(`There are ${MOST_PICTURES} pictures`)
})

test('both are in what the artist takes along', async () => {
  const files: string[] = []
  const asking = { lang: 'en', may: () => true, extensionOf: async () => '.png' } as never
  for await (const one of pressBelongings.pack?.(
    platform.db,
    { kind: 'artist', id: given.artistId } as never,
    asking,
  ) ?? [])
    files.push(one.path)
  expect(files).toEqual([
    ...Array.from({ length: MOST_PICTURES }, (_, n) => `press/picture-${n + 1}.png`),
    'press/rider.pdf',
    'press.json',
  ])
})
