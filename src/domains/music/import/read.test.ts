import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../../platform/i18n/index.ts'
import { pngOf, SCRIPTED_SVG } from '../../../platform/images/hostile.ts'
import en from './locales/en.json' with { type: 'json' }
import type { ProblemCode } from './plan.ts'
import { embeddedCover, type Probe } from './read-files.ts'
import { readFolder, readReleases, readUploads } from './read-folder.ts'
import { describeProblem } from './words.ts'

let folder: string
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'import-')), 'Lune Basse - Marées')
})
afterEach(() => rm(dirname(folder), { recursive: true }))

/** Every file is four minutes of sound, except those whose name confesses. */
const probe: Probe = async (path) => {
  if (path.includes('broken')) return { ok: false, error: { code: 'truncated', detail: 'stops at 1:02' } }
  return { ok: true, value: { durationMs: 240_000 } }
}

async function put(files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, body] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), body)
  }
}

const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** The head of a FLAC file: what holds its tags and picture, and no sound. */
function flac(tags: Record<string, string>, picture?: Uint8Array): Buffer {
  const block = (type: number, body: Uint8Array, last = false) => {
    const head = Buffer.alloc(4)
    head.writeUInt32BE(body.length)
    head[0] = type | (last ? 0x80 : 0)
    return Buffer.concat([head, body])
  }
  const text = (value: string) => Buffer.concat([uint32(Buffer.byteLength(value)), Buffer.from(value)])
  const entries = Object.entries(tags).flatMap(([key, value]) => value.split('|').map((one) => `${key}=${one}`))
  const comments = Buffer.concat([text('test'), uint32(entries.length), ...entries.map(text)])
  const stream = Buffer.alloc(34)
  stream.set([0x10, 0x00, 0x10, 0x00], 0)
  stream.set([0x0a, 0xc4, 0x42, 0xf0], 10)
  const front =
    picture &&
    Buffer.concat([
      Buffer.from([0, 0, 0, 3, 0, 0, 0, 9]),
      Buffer.from('image/png'),
      Buffer.alloc(20),
      uint32(picture.length).reverse(),
      picture,
    ])
  return Buffer.concat([
    Buffer.from('fLaC'),
    block(0, stream),
    ...(front ? [block(6, front)] : []),
    block(4, comments, true),
  ])
}

const wav = (): Buffer =>
  Buffer.concat([
    Buffer.from('RIFF'),
    uint32(36 + 8),
    Buffer.from('WAVEfmt '),
    uint32(16),
    Buffer.from([1, 0, 1, 0, 0x44, 0xac, 0, 0, 0x88, 0x58, 1, 0, 2, 0, 16, 0]),
    Buffer.from('data'),
    uint32(8),
    Buffer.alloc(8),
  ])

/** Silence in an RF64 (EBU Tech 3306), with its title behind the sound. */
function large(name: string, soundBytes: number, title?: string): Buffer {
  const chunk = (id: string, body: Buffer, length = body.length) =>
    Buffer.concat([Buffer.from(id), uint32(length), body, Buffer.alloc(body.length % 2)])
  const sound = title ? Buffer.alloc(soundBytes) : Buffer.alloc(0)
  const info = title ? chunk('LIST', Buffer.concat([Buffer.from('INFO'), chunk('INAM', Buffer.from(title))])) : sound
  const sizes = Buffer.alloc(28)
  const chunks = [chunk('fmt ', wav().subarray(20, 36)), chunk('data', sound, 0xffffffff), info]
  sizes.writeBigUInt64LE(BigInt(4 + 36 + Buffer.concat(chunks).length + soundBytes - sound.length), 0)
  sizes.writeBigUInt64LE(BigInt(soundBytes), 8)
  return Buffer.concat([Buffer.from(name), uint32(0xffffffff), Buffer.from('WAVE'), chunk('ds64', sizes), ...chunks])
}

const sleeve = (side = 500) =>
  sharp({ create: { width: side, height: side, channels: 3, background: '#264' } })
    .png()
    .toBuffer()

async function plan() {
  const result = await readFolder(folder, probe)
  if (!result.ok) throw new Error(result.error)
  return result.value
}
const told = ({ problems }: Awaited<ReturnType<typeof plan>>) =>
  problems.map(({ file, code }) => `${file?.split('/').slice(1).join('/')}: ${code}`)

describe('a folder of tagged FLAC', () => {
  it('is read whole: several artists, identifiers, words, the picture inside', async () => {
    const common = {
      ALBUM: 'Marées',
      ALBUMARTIST: 'Lune Basse',
      DATE: '2024-05-17',
      GENRE: 'Folk|Chanson',
      LABEL: 'Estran',
    }
    await put({
      'b.flac': flac({
        ...common,
        TITLE: 'Le jusant',
        TRACKNUMBER: '2',
        ARTIST: 'Lune Basse|Ana Um',
        ISRC: 'FR-Z03-24-00002',
      }),
      'a.flac': flac(
        {
          ...common,
          TITLE: 'Le flot',
          TRACKNUMBER: '1',
          ARTIST: 'Lune Basse',
          LYRICS: 'La mer\nmonte',
          PERFORMER: 'Ana Um (violoncelle)',
        },
        await sleeve(),
      ),
    })
    const found = await plan()
    expect(found.artist).toEqual({ name: 'Lune Basse', confidence: 'high', from: 'tag' })
    expect(found.release).toMatchObject({
      title: { value: 'Marées', from: 'tag' },
      date: { value: '2024-05-17', from: 'tag' },
      genres: { value: ['Folk', 'Chanson'] },
      label: { value: 'Estran' },
    })
    expect(found.tracks.map(({ number, title }) => `${number} ${title.value}`)).toEqual(['1 Le flot', '2 Le jusant'])
    expect(found.tracks[0]).toMatchObject({
      lyrics: { value: 'La mer\nmonte' },
      credits: [{ role: 'performer', name: 'Ana Um', detail: 'violoncelle' }],
      durationMs: 240_000,
    })
    expect(found.tracks[1]).toMatchObject({
      isrc: { value: 'FRZ032400002' },
      artists: { value: [{ name: 'Lune Basse' }, { name: 'Ana Um' }] },
    })
    expect(found.cover).toMatchObject({ kind: 'embedded', width: 500, height: 500 })
    expect(found.problems).toEqual([])
    const { path, bytes } = found.tracks[0] ?? { path: '', bytes: 0 }
    expect((await sharp((await embeddedCover(path, bytes)) ?? undefined).metadata()).width).toBe(500)
  })

  it('is read by its content even when its name says otherwise', async () => {
    await put({ '01 - x.wav': flac({ TITLE: 'Really FLAC', ARTIST: 'Lune Basse' }) })
    expect((await plan()).tracks[0]?.title).toEqual({ value: 'Really FLAC', from: 'tag' })
  })
})

describe('bad files', () => {
  it('get a sentence each, and the others go on', async () => {
    await put({
      '01 - good.wav': wav(),
      '02 - letter.wav': 'Dear label, here is my song.\n',
      '03 - list.wav': 'ffconcat version 1.0\nfile /etc/passwd\n',
      '04 - nothing.wav': '',
      '05 - broken.flac': flac({ TITLE: 'x' }),
      '06 - big.wav': wav(),
      '07 - picture.mp3': await sleeve(),
      'cover.jpg': SCRIPTED_SVG,
      'front.png': pngOf(10_000, 10_000, true),
      'folder.png': 'no picture',
    })
    await truncate(join(folder, '06 - big.wav'), 3_000_000_000)
    const found = await plan()
    expect(told(found)).toEqual([
      '02 - letter.wav: text-not-audio',
      '03 - list.wav: playlist',
      '04 - nothing.wav: empty-file',
      '05 - broken.flac: audio-truncated',
      '06 - big.wav: file-too-large',
      '07 - picture.mp3: picture-not-audio',
      'cover.jpg: cover-svg',
      'folder.png: cover-unreadable',
      'front.png: cover-too-large',
    ])
    expect(found.tracks.map(({ file }) => file.split('/')[1])).toEqual(['01 - good.wav'])
    expect(found.cover).toBeNull()
  })

  it.each([
    ['a gigabyte of tags', '\x7f\x7f\x7f\x7f'],
    ['sixteen megabytes of empty ones', '\x07\x7f\x7f\x7f'],
  ])('cannot make the reader take memory: %s', async (_, length) => {
    await put({ '01 - Heavy.mp3': Buffer.concat([Buffer.from(`ID3\x03\0\0${length}`, 'latin1'), Buffer.alloc(1000)]) })
    await truncate(join(folder, '01 - Heavy.mp3'), 300_000_000)
    const before = process.memoryUsage().rss
    const found = await plan()
    expect(process.memoryUsage().rss - before).toBeLessThan(60_000_000)
    expect(told(found)).toEqual(['01 - Heavy.mp3: tags-unreadable'])
    expect(found.tracks[0]?.title).toEqual({ value: 'Heavy', from: 'filename' })
  })

  it('a title of figures is one, unless it only counts', async () => {
    await put({
      '1.flac': flac({ ALBUM: '1979', TITLE: '1', TRACKNUMBER: '1' }),
      '2.flac': flac({ ALBUM: '1979', TITLE: '2024', TRACKNUMBER: '2' }),
    })
    const found = await plan()
    expect(told(found)).toEqual(['1.flac: title-missing'])
    expect(found.tracks.map(({ title }) => title)).toEqual([
      { value: '1', from: 'guess' },
      { value: '2024', from: 'tag' },
    ])
  })

  it.each(['RF64', 'BW64'])(
    'silence in %s has its tags read, and where it has none nothing is said of them',
    async (name) => {
      await put({ '01 - Nothing.wav': large(name, 400_000_000), '02 - x.wav': large(name, 1000, 'Étale') })
      await truncate(join(folder, '01 - Nothing.wav'), large(name, 0).length + 400_000_000)
      const found = await plan()
      expect(told(found)).toEqual([])
      expect(found.tracks.map(({ title }) => title)).toEqual([
        { value: 'Nothing', from: 'filename' },
        { value: 'Étale', from: 'tag' },
      ])
    },
  )

  it('nothing is said of the tags of a Wave64, which holds none', async () => {
    await put({ '01 - Nothing.w64': Buffer.from('726966662e91cf11a5d628db04c10000', 'hex') })
    await truncate(join(folder, '01 - Nothing.w64'), 400_000_000)
    expect(told(await plan())).toEqual([])
  })

  it('a picture inside the audio that is a bomb is told, and the next one taken', async () => {
    await put({
      '01 - a.flac': flac({ ARTIST: 'A' }, pngOf(60_000, 60_000, false)),
      '02 - b.flac': flac({ ARTIST: 'A' }, await sleeve(300)),
    })
    const found = await plan()
    expect(told(found)).toEqual(['01 - a.flac: cover-too-large'])
    expect(found.cover).toMatchObject({ kind: 'embedded', width: 300 })
  })
})

describe('what surrounds music', () => {
  it('is ignored when it is nobody’s, given when it is a bonus', async () => {
    await put({
      '01 - a.wav': wav(),
      '.DS_Store': 'x',
      '._01 - a.wav': 'x',
      'Thumbs.db': 'x',
      'all.m3u': '01 - a.wav',
      'Livret.pdf': '%PDF-1.7',
      'Stems/voix.wav': wav(),
      'Pochette.PNG': await sleeve(),
    })
    const found = await plan()
    expect(found.tracks).toHaveLength(1)
    expect(found.bonus.map(({ file }) => file.split('/').slice(1).join('/'))).toEqual(['Livret.pdf', 'Stems/voix.wav'])
    expect(found.ignored.map(({ reason }) => reason).sort()).toEqual(['hidden', 'hidden', 'playlist', 'system'])
    expect(found.cover?.file).toMatch(/Pochette\.PNG$/)
  })

  it('links out of the folder are not followed, pipes are not opened, nothing is read twice', async () => {
    await put({ '01 - a.wav': wav() })
    await writeFile(join(dirname(folder), 'secret.wav'), wav())
    await symlink(join(dirname(folder), 'secret.wav'), join(folder, '02 - out.wav'))
    await symlink(join(folder, '01 - a.wav'), join(folder, '03 - in.wav'))
    await symlink(folder, join(folder, 'loop'))
    await symlink('/nowhere', join(folder, '04 - gone.wav'))
    execFileSync('mkfifo', [join(folder, '05 - pipe.wav')])
    const found = await plan()
    expect(found.tracks.map(({ file }) => file.split('/')[1])).toEqual(['01 - a.wav'])
    expect(told(found)).toEqual(['02 - out.wav: link-outside', '04 - gone.wav: link-outside'])
  })

  it('names are shown composed and paths kept as they are', async () => {
    const decomposed = '01 - Été.wav'.normalize('NFD')
    await put({ [decomposed]: wav(), '02 - 海.wav': wav() })
    const [summer, sea] = (await plan()).tracks
    expect(summer?.title.value).toBe('Été'.normalize('NFC'))
    expect(summer?.path.endsWith(decomposed)).toBe(true)
    expect(sea?.title.value).toBe('海')
  })

  it('names that are not UTF-8 are told rather than lost', async () => {
    await put({ '01 - a.wav': wav() })
    await writeFile(
      Buffer.concat([Buffer.from(`${folder}/02 - \u00e9t`), Buffer.from([0xe9, 0x2e, 0x77, 0x61, 0x76])]),
      wav(),
    )
    expect((await plan()).problems.map(({ code }) => code)).toEqual(['name-not-utf8'])
  })
})

it('a folder that is not there is an answer, not a crash', async () => {
  expect(await readFolder(join(folder, 'no'), probe)).toEqual({ ok: false, error: 'missing' })
})

it('a folder of albums is several releases, or one with a warning', async () => {
  await put({ 'Um/01 a.wav': wav(), 'Dois/01 b.wav': wav() })
  const releases = await readReleases(folder, probe)
  expect(releases.ok && releases.value.map(({ release }) => release.title.value)).toEqual(['Dois', 'Um'])
  expect((await plan()).problems[0]).toMatchObject({ code: 'several-releases', values: { count: 2 } })
})

it('uploads keep the names that they were sent with', async () => {
  await put({ u1: wav(), u2: flac({ TITLE: 'B', TRACKNUMBER: '2' }) })
  const [found] = await readUploads(
    [
      { path: join(folder, 'u1'), name: 'Ana - Disco (2023)/01 A.wav' },
      { path: join(folder, 'u2'), name: 'Ana - Disco (2023)/02 B.flac' },
    ],
    probe,
  )
  expect(found?.release).toMatchObject({ title: { value: 'Disco' }, date: { value: '2023' } })
  expect(found?.tracks.map(({ path }) => path)).toEqual([join(folder, 'u1'), join(folder, 'u2')])
})

it('every problem has its sentence in both languages', () => {
  const values = {
    detail: 'd',
    title: 'T',
    number: 2,
    disc: 1,
    isrc: 'X',
    barcode: '1',
    width: 1,
    height: 1,
    limit: 3,
    depth: 9,
    count: 2,
    names: 'A, B',
  }
  for (const code of Object.keys(en) as ProblemCode[]) {
    for (const lang of LANGUAGES) {
      const sentence = describeProblem({ file: 'f', code, level: 'notice', values: { ...values, bytes: 3e9 } }, lang)
      expect(sentence).toMatch(/^\S.*[.]$/s)
      expect(sentence).not.toContain('{')
    }
  }
  const large = {
    file: 'f',
    code: 'file-too-large',
    level: 'refused',
    values: { bytes: 3_000_000_000, limit: 2 ** 31 },
  } as const
  expect(describeProblem(large, 'en')).toMatch(/3\sGB/)
})
