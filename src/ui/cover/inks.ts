import { toHex } from '../colour/convert.ts'

export type Inks = { ground: string; ink: string; accent: string; faint: string }

/** Three inks and a paper: dark, light or strong. */
export function inksOf(random: () => number): Inks {
  const hue = random() * 360
  const other = (hue + pick(random, [35, 150, 180, 210, -60])) % 360
  const [ground, ink, accent, faint] = pick(random, [
    [
      [0.24, 0.05, hue],
      [0.95, 0.02, other],
      [0.74, 0.15, other],
      [0.36, 0.06, hue],
    ],
    [
      [0.93, 0.03, hue],
      [0.25, 0.06, hue],
      [0.62, 0.18, other],
      [0.84, 0.05, hue],
    ],
    [
      [0.64, 0.14, hue],
      [0.18, 0.04, hue],
      [0.9, 0.09, other],
      [0.58, 0.13, hue],
    ],
    [
      [0.42, 0.11, hue],
      [0.95, 0.03, hue],
      [0.8, 0.13, other],
      [0.49, 0.12, hue],
    ],
  ] as const)
  return { ground: toHex(ground), ink: toHex(ink), accent: toHex(accent), faint: toHex(faint) }
}

/** One of several things, by the next number. */
export const pick = <T>(random: () => number, things: readonly T[]): T =>
  things[Math.floor(random() * things.length)] as T

/** A length as SVG wants it, to a tenth. */
export const n = (value: number): string => String(Number(value.toFixed(1)))
