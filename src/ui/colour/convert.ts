import type { Oklch } from './theme.types.ts'

/** Linear-light sRGB, each channel 0..1 when inside the gamut. */
export type LinearRgb = readonly [r: number, g: number, b: number]

const toLinear = (v: number): number => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
const toGamma = (v: number): number => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055)

/** OKLCH from 8-bit sRGB. Matrices: Björn Ottosson, "A perceptual color space for image processing" (2020). */
export function fromRgb(r: number, g: number, b: number): Oklch {
  const lr = toLinear(r / 255)
  const lg = toLinear(g / 255)
  const lb = toLinear(b / 255)
  const l = Math.cbrt(0.4122214708 * lr + 0.5363325363 * lg + 0.0514459929 * lb)
  const m = Math.cbrt(0.2119034982 * lr + 0.6806995451 * lg + 0.1073969566 * lb)
  const s = Math.cbrt(0.0883024619 * lr + 0.2817188376 * lg + 0.6299787005 * lb)
  const L = 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s
  const A = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s
  const B = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s
  const hue = (Math.atan2(B, A) * 180) / Math.PI
  return [L, Math.hypot(A, B), hue < 0 ? hue + 360 : hue]
}

export function toLinearRgb([L, C, H]: Oklch): LinearRgb {
  const a = C * Math.cos((H * Math.PI) / 180)
  const b = C * Math.sin((H * Math.PI) / 180)
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
}

const EPSILON = 1e-4
export const inGamut = (colour: Oklch): boolean => toLinearRgb(colour).every((v) => v >= -EPSILON && v <= 1 + EPSILON)

/** The nearest colour that sRGB can show with the same lightness and hue: chroma gives way, never the other two. */
export function intoGamut([l, c, h]: Oklch): Oklch {
  const lightness = Math.min(1, Math.max(0, l))
  if (inGamut([lightness, c, h])) return [lightness, c, h]
  let low = 0
  let high = c
  for (let i = 0; i < 20; i++) {
    const middle = (low + high) / 2
    if (inGamut([lightness, middle, h])) low = middle
    else high = middle
  }
  return [lightness, low, h]
}

const clamp = (v: number): number => Math.min(1, Math.max(0, v))

/** Relative luminance as WCAG 2.2 defines it, 0..1. */
export function luminance(colour: Oklch): number {
  const [r, g, b] = toLinearRgb(colour)
  return 0.2126 * clamp(r) + 0.7152 * clamp(g) + 0.0722 * clamp(b)
}

/** WCAG contrast ratio of two colours, 1..21. */
export function contrast(one: Oklch, other: Oklch): number {
  const a = luminance(one)
  const b = luminance(other)
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/** `#rrggbb`, for places that know nothing newer (theme-color, SVG to be rasterised). */
export const toHex = (colour: Oklch): string =>
  `#${toLinearRgb(intoGamut(colour))
    .map((v) =>
      Math.round(toGamma(clamp(v)) * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`

/** OKLCH from `#rrggbb` or `#rgb`; null for anything else. */
export function fromHex(text: string): Oklch | null {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text)
  const full = short
    ? `#${short
        .slice(1)
        .map((d) => d + d)
        .join('')}`
    : text
  const parts = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(full)
  if (!parts) return null
  const [r = 0, g = 0, b = 0] = parts.slice(1).map((part) => Number.parseInt(part, 16))
  return fromRgb(r, g, b)
}
