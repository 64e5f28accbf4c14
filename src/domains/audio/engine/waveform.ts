/** Windows kept at most; past it, neighbours are joined and the window doubles. */
const MAX_WINDOWS = 1 << 16

/** Draws a sound of unknown length in flat memory. */
export interface Waveform {
  /** Planar samples, one array per channel, full scale 1. */
  add(channels: Float32Array[]): void
  /**
   * One value per point: loudness (root mean square) of that share of the sound, 0 to 255, where 255 is that of a
   * full-scale sine. Peaks would be a flat line for most masters of today.
   */
  points(count: number): Uint8Array
}

export function createWaveform(): Waveform {
  const energy = new Float64Array(MAX_WINDOWS)
  let used = 0
  let window = 64
  let filled = 0
  let sum = 0

  const close = () => {
    energy[used++] = sum
    sum = 0
    filled = 0
    if (used < MAX_WINDOWS) return
    for (let i = 0; i < MAX_WINDOWS / 2; i++) energy[i] = (energy[2 * i] ?? 0) + (energy[2 * i + 1] ?? 0)
    used = MAX_WINDOWS / 2
    window *= 2
  }

  return {
    add(channels) {
      const length = channels[0]?.length ?? 0
      for (let from = 0; from < length; ) {
        const to = Math.min(length, from + window - filled)
        for (const channel of channels) {
          let part = 0
          for (let i = from; i < to; i++) {
            const value = channel[i] as number
            part += value * value
          }
          sum += part / channels.length
        }
        filled += to - from
        from = to
        if (filled === window) close()
      }
    },
    points(count) {
      const total = used + filled / window
      const values = new Uint8Array(count)
      if (total === 0) return values
      const at = (i: number) => (i < used ? (energy[i] ?? 0) : i === used && filled > 0 ? (sum * window) / filled : 0)
      for (let point = 0; point < count; point++) {
        const from = (point * total) / count
        const to = ((point + 1) * total) / count
        let power = 0
        for (let i = Math.floor(from); i < to; i++) power += at(i) * (Math.min(to, i + 1) - Math.max(from, i))
        const mean = power / ((to - from) * window)
        values[point] = Math.min(255, Math.round(255 * Math.sqrt(2 * mean)))
      }
      return values
    },
  }
}
