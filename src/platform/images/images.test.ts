import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gifOf, pngOf, SCRIPTED_SVG, swellingText } from './hostile.ts'
import { checkImage, coverJpeg, icons, inspectImage, pixels, rasteriseOwnSvg, renditions, widthsFor } from './index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'images-'))
})
afterAll(() => rm(folder, { recursive: true }))

const plain = (width: number, height: number, background = '#cc3311') =>
  sharp({ create: { width, height, channels: 3, background } })

async function noisy(size: number): Promise<Buffer> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 }
  return sharp({ create: { width: size, height: size, channels: 3, background: '#808080', noise } })
    .png()
    .toBuffer()
}

const code = async (input: Uint8Array | string) => {
  const result = await checkImage(input)
  return result.ok ? 'accepted' : result.error.code
}

describe('what is refused', () => {
  it('an SVG, whatever it calls itself and however it is wrapped', async () => {
    const disguised = join(folder, 'cover.jpg')
    await writeFile(disguised, SCRIPTED_SVG)
    expect(await code(disguised)).toBe('svg')
    expect(await code(gzipSync(SCRIPTED_SVG))).toBe('svg')
    expect(await code(Buffer.from(`\ufeff${SCRIPTED_SVG}`, 'utf16le'))).toBe('svg')
    expect(await code(Buffer.from('<svg:svg xmlns:svg="http://www.w3.org/2000/svg"/>'))).toBe('svg')
  })

  it('a cover of 10,000 x 10,000, and says its size', async () => {
    const result = await inspectImage(pngOf(10_000, 10_000, true))
    expect(result).toEqual({
      ok: false,
      error: { code: 'too-large', values: { width: 10_000, height: 10_000, megapixels: 50 } },
    })
  })

  it('a few bytes that announce billions of pixels', async () => {
    expect(await code(pngOf(60_000, 60_000, false))).toBe('too-large')
    expect(await code(gifOf(65_535, 65_535))).toBe('too-large')
    expect(await code(pngOf(1, 49_000_000, false))).not.toBe('accepted')
    expect(await code(pngOf(30_000, 10, true))).toBe('too-large')
  })

  it('text, nothing, a document, a picture cut short', async () => {
    expect(await code(Buffer.alloc(0))).toBe('empty')
    expect(await code(Buffer.from('ffconcat version 1.0\nfile /etc/passwd\n'))).toBe('not-an-image')
    expect(await code(Buffer.from('%PDF-1.7'))).toBe('not-an-image')
    const jpeg = await plain(600, 600).jpeg().toBuffer()
    expect(await code(jpeg.subarray(0, jpeg.length / 2))).toBe('broken')
    expect(await code(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0]))).toBe('broken')
    expect(await code(pngOf(400, 400, false))).toBe('broken')
  })

  it('a file beyond the byte limit, before reading it', async () => {
    const heavy = join(folder, 'heavy.png')
    await writeFile(heavy, Buffer.alloc(41_000_000))
    expect(await code(heavy)).toBe('too-many-bytes')
  })

  it('a text chunk that swells costs no memory to speak of', async () => {
    const bomb = pngOf(16, 16, true, [swellingText(300)])
    const before = process.memoryUsage().rss
    await checkImage(bomb)
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
  })
})

describe('what is taken', () => {
  it('the first frame of a moving picture', async () => {
    const frames = await Promise.all(['#ff0000', '#0000ff'].map((colour) => plain(20, 20, colour).png().toBuffer()))
    const gif = await sharp(frames, { join: { animated: true } })
      .gif({ delay: [100, 100] })
      .toBuffer()
    expect(await inspectImage(gif)).toMatchObject({ ok: true, value: { width: 20, height: 20, animated: true } })
    const seen = await pixels(gif, 20)
    expect(seen.ok && [...seen.value.data.subarray(0, 3)]).toEqual([255, 0, 0])
    expect(seen.ok && seen.value.height).toBe(20)
  })

  it('a photograph turned upright, without the place where it was taken', async () => {
    const photo = await plain(80, 40)
      .withExif({ IFD0: { Artist: 'Someone' }, IFD3: { GPSLatitude: '48/1 51/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    expect(await inspectImage(photo)).toMatchObject({ ok: true, value: { width: 40, height: 80 } })
    const made = await renditions(photo, [40])
    if (!made.ok) throw new Error(made.error.code)
    for (const { bytes } of made.value) {
      const meta = await sharp(bytes).metadata()
      expect([meta.width, meta.height, meta.orientation, meta.exif, meta.xmp]).toEqual([
        40,
        80,
        ...Array(3).fill(undefined),
      ])
    }
  })

  it('CMYK, 16 bits, grey and other colour spaces, all given back in sRGB', async () => {
    const cmyk = await plain(32, 32).toColourspace('cmyk').withIccProfile('cmyk').jpeg().toBuffer()
    const deep = await plain(32, 32).toColourspace('rgb16').png().toBuffer()
    const grey = await plain(32, 32).toColourspace('b-w').png().toBuffer()
    const wide = await plain(32, 32, '#ff0000').withIccProfile('p3').png().toBuffer()
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk')
    expect((await sharp(deep).metadata()).depth).toBe('ushort')
    for (const picture of [cmyk, deep, grey, wide]) {
      const cover = await coverJpeg(picture)
      if (!cover.ok) throw new Error(cover.error.code)
      expect(await sharp(cover.value.bytes).metadata()).toMatchObject({ space: 'srgb', depth: 'uchar', channels: 3 })
    }
    const red = await pixels(wide, 1)
    expect(red.ok && [...red.value.data]).toEqual([255, 0, 0, 255])
  })
})

describe('renditions', () => {
  it('are never wider than the picture', () => {
    expect(widthsFor(3000)).toEqual([160, 320, 640, 960, 1400])
    expect(widthsFor(500)).toEqual([160, 320, 500])
    expect(widthsFor(100)).toEqual([100])
  })

  it('come in three formats with their true sizes', async () => {
    const made = await renditions(await plain(700, 350).png().toBuffer(), [160, 320, 640, 960])
    if (!made.ok) throw new Error(made.error.code)
    expect(made.value.map(({ format, width, height }) => `${format} ${width}x${height}`)).toEqual(
      ['160x80', '320x160', '640x320', '700x350'].flatMap((size) => [`avif ${size}`, `webp ${size}`, `jpeg ${size}`]),
    )
    for (const { bytes, format, width, height } of made.value) {
      const meta = await sharp(bytes).metadata()
      expect(meta).toMatchObject({ width, height, format: format === 'avif' ? 'heif' : format })
    }
  })

  it('of a transparent picture keep it where they can, and stand on white where they cannot', async () => {
    const clear = await sharp({ create: { width: 40, height: 40, channels: 4, background: '#00000000' } })
      .png()
      .toBuffer()
    const made = await renditions(clear, [40])
    if (!made.ok) throw new Error(made.error.code)
    const alpha = await Promise.all(made.value.map(async ({ bytes }) => (await sharp(bytes).metadata()).hasAlpha))
    expect(alpha).toEqual([true, true, false])
    const cover = await coverJpeg(clear)
    expect(cover.ok && [...(await sharp(cover.value.bytes).raw().toBuffer()).subarray(0, 3)]).toEqual([255, 255, 255])
  })
})

describe('the cover inside tags', () => {
  it('is a progressive JPEG under a megabyte, 1400 pixels at most, even of pure noise', {
    timeout: 60_000,
  }, async () => {
    const cover = await coverJpeg(await noisy(2000))
    if (!cover.ok) throw new Error(cover.error.code)
    expect(cover.value).toMatchObject({ width: 1400, height: 1400, type: 'image/jpeg' })
    expect(cover.value.bytes.length).toBeLessThan(1_000_000)
    expect((await sharp(cover.value.bytes).metadata()).isProgressive).toBe(true)
  })

  it('keeps the proportions and never grows', async () => {
    const wide = await coverJpeg(await plain(3000, 1000).png().toBuffer())
    expect(wide.ok && [wide.value.width, wide.value.height]).toEqual([1400, 467])
    const small = await coverJpeg(await plain(90, 90).png().toBuffer())
    expect(small.ok && small.value.width).toBe(90)
  })
})

it('icons are square PNGs of the sizes that browsers ask for', async () => {
  const made = await icons(await plain(300, 200).jpeg().toBuffer())
  if (!made.ok) throw new Error(made.error.code)
  expect(made.value.map(({ width, height, format }) => [width, height, format])).toEqual(
    [32, 180, 192, 512].map((size) => [size, size, 'png']),
  )
})

it('a drawing of our own becomes a picture', async () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10" fill="#00ff00"/></svg>'
  const drawn = await rasteriseOwnSvg(svg, { width: 64, height: 64 }, 'jpeg')
  expect(await inspectImage(drawn.bytes)).toMatchObject({ ok: true, value: { format: 'jpeg', width: 64, height: 64 } })
})

it('many at once wait their turn', async () => {
  const picture = await plain(1000, 1000).jpeg().toBuffer()
  const results = await Promise.all(Array.from({ length: 12 }, () => pixels(picture, 8)))
  expect(results.every((result) => result.ok)).toBe(true)
})
