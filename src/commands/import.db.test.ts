import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestPlatform, testApp, testPlatform, tone } from '../testing/index.ts'
import { importInto } from './import.ts'

let platform: TestPlatform
let root: string
beforeAll(async () => {
  platform = await testPlatform()
  root = mkdtempSync(join(tmpdir(), 'import-'))
})
afterAll(async () => {
  rmSync(root, { recursive: true, force: true })
  await platform.close()
})

let hertz = 300
/** A folder on this machine with these files; a path that ends in .wav sounds. */
function folderOf(name: string, files: Record<string, string | Buffer | null>): string {
  for (const [path, content] of Object.entries(files)) {
    const place = join(root, name, path)
    mkdirSync(dirname(place), { recursive: true })
    writeFileSync(place, content ?? tone({ seconds: 1, hertz: hertz++ }))
  }
  return join(root, name)
}

type Printed = {
  artist: { url: string } | null
  release: { url: string; tracks: { title: string; url: string; stream_url: string; duration_ms: number }[] } | null
  problems: { file: string; message: string }[]
}

/** Runs the command with --json. */
async function run(
  folder: string,
  { artist, publish = false, alone = true }: { artist?: string; publish?: boolean; alone?: boolean } = {},
) {
  const lines: string[] = []
  const code = await importInto(
    platform,
    { folder, artist, publish, json: true },
    { alone, signal: new AbortController().signal, out: (line) => void lines.push(line) },
  )
  return { code, printed: lines.map((line) => JSON.parse(line) as Printed) }
}

const count = (table: 'releases' | 'artists' | 'masters') =>
  platform.db
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
    .then(({ n }) => n)

describe('a folder of this machine', () => {
  test('becomes a draft that can be heard, and its files stay as they are', async () => {
    const folder = folderOf('Léa - Un été (2025)', { '01 - Un.wav': null, '02 - Deux.wav': null })
    const before = readFileSync(join(folder, '01 - Un.wav'))
    const { code, printed } = await run(folder)
    expect(code).toBe(0)
    const [{ artist, release, problems } = {} as Printed] = printed
    expect(artist?.url).toBe('http://ritornello.test/lea')
    expect(release?.url).toBe('http://ritornello.test/lea/un-ete')
    expect(release?.tracks).toMatchObject([
      { title: 'Un', url: 'http://ritornello.test/lea/un-ete/un', duration_ms: 1000 },
      { title: 'Deux' },
    ])
    expect(problems).toEqual([])
    const stream = await testApp(platform).request(release?.tracks[0]?.stream_url ?? '')
    expect([stream.status, stream.headers.get('content-type')]).toEqual([200, expect.stringContaining('audio/')])
    expect((await testApp(platform).request((release?.tracks[0]?.stream_url ?? '').split('?')[0] ?? '')).status).toBe(
      404,
    )
    expect(readFileSync(join(folder, '01 - Un.wav')).equals(before)).toBe(true)
  })

  test('the same again is recognised, and can be published then; changed, it is another release', async () => {
    const folder = folderOf('Mo - Again', { '01 - One.wav': null, '02 - Two.wav': null })
    const [first] = (await run(folder)).printed
    const releases = await count('releases')
    const again = await run(folder, { publish: true })
    expect(again.code).toBe(0)
    expect(again.printed[0]?.release?.url).toBe(first?.release?.url)
    expect(await count('releases')).toBe(releases)
    const open = again.printed[0]?.release?.tracks[0]?.stream_url ?? ''
    expect(open).not.toContain('pass=')
    expect((await testApp(platform).request(open)).status).toBe(200)
    folderOf('Mo - Again', { '03 - Three.wav': null })
    expect((await run(folder)).printed[0]?.release?.tracks).toHaveLength(3)
    expect(await count('releases')).toBe(releases + 1)
  })

  test('two imports of one folder at once make one release and one artist', async () => {
    const folder = folderOf('Twins - Same', { '01 - One.wav': null })
    const [releases, artists] = [await count('releases'), await count('artists')]
    await Promise.all([run(folder, { alone: false }), run(folder, { alone: false })])
    expect([await count('releases'), await count('artists')]).toEqual([releases + 1, artists + 1])
  })

  test('with an artist named, finds them whatever the accents, or makes them', async () => {
    const folder = folderOf('Somewhere - Untitled things', { 'a.wav': null })
    expect((await run(folder, { artist: 'LEA' })).printed[0]?.artist?.url).toBe('http://ritornello.test/lea')
    const { name } = await platform.db
      .selectFrom('releaseArtists')
      .select('name')
      .orderBy('releaseId', 'desc')
      .executeTakeFirstOrThrow()
    expect(name).toBe('Léa')
    const other = folderOf('Other things', { 'b.wav': null })
    expect((await run(other, { artist: 'New Name' })).printed[0]?.artist?.url).toBe('http://ritornello.test/new-name')
  })

  test('of several albums gives a line for each', async () => {
    const folder = folderOf('Shelf', { 'Ann/First/01 - A.wav': null, 'Ann/Second/01 - B.wav': null })
    const { code, printed } = await run(folder, { artist: 'Ann' })
    expect(code).toBe(0)
    expect(printed.map(({ release }) => release?.url.split('/').at(-1))).toEqual(['first', 'second'])
  })

  test('bad files have their sentence, and the others come in', async () => {
    const folder = folderOf('Kim - Mixed', {
      '01 - Good.wav': null,
      '02 - Words.wav': 'only words, for a while',
      '03 - List.wav': 'ffconcat version 1.0\nfile "01 - Good.wav"\n',
      '04 - Empty.wav': '',
    })
    const { code, printed } = await run(folder)
    expect(code).toBe(0)
    expect(printed[0]?.release?.tracks).toHaveLength(1)
    expect(printed[0]?.problems).toEqual([
      { file: '02 - Words.wav', message: expect.stringContaining('a text with the name of an audio file') },
      { file: '03 - List.wav', message: expect.stringContaining('playlist') },
      { file: '04 - Empty.wav', message: expect.stringContaining('empty') },
    ])
  })

  test('without anything to hear, or that is not there, makes nothing and says why', async () => {
    const releases = await count('releases')
    const words = await run(folderOf('Kim - Words', { 'words.wav': 'only words' }))
    expect(words).toMatchObject({ code: 1, printed: [{ artist: null, release: null }] })
    expect(words.printed[0]?.problems.length).toBeGreaterThan(0)
    const nowhere = await run(join(root, 'nowhere'))
    expect(nowhere).toMatchObject({ code: 1, printed: [{ release: null, problems: [{ file: 'nowhere' }] }] })
    expect(await count('releases')).toBe(releases)
  })
})
