/** OKLCH: lightness 0..1, chroma 0..0.4, hue in degrees. */
export type Oklch = readonly [l: number, c: number, h: number]

/**
 * The colours of one scheme. `ground` is the paper, `ink` the text, `quiet` secondary text, `accent` links and marks,
 * `onAccent` what is written on it, `press` the sleeve's own accent, for the filled
 * shapes that are pressed (what is drawn on it, `onPress`, carries the contrast), `soft` a ground for bands, `line` for rules.
 */
export type Scheme = {
  ground: Oklch
  ink: Oklch
  quiet: Oklch
  accent: Oklch
  onAccent: Oklch
  press: Oklch
  onPress: Oklch
  soft: Oklch
  line: Oklch
}

export type SchemeChoice = 'auto' | 'light' | 'dark'

/** The names of the four pairs of typefaces, a title face and a reading face each. */
export const PAIRINGS = ['sleeve', 'programme', 'reel', 'poster'] as const
export type Pairing = (typeof PAIRINGS)[number]

/** How an artist's or a release's pages look. Plain data: it can be kept as JSON. */
export type Theme = { light: Scheme; dark: Scheme; scheme: SchemeChoice; pairing: Pairing }
