import type { Stereo } from '../instruments/sound.ts'

// Lengths in samples at 44.1 kHz, without common divisors, so that echoes never fall together.
const LINES = [1433, 1601, 1867, 2053, 2251, 2399, 2617, 2797]
const DIFFUSERS = [142, 107, 379, 277]
const PREDELAY_SECONDS = 0.018

/**
 * A room: eight delay lines that feed one another through a Hadamard matrix, each duller at every turn, after a predelay
 * and four all-passes that blur the attack. `seconds` is the time to fall by 60 dB. Returns the wet sound alone.
 */
export function reverberate(send: Stereo, rate: number, seconds: number, damping: number): Stereo {
  const scale = rate / 44_100
  const lines = LINES.map((length) => new Float32Array(Math.round(length * scale)))
  const gains = lines.map((line) => 10 ** ((-3 * line.length) / (seconds * rate)))
  const lows = new Float64Array(8)
  const at = new Int32Array(8)
  const heads = new Float64Array(8)
  const blurs = DIFFUSERS.map((length) => new Float32Array(Math.round(length * scale)))
  const blurAt = new Int32Array(blurs.length)
  const delay = Math.round(PREDELAY_SECONDS * rate)
  const length = send.left.length
  const out: Stereo = { left: new Float32Array(length), right: new Float32Array(length) }
  for (let i = 0; i < length; i++) {
    let mid = i < delay ? 0 : ((send.left[i - delay] as number) + (send.right[i - delay] as number)) * 0.5
    const side = i < delay ? 0 : ((send.left[i - delay] as number) - (send.right[i - delay] as number)) * 0.5
    for (let d = 0; d < 4; d++) {
      const line = blurs[d] as Float32Array
      const place = blurAt[d] as number
      const delayed = line[place] as number
      const fed = mid + delayed * 0.6
      line[place] = fed
      mid = delayed - fed * 0.6
      blurAt[d] = place + 1 === line.length ? 0 : place + 1
    }
    for (let l = 0; l < 8; l++) {
      const line = lines[l] as Float32Array
      const value = (line[at[l] as number] as number) * (gains[l] as number)
      lows[l] = (lows[l] as number) + (1 - damping) * (value - (lows[l] as number))
      heads[l] = lows[l] as number
    }
    out.left[i] = 0.35 * ((heads[0] as number) + (heads[2] as number) - (heads[4] as number) + (heads[6] as number))
    out.right[i] = 0.35 * ((heads[1] as number) + (heads[3] as number) - (heads[5] as number) + (heads[7] as number))
    mix(heads)
    for (let l = 0; l < 8; l++) {
      const line = lines[l] as Float32Array
      const place = at[l] as number
      line[place] = (heads[l] as number) + (mid + (l % 2 ? side : -side)) * 0.35
      at[l] = place + 1 === line.length ? 0 : place + 1
    }
  }
  return out
}

/** The Hadamard matrix of eight, in three rounds of sums and differences. It loses no energy. */
function mix(h: Float64Array): void {
  for (let span = 1; span < 8; span *= 2) {
    for (let i = 0; i < 8; i += 2 * span) {
      for (let j = i; j < i + span; j++) {
        const x = h[j] as number
        const y = h[j + span] as number
        h[j] = x + y
        h[j + span] = x - y
      }
    }
  }
  for (let i = 0; i < 8; i++) h[i] = (h[i] as number) * Math.SQRT1_2 * 0.5
}
