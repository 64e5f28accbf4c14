import { readdirSync, statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type TestPlatform, testApp, testPlatform } from '../../../testing/index.ts'
import { announce, ask, aWorld, BYTES, newBatch, patch, press, sendFile, TUS, type World } from './batches.fixtures.ts'
import { batchById } from './batches.store.ts'
import { MAX_FILE_BYTES } from './limits.rules.ts'
import { tidyUploads } from './tidy-uploads.ts'
import { uploadPath, uploadsOf } from './uploads.store.ts'

let platform: TestPlatform
let world: World
beforeAll(async () => {
  platform = await testPlatform()
  world = await aWorld(platform)
})
afterAll(() => platform.close())

const bytes = (text: string) => new TextEncoder().encode(text)
const head = (url: string, of: World = world) => ask(of, 'HEAD', url, { headers: TUS })
const offsetOf = async (url: string) => (await head(url)).headers.get('upload-offset')
/** Waits until so many bytes of it are on the disk. */
const arrived = (url: string, many: number) =>
  vi.waitFor(
    () => {
      if (statSync(uploadPath(platform.paths, url.split('/').at(-1) ?? '')).size < many) throw new Error('Not yet.')
    },
    { timeout: 10_000 },
  )

describe('a file comes in', () => {
  test('in pieces, and is complete when the last byte is there', async () => {
    const { id, endpoint } = await newBatch(world)
    const made = await announce(world, endpoint, 'Album/01 Été.wav', 10)
    expect(made.status).toBe(201)
    const url = made.headers.get('location') ?? ''
    expect(url).toMatch(new RegExp(`^${endpoint}/[\\w-]{32}$`))
    const first = await patch(world, url, 0, bytes('01234'))
    expect([first.status, first.headers.get('upload-offset')]).toEqual([204, '5'])
    expect((await uploadsOf(platform.db, id))[0]).toMatchObject({ received: 5, completedAt: null })
    await patch(world, url, 5, bytes('56789'))
    expect((await uploadsOf(platform.db, id))[0]).toMatchObject({
      relativePath: 'Album/01 Été.wav',
      received: 10,
      modifiedMs: 1,
      completedAt: expect.any(Date),
    })
  })

  test('goes on where it stopped after the connection broke', async () => {
    const { endpoint } = await newBatch(world)
    const url = (await announce(world, endpoint, 'a.wav', 12)).headers.get('location') ?? ''
    const broken = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(bytes('hello '))
        await arrived(url, 6)
        controller.error(new Error('the cable was pulled'))
      },
    })
    await patch(world, url, 0, broken)
    expect(await offsetOf(url)).toBe('6')
    const rest = await patch(world, url, 6, bytes('world!'))
    expect(rest.headers.get('upload-offset')).toBe('12')
  })

  test('a connection that hangs in one process lets go to a new one in another', async () => {
    const { endpoint } = await newBatch(world)
    const url = (await announce(world, endpoint, 'a.wav', 12)).headers.get('location') ?? ''
    const hanging = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bytes('hello ')),
    })
    const first = patch(world, url, 0, hanging)
    await arrived(url, 6)
    const elsewhere = { ...world, app: testApp(platform) }
    const found = await head(url, elsewhere)
    expect(found.headers.get('upload-offset')).toBe('6')
    expect((await patch(elsewhere, url, 6, bytes('world!'))).headers.get('upload-offset')).toBe('12')
    await first
  })

  test('bytes at the wrong place are refused, and change nothing', async () => {
    const { endpoint } = await newBatch(world)
    const url = (await announce(world, endpoint, 'a.wav', 10)).headers.get('location') ?? ''
    await patch(world, url, 0, bytes('01234'))
    expect((await patch(world, url, 0, bytes('xxxxx'))).status).toBe(409)
    expect((await patch(world, url, 5, bytes('567890'))).status).toBe(413)
    expect(await offsetOf(url)).toBe('5')
  })

  test('the same path again replaces the file; another one taken away is gone', async () => {
    const { id, endpoint } = await newBatch(world)
    await sendFile(world, endpoint, 'a.wav', bytes('old'))
    await sendFile(world, endpoint, 'a.wav', bytes('newer'))
    const url = await sendFile(world, endpoint, 'b.wav', bytes('b'))
    expect((await ask(world, 'DELETE', url, { headers: TUS })).status).toBe(204)
    const [only, ...others] = await uploadsOf(platform.db, id)
    expect(only).toMatchObject({ relativePath: 'a.wav', size: 5 })
    expect(others).toEqual([])
    expect(readdirSync(platform.paths.uploads).filter((name) => name === url.split('/').at(-1))).toEqual([])
  })
})

describe('what is refused is said before any byte is sent', () => {
  test('too large, without a name, without a size, in the reader’s language', async () => {
    const { id, endpoint } = await newBatch(world)
    const large = await announce(world, endpoint, 'a.wav', MAX_FILE_BYTES + 1)
    expect([large.status, await large.text()]).toEqual([413, expect.stringContaining('4.3\u00a0GB')])
    expect((await announce(world, endpoint, '/../', 5)).status).toBe(400)
    const unknown = await ask(world, 'POST', endpoint, { headers: { ...TUS, 'upload-defer-length': '1' } })
    expect(unknown.status).toBe(400)
    expect(await uploadsOf(platform.db, id)).toEqual([])
  })

  test('a path is a text and never a place on the disk', async () => {
    const { id, endpoint } = await newBatch(world)
    await sendFile(world, endpoint, '../../../tmp/evil.wav', bytes('x'))
    expect(await uploadsOf(platform.db, id)).toMatchObject([
      { relativePath: 'tmp/evil.wav', id: expect.stringMatching(/^[\w-]{32}$/) },
    ])
  })

  test('what is being read takes no more files', async () => {
    const { endpoint, page } = await newBatch(world)
    const url = (await announce(world, endpoint, 'late.wav', 5)).headers.get('location') ?? ''
    await sendFile(world, endpoint, 'a.wav', bytes('a'))
    await press(world, page, 'done')
    expect((await announce(world, endpoint, 'b.wav', 1)).status).toBe(403)
    expect((await patch(world, url, 0, bytes('aaaaa'))).status).toBe(403)
  })

  test('the bytes that came in are given back to nobody', async () => {
    const { endpoint } = await newBatch(world)
    const url = await sendFile(world, endpoint, 'a.html', bytes('<script>1</script>'))
    expect((await ask(world, 'GET', url)).status).toBe(404)
  })
})

describe('other people’s batches', () => {
  test('are not there', async () => {
    const { endpoint, page } = await newBatch(world)
    const url = await sendFile(world, endpoint, 'a.wav', bytes('a'))
    const other = await aWorld(platform, 'Other')
    expect((await announce(other, endpoint, 'b.wav', 1)).status).toBe(404)
    expect((await head(url, other)).status).toBe(404)
    expect((await patch(other, url, 1, bytes('b'))).status).toBe(404)
    expect((await ask(other, 'DELETE', url, { headers: TUS })).status).toBe(404)
    expect((await ask(other, 'GET', page)).status).toBe(404)
    expect((await press(other, page, 'make')).status).toBe(404)
    expect((await ask(other, 'POST', `/studio/uploads?artist=${world.artistId}`)).status).toBe(404)
  })

  test('an upload answers under its own batch alone', async () => {
    const [one, two] = [await newBatch(world), await newBatch(world)]
    const url = await sendFile(world, one.endpoint, 'a.wav', bytes('a'))
    expect((await head(url.replace(one.id, two.id))).status).toBe(404)
  })

  test('nobody signed in is told to sign in', async () => {
    const { endpoint } = await newBatch(world)
    const answer = await world.app.request(endpoint, { method: 'POST', headers: { ...BYTES, 'upload-length': '1' } })
    expect(answer.status).toBe(401)
  })
})

test('without scripts a form brings the files in, each whole, with their folders', async () => {
  const form = new FormData()
  form.append('folder', new Blob(['one']), 'Album/01.wav')
  form.append('folder', new Blob(['junk']), 'Album/.DS_Store')
  form.append('files', new Blob([]), '')
  form.append('files', new Blob(['zwei']), 'cover.jpg')
  const answer = await ask(world, 'POST', `/studio/music/new?artist=${world.artistId}`, { body: form })
  expect(answer.status).toBe(303)
  const id = answer.headers.get('location')?.split('/').at(-1) ?? ''
  expect(await uploadsOf(platform.db, id)).toMatchObject([
    { relativePath: 'Album/01.wav', size: 3, received: 3, completedAt: expect.any(Date) },
    { relativePath: 'cover.jpg', size: 4, received: 4 },
  ])
  const page = await (await ask(world, 'GET', answer.headers.get('location') ?? '')).text()
  expect(page).toContain('That is all')
  const empty = new FormData()
  empty.append('files', new Blob([]), '')
  const nothing = await ask(world, 'POST', `/studio/music/new?artist=${world.artistId}`, { body: empty })
  expect([nothing.status, await nothing.text()]).toEqual([422, expect.stringContaining('No file was chosen')])
})

test('what nobody touched for a week is thrown away, and nothing else', async () => {
  const [old, young] = [await newBatch(world), await newBatch(world)]
  await sendFile(world, old.endpoint, 'a.wav', bytes('a'))
  await sendFile(world, young.endpoint, 'a.wav', bytes('a'))
  platform.pass(8 * 86_400_000)
  await platform.db.updateTable('uploadBatches').set({ updatedAt: platform.now() }).where('id', '=', young.id).execute()
  await tidyUploads(platform)
  expect(await uploadsOf(platform.db, old.id)).toEqual([])
  expect(await uploadsOf(platform.db, young.id)).toHaveLength(1)
  expect((await batchById(platform.db, old.id))?.state).toBe('abandoned')
  expect((await batchById(platform.db, young.id))?.state).toBe('receiving')
})
