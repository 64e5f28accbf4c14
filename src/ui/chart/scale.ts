/** Round steps for an axis from 0 to at least `top`: 1, 2 or 5 times a power of ten, three to five of them. */
export function ticks(top: number): number[] {
  if (top <= 0) return [0, 1]
  const rough = top / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(1, ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power)
  return Array.from({ length: Math.ceil(top / step) + 1 }, (_, index) => index * step)
}
