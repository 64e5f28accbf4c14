import { fromRgb } from './convert.ts'
import type { Oklch } from './theme.types.ts'

/** One colour of a picture and the share of it (0..1) that it covers. */
export type Swatch = { colour: Oklch; share: number }

type Bin = { l: number; a: number; b: number; count: number }

/**
 * The colours of a small picture (64 x 64 is plenty), most present first, at most twelve. Pixels are RGBA, 8 bits each;
 * those that are mostly transparent do not count. An empty picture has no colours.
 */
export function paletteOf(pixels: Uint8Array | Uint8ClampedArray): Swatch[] {
  const bins = new Map<number, Bin>()
  let total = 0
  for (let i = 0; i + 3 < pixels.length; i += 4) {
    if ((pixels[i + 3] ?? 0) < 128) continue
    total++
    const [l, c, h] = fromRgb(pixels[i] ?? 0, pixels[i + 1] ?? 0, pixels[i + 2] ?? 0)
    const a = c * Math.cos((h * Math.PI) / 180)
    const b = c * Math.sin((h * Math.PI) / 180)
    const key = Math.floor(l * 9) * 1024 + Math.round((a + 0.4) / 0.05) * 32 + Math.round((b + 0.4) / 0.05)
    const bin = bins.get(key) ?? { l: 0, a: 0, b: 0, count: 0 }
    bins.set(key, { l: bin.l + l, a: bin.a + a, b: bin.b + b, count: bin.count + 1 })
  }
  return [...bins.values()]
    .sort((one, other) => other.count - one.count)
    .slice(0, 12)
    .map(({ l, a, b, count }) => ({
      colour: polar(l / count, a / count, b / count),
      share: count / total,
    }))
}

function polar(l: number, a: number, b: number): Oklch {
  const hue = (Math.atan2(b, a) * 180) / Math.PI
  return [l, Math.hypot(a, b), (hue + 360) % 360]
}
