import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseFile } from 'music-metadata'
import { describe, expect, it } from 'vitest'
import { loudness } from './effects/loudness.ts'
import { layOut } from './form.ts'
import { compose, type Style, writeWav } from './index.ts'
import { randomFrom } from './random.ts'
import { pianoPiece } from './styles/piano.ts'
import { chordTones, voice } from './theory.ts'

const STYLES: Style[] = ['piano', 'guitar', 'ambient', 'dance']
const rate = 22_050

describe.each(STYLES)('a short piece in the manner of %s', (style) => {
  const piece = compose({ seed: 'test', style, seconds: 24, sampleRate: rate })

  it('has the length asked for, and is as loud as the others', () => {
    expect(piece.left.length).toBe(24 * rate)
    expect(loudness(piece, rate)).toBeGreaterThan(-16)
    expect(loudness(piece, rate)).toBeLessThan(-14)
  })

  it('never clips, never clicks, has no offset, and is silent at both ends', () => {
    let top = 0
    let jump = 0
    let sum = 0
    piece.left.forEach((sample, i) => {
      top = Math.max(top, Math.abs(sample))
      jump = Math.max(jump, Math.abs(sample - (piece.left[i - 1] ?? 0)))
      sum += sample
    })
    expect(top).toBeLessThanOrEqual(10 ** (-1.9 / 20))
    expect(top).toBeGreaterThan(0.2)
    expect(jump).toBeLessThan(0.6)
    expect(Math.abs(sum / piece.left.length)).toBeLessThan(0.001)
    expect(piece.left[0]).toBe(0)
    expect(Math.abs(piece.left.at(-1) ?? 1)).toBeLessThan(1e-4)
  })

  it('is wide: the two sides differ', () => {
    let differs = 0
    for (let i = 0; i < piece.left.length; i += 50)
      if (Math.abs((piece.left[i] ?? 0) - (piece.right[i] ?? 0)) > 1e-4) differs++
    expect(differs).toBeGreaterThan(piece.left.length / 50 / 3)
  })
})

it('the same seed gives the same music, another seed another', () => {
  const once = compose({ seed: 'a', style: 'guitar', seconds: 10, sampleRate: 8000 })
  const again = compose({ seed: 'a', style: 'guitar', seconds: 10, sampleRate: 8000 })
  const other = compose({ seed: 'b', style: 'guitar', seconds: 10, sampleRate: 8000 })
  expect(again.left).toEqual(once.left)
  expect(other.left).not.toEqual(once.left)
})

describe('the form', () => {
  const frame = {
    modes: ['minor'],
    tempo: [80, 80],
    meters: [4],
    colour: 0.2,
    introBars: 2,
    codaBars: 2,
    phraseBars: 8,
  } as const

  it('begins and ends with the ritornello, which comes back with the same chords and ideas', () => {
    const { sections } = layOut(randomFrom('form'), frame, 180)
    const phrases = sections.filter(({ name }) => name !== 'intro' && name !== 'coda')
    const returns = phrases.filter(({ name }) => name === 'R')
    expect([phrases[0]?.name, phrases.at(-1)?.name]).toEqual(['R', 'R'])
    expect(returns.length).toBeGreaterThanOrEqual(3)
    for (const section of returns) {
      expect(section.chords).toEqual(returns[0]?.chords)
      expect(section.motifs).toEqual(returns[0]?.motifs)
    }
    expect(new Set(phrases.map(({ name }) => name)).size).toBe(3)
  })

  it('leaves no hole: each section begins where the one before ends', () => {
    const { sections, bars } = layOut(randomFrom('form'), frame, 100)
    let bar = 0
    for (const section of sections) {
      expect(section.startBar).toBe(bar)
      expect(section.chords).toHaveLength(section.bars)
      bar += section.bars
    }
    expect(bar).toBe(bars)
  })
})

it('chords follow one another by small steps', () => {
  const key = { tonic: 0, mode: 'major' } as const
  let before: number[] | null = null
  for (const degree of [1, 6, 4, 5, 1, 3, 2, 5, 1]) {
    const voiced: number[] = voice(chordTones(key, { degree }), before, 50, 70, 3)
    const moved = before ? voiced.reduce((sum, pitch, i) => sum + Math.abs(pitch - (before?.[i] ?? 0)), 0) : 0
    expect(moved).toBeLessThanOrEqual(9)
    expect(new Set(voiced).size).toBe(3)
    before = voiced
  }
})

it('a tune stays where hands can reach it', () => {
  for (const seed of ['a', 'b', 'c', 'd', 'e']) {
    const pitches = pianoPiece(randomFrom(seed), 120).parts.flatMap(({ notes }) => notes.map(({ pitch }) => pitch))
    expect(Math.min(...pitches)).toBeGreaterThanOrEqual(28)
    expect(Math.max(...pitches)).toBeLessThanOrEqual(100)
  }
})

it('is written as WAV that other programs read, 16 or 24 bits', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wav-'))
  try {
    const piece = compose({ seed: 'w', style: 'guitar', seconds: 9, sampleRate: 8000 })
    for (const bits of [16, 24] as const) {
      const path = join(folder, `${bits}.wav`)
      await writeWav(path, piece, bits)
      const { format } = await parseFile(path)
      expect(format).toMatchObject({
        numberOfChannels: 2,
        bitsPerSample: bits,
        sampleRate: 8000,
        numberOfSamples: 72_000,
      })
    }
    const file = await open(join(folder, '24.wav'))
    const { size } = await file.stat()
    await file.close()
    expect(size).toBe(44 + 72_000 * 6)
  } finally {
    await rm(folder, { recursive: true })
  }
})
