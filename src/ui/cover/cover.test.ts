import fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawCover } from './draw.ts'

const cover = (title: string, seed = 'a') => drawCover({ title, artist: 'Demo', seed })

test('the same release always gets the same cover, another one another', () => {
  expect(cover('Étude in Wood')).toBe(cover('Étude in Wood'))
  expect(cover('Étude in Wood')).not.toBe(cover('Étude in Wood', 'b'))
  expect(cover('Étude in Wood')).not.toBe(cover('Étude in Stone'))
})

test('European letters need no font; other scripts ask for one', () => {
  for (const seed of 'abcdefghij') {
    expect(cover('Žižkov, Łódź, Győr, Ærø: “Œuvre” n° 4', seed)).not.toContain('<text')
    expect(cover('木の練習曲', seed)).toContain('<text')
  }
})

test('emoji are left to the page, unless nothing else is said; signs of music are not', () => {
  for (const seed of 'abcdefghij') {
    expect(cover('🌊🌙 Tides ✨ 👩🏽‍🚀 ❤️', seed)).not.toContain('<text')
    expect(cover('🌊', seed)).toContain('🌊')
  }
  expect([...'abcdefghij'].map((seed) => cover('♭', seed)).filter((svg) => !svg.includes('♭'))).toEqual([])
})

test('whatever the title, the drawing is well formed and nothing in it speaks', () => {
  const tag = /<\/?[a-z]+(?: [\w:-]+="[^"<]*")*\s*\/?>/g
  const title = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('<script>alert(1)</script>', '"><b onload=x>', '&amp;木', '', ' '),
  )
  fc.assert(
    fc.property(title, fc.string({ unit: 'grapheme' }), fc.string(), (title, artist, seed) => {
      const svg = drawCover({ title, artist, seed })
      expect(svg).not.toMatch(/<script|<b |NaN|undefined|Infinity/)
      expect(svg.replace(tag, '')).not.toMatch(/[<]/)
      expect(svg.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toContain('&')
    }),
    { numRuns: 400 },
  )
})

test('a very long title is still drawn within a second and a few kilobytes', () => {
  const start = performance.now()
  const svg = cover('A very long walk through the rooms of the house '.repeat(50))
  expect(performance.now() - start).toBeLessThan(1000)
  expect(svg.length).toBeLessThan(200_000)
})
