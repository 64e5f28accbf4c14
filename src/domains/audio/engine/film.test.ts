import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { probeFilm, writeFilm } from './film.fixtures.ts'
import { film } from './index.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'film-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const place = () => mkdtempSync(join(folder, 'made-'))

test('a film becomes an MP4 whose index comes first, a WebM, and a picture', async () => {
  const path = join(folder, 'one.mp4')
  writeFilm(path, { seconds: 2 })
  const heard: number[] = []
  const made = await film(path, place(), { onProgress: (done) => heard.push(done) })
  if (!made.ok) throw new Error(JSON.stringify(made.error))
  const { mp4, webm, poster, ...facts } = made.value
  expect(facts).toMatchObject({ width: 320, height: 180, hasSound: true })
  expect(Math.abs(facts.durationMs - 2000)).toBeLessThan(150)
  const bytes = readFileSync(mp4.path)
  expect(bytes.indexOf('moov')).toBeGreaterThan(0)
  expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'))
  expect(probeFilm(mp4.path)).toMatchObject({ picture: 'h264', sound: 'aac', width: 320, height: 180 })
  expect(probeFilm(webm.path)).toMatchObject({ picture: 'vp9', sound: 'opus', width: 320, height: 180 })
  for (const one of [mp4, webm]) expect(Math.abs((probeFilm(one.path)?.durationMs ?? 0) - 2000)).toBeLessThan(200)
  expect(await sharp(poster ?? '').metadata()).toMatchObject({ format: 'jpeg', width: 320, height: 180 })
  expect(heard.at(-1)).toBe(1)
})

test('a large one is made smaller, an odd one even, a silent one stays silent, a WebM is taken as well', async () => {
  const path = join(folder, 'large.webm')
  writeFilm(path, { seconds: 1, width: 1600, height: 1200, hasSound: false, muxer: 'webm' })
  const made = await film(path, place())
  expect(made).toMatchObject({ ok: true, value: { width: 1280, height: 960, hasSound: false } })
  if (made.ok) expect(probeFilm(made.value.mp4.path)).toMatchObject({ picture: 'h264', sound: null })
})

test('what is no film is refused with a reason, and leaves nothing behind', async () => {
  const text = join(folder, 'a.mp4')
  writeFileSync(text, 'no film at all')
  const list = join(folder, 'b.mp4')
  writeFileSync(list, '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n')
  const whole = join(folder, 'whole.mp4')
  writeFilm(whole, { seconds: 1 })
  const cut = join(folder, 'cut.mp4')
  writeFileSync(cut, readFileSync(whole).subarray(0, 3000))
  for (const path of [text, list, cut, join(folder, 'nothing.mp4')]) {
    const out = place()
    const made = await film(path, out)
    expect(made.ok, path).toBe(false)
    expect(readdirSync(out)).toEqual([])
  }
  const short = await film(whole, place(), { limits: { maxDurationMs: 500, maxPixels: 1e8 } })
  expect(short).toMatchObject({ ok: false, error: { code: 'too-long' } })
})
