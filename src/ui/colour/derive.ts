import { contrast, inGamut, intoGamut } from './convert.ts'
import { houseTheme } from './house.ts'
import type { Swatch } from './palette.ts'
import type { Oklch, Pairing, Scheme, SchemeChoice, Theme } from './theme.types.ts'

/** Under this chroma a colour has no hue to speak of. */
const GREY = 0.025

/** What the artist settles over the sleeve's own colours. `accent` keeps its hue; its lightness still bows to contrast. */
export type Tuning = { scheme?: SchemeChoice; pairing?: Pairing; accent?: Oklch | null }

/**
 * A theme from a sleeve's colours: the hue that covers most tints the ground, the one that stands out most becomes the accent.
 * Text keeps a contrast of 7 or more, secondary text and accents 4.5 or more (WCAG 2.2), in light and in dark.
 */
export function deriveTheme(palette: Swatch[], tuning: Tuning = {}): Theme {
  const choice = { scheme: tuning.scheme ?? 'auto', pairing: tuning.pairing ?? 'sleeve' } as const
  if (!palette.length) return tuneTheme({ ...houseTheme, ...choice }, tuning)
  const ground = dominant(palette)
  const accent = tuning.accent ?? salient(palette, ground)
  return { ...choice, light: lightScheme(ground, accent), dark: darkScheme(ground, accent) }
}

/** The same theme with other settings; a new accent is fitted to the grounds that are there. */
export function tuneTheme(theme: Theme, { scheme, pairing, accent }: Tuning): Theme {
  return {
    scheme: scheme ?? theme.scheme,
    pairing: pairing ?? theme.pairing,
    light: accent ? withAccent(theme.light, accent, 'darker') : theme.light,
    dark: accent ? withAccent(theme.dark, accent, 'lighter') : theme.dark,
  }
}

const dominant = (palette: Swatch[]): Oklch =>
  best(palette, ({ colour: [, c], share }) => share * (0.15 + Math.min(c, 0.2)))

function salient(palette: Swatch[], ground: Oklch): Oklch {
  const apart = ([, , h]: Oklch) => {
    const distance = Math.abs(h - ground[2]) % 360
    return Math.min(distance, 360 - distance) / 180
  }
  return best(palette, ({ colour, share }) => colour[1] * Math.sqrt(share) * (0.35 + apart(colour)))
}

function best(palette: Swatch[], score: (swatch: Swatch) => number): Oklch {
  let found = palette[0] as Swatch
  for (const swatch of palette) if (score(swatch) > score(found)) found = swatch
  return found.colour
}

function lightScheme([, c, h]: Oklch, accent: Oklch): Scheme {
  const tint = c < GREY ? c * 0.3 : Math.min(0.026, 0.006 + c * 0.18)
  const ground = tidy([0.96 + (c < GREY ? 0.015 : 0), tint, h])
  const soft = tidy([ground[0] - 0.035, tint * 1.3, h])
  const base = {
    ground,
    soft,
    line: tidy([ground[0] - 0.12, tint * 1.4, h]),
    ink: readable([0.235, Math.min(0.04, c * 0.4), h], [ground, soft], 9, 'darker'),
    quiet: readable([0.46, Math.min(0.035, c * 0.3), h], [ground, soft], 5, 'darker'),
  }
  return withAccent(base, accent, 'darker')
}

function darkScheme([, c, h]: Oklch, accent: Oklch): Scheme {
  const tint = c < GREY ? c * 0.3 : Math.min(0.038, 0.008 + c * 0.22)
  const ground = tidy([0.19, tint, h])
  const soft = tidy([0.235, tint * 1.15, h])
  const base = {
    ground,
    soft,
    line: tidy([0.35, tint * 1.2, h]),
    ink: readable([0.93, Math.min(0.015, c * 0.2), h], [ground, soft], 9, 'lighter'),
    quiet: readable([0.74, Math.min(0.025, c * 0.25), h], [ground, soft], 5, 'lighter'),
  }
  return withAccent(base, accent, 'lighter')
}

type Towards = 'lighter' | 'darker'

/** How far the filled shapes stand off the ground at the least: enough to be seen at once, less than text needs. */
const SEEN = 1.5

type Base = Omit<Scheme, 'accent' | 'onAccent' | 'press' | 'onPress'>

function withAccent(base: Base, [l, c, h]: Oklch, towards: Towards): Scheme {
  const grey = c < GREY
  const start: Oklch = [towards === 'darker' ? Math.min(l, 0.6) : Math.max(l, 0.68), Math.min(c, 0.2), h]
  const accent = readable(grey ? base.ink : start, [base.ground, base.soft], 4.5, towards)
  const press = grey ? accent : readable([l, c, h], [base.ground, base.soft], SEEN, towards)
  return { ...base, accent, onAccent: over(accent), press, onPress: over(press) }
}

/** What is written on a filled shape: nearly white or nearly black, whichever stands off more. */
function over(fill: Oklch): Oklch {
  const [, c, h] = fill
  const light: Oklch = [0.985, Math.min(0.01, c), h]
  const dark: Oklch = [0.16, Math.min(0.03, c), h]
  const written = [readable(light, [fill], 4.5, 'lighter'), readable(dark, [fill], 4.5, 'darker')] as const
  const [first, second] = contrast(light, fill) > contrast(dark, fill) ? written : written.toReversed()
  // On a middling fill the one that seemed better may stop just short; then the other reaches it: 4.58 is the worst of both.
  return (contrast(first as Oklch, fill) >= 4.5 ? first : second) as Oklch
}

const STEP = 0.005

/** The colour moved lighter or darker, hue kept, until it stands `ratio` off every ground. Grounds must leave room for it. */
function readable(colour: Oklch, grounds: Oklch[], ratio: number, towards: Towards): Oklch {
  const step = towards === 'lighter' ? STEP : -STEP
  let [l, c, h] = colour
  for (; l > 0 && l < 1; l += step) {
    const here = tidy([l, c, h])
    if (grounds.every((ground) => contrast(here, ground) >= ratio)) return here
  }
  return towards === 'lighter' ? [1, 0, 0] : [0, 0, 0]
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits))

/** Shown by sRGB, and rounded to what the style sheet will say: contrast is measured on what is really seen. */
function tidy([lightness, chroma, hue]: Oklch): Oklch {
  const [l, c, h] = intoGamut([round(lightness, 3), chroma, round(hue, 1)])
  let shown = Math.floor(c * 1000) / 1000
  // Near pure blue less chroma may lie outside where more lies inside: the edge of sRGB bends there.
  while (shown > 0 && !inGamut([l, shown, h])) shown = round(shown - 0.001, 3)
  return [l, Math.max(0, shown), h]
}
