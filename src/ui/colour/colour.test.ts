import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contrast, fromHex, fromRgb, inGamut, toHex } from './convert.ts'
import { cssColour, themeCss } from './css.ts'
import { deriveTheme, tuneTheme } from './derive.ts'
import { houseTheme } from './house.ts'
import { paletteOf } from './palette.ts'
import type { Oklch, Scheme, Theme } from './theme.types.ts'

const picture = (...pixels: [r: number, g: number, b: number][]): Uint8Array =>
  Uint8Array.from(pixels.flatMap((pixel) => [...pixel, 255]))

/** What a browser will read: contrast is judged on the style sheet, not on what was meant. */
function read(css: string): Oklch {
  const [l = 0, c = 0, h = 0] = (/oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)/.exec(css) ?? []).slice(1).map(Number)
  return [l / 100, c, h]
}

function check(scheme: Scheme): void {
  const seen = Object.fromEntries(Object.entries(scheme).map(([k, v]) => [k, read(cssColour(v))])) as Scheme
  for (const ground of [seen.ground, seen.soft]) {
    expect(contrast(seen.ink, ground)).toBeGreaterThanOrEqual(7)
    expect(contrast(seen.quiet, ground)).toBeGreaterThanOrEqual(4.5)
    expect(contrast(seen.accent, ground)).toBeGreaterThanOrEqual(4.5)
  }
  expect(contrast(seen.onAccent, seen.accent)).toBeGreaterThanOrEqual(4.5)
  expect(contrast(seen.onPress, seen.press)).toBeGreaterThanOrEqual(4.5)
  expect(contrast(seen.press, seen.ground)).toBeGreaterThanOrEqual(1.5)
  for (const colour of Object.values(seen)) expect(inGamut(colour)).toBe(true)
}

const checkBoth = (theme: Theme) => {
  check(theme.light)
  check(theme.dark)
}

const channel = fc.integer({ min: 0, max: 255 })
const pixel = fc.tuple(channel, channel, channel)
const sleeve = fc.oneof(
  fc.array(pixel, { minLength: 1, maxLength: 64 }),
  fc.tuple(pixel, pixel, fc.integer({ min: 1, max: 40 })).map(([a, b, n]) => [...Array(n).fill(a), b] as (typeof a)[]),
)

test('a sleeve of pure blue stays within what sRGB shows, where its edge bends', () => {
  checkBoth(deriveTheme(paletteOf(picture([0, 11, 227], [0, 0, 0]))))
})

test('what is written on a fill between light and dark can be read', () => {
  checkBoth(deriveTheme(paletteOf(picture([9, 138, 24]))))
})

test('whatever the sleeve, its words can be read in light and in dark', () => {
  fc.assert(
    fc.property(sleeve, (pixels) => checkBoth(deriveTheme(paletteOf(picture(...pixels))))),
    { numRuns: 1500 },
  )
})

test('whatever accent the artist picks over it, too', () => {
  fc.assert(
    fc.property(sleeve, pixel, (pixels, accent) => {
      const theme = deriveTheme(paletteOf(picture(...pixels)))
      checkBoth(tuneTheme(theme, { accent: fromRgb(...accent) }))
      checkBoth(deriveTheme(paletteOf(picture(...pixels)), { accent: fromRgb(...accent) }))
    }),
    { numRuns: 700 },
  )
})

test('a red sleeve with a spot of blue gives warm paper and a blue accent', () => {
  const theme = deriveTheme(paletteOf(picture(...Array(50).fill([190, 60, 40]), ...Array(6).fill([20, 70, 200]))))
  expect(theme.light.ground[2]).toBeGreaterThan(20)
  expect(theme.light.ground[2]).toBeLessThan(50)
  expect(theme.light.accent[2]).toBeGreaterThan(240)
  expect(theme.light.accent[2]).toBeLessThan(280)
})

test('a black and white sleeve stays without colour', () => {
  const theme = deriveTheme(paletteOf(picture([0, 0, 0], [255, 255, 255], [128, 128, 128])))
  for (const colour of [...Object.values(theme.light), ...Object.values(theme.dark)])
    expect(colour[1]).toBeLessThan(0.03)
})

test('no pixels at all: the house’s own colours, which hold as well', () => {
  expect(deriveTheme(paletteOf(new Uint8Array(0))).light).toEqual(houseTheme.light)
  expect(deriveTheme(paletteOf(Uint8Array.from([9, 9, 9, 0]))).dark).toEqual(houseTheme.dark)
  checkBoth(houseTheme)
})

test('the same picture gives the same theme', () => {
  fc.assert(
    fc.property(sleeve, (pixels) => {
      expect(deriveTheme(paletteOf(picture(...pixels)))).toEqual(deriveTheme(paletteOf(picture(...pixels))))
    }),
    { numRuns: 50 },
  )
})

test('colours go to hexadecimal and back unharmed', () => {
  fc.assert(
    fc.property(pixel, ([r, g, b]) => {
      const hex = `#${[r, g, b].map((v) => v.toString(16).padStart(2, '0')).join('')}`
      expect(toHex(fromHex(hex) as Oklch)).toBe(hex)
    }),
  )
  expect(fromHex('#fff')?.[0]).toBeCloseTo(1)
  expect(fromHex('red')).toBeNull()
})

test('a theme becomes a style block that follows the reader, or insists', () => {
  const css = themeCss(houseTheme)
  expect(css).toContain('@media(prefers-color-scheme:dark){:root:not([data-scheme=light])')
  expect(css).toContain('--on-accent:oklch(')
  const dark = themeCss({ ...houseTheme, scheme: 'dark' })
  expect(dark).not.toContain('@media')
  expect(dark).toContain(cssColour(houseTheme.dark.ground))
})
