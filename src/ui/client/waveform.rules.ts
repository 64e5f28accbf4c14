/** Peaks of 0..255, drawn together into `count` bars of 0..1, the loudest of the track reaching 1. */
export function barsOf(peaks: ArrayLike<number>, count: number): number[] {
  const top = Math.max(1, ...Array.from(peaks))
  return Array.from({ length: count }, (_, bar) => {
    const from = Math.floor((bar * peaks.length) / count)
    const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / count))
    let peak = 0
    for (let i = from; i < to; i++) peak = Math.max(peak, peaks[i] ?? 0)
    return peak / top
  })
}

/** The bars as one SVG path in a box of `bars.length` by 100; silence keeps a thread. Without bars, a plain line. */
export function wavePath(bars: readonly number[]): string {
  if (!bars.length) return 'M0 46h1v8h-1z'
  return bars
    .map((bar, i) => {
      const height = Math.max(4, Math.round(bar * 100))
      return `M${i} ${50 - height / 2}h.64v${height}h-.64z`
    })
    .join('')
}
