import type { Stereo } from '../instruments/sound.ts'
import { highPass, highShelf } from './filters.ts'

const BLOCK_SECONDS = 0.4
const OVERLAP = 4
const ABSOLUTE_GATE = -70
const RELATIVE_GATE = -10

/** Integrated loudness in LUFS (ITU-R BS.1770): weighted, in blocks of 400 ms, silence and quiet passages left out. */
export function loudness({ left, right }: Stereo, rate: number): number {
  const hop = Math.round((BLOCK_SECONDS * rate) / OVERLAP)
  const powers = hopPowers(left, rate, hop)
  const others = hopPowers(right, rate, hop)
  const blocks: number[] = []
  for (let i = OVERLAP; i <= powers.length; i++) {
    let sum = 0
    for (let j = i - OVERLAP; j < i; j++) sum += (powers[j] as number) + (others[j] as number)
    blocks.push(sum / (OVERLAP * hop))
  }
  const toLufs = (power: number) => -0.691 + 10 * Math.log10(power)
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const audible = blocks.filter((power) => toLufs(power) > ABSOLUTE_GATE)
  if (audible.length === 0) return Number.NEGATIVE_INFINITY
  const gate = toLufs(mean(audible)) + RELATIVE_GATE
  return toLufs(mean(audible.filter((power) => toLufs(power) > gate)))
}

/** Sums of squares of the weighted signal, hop by hop, without keeping it. One loop: this runs over every sample of every part. */
function hopPowers(samples: Float32Array, rate: number, hop: number): number[] {
  // The two filters of the standard, at any rate: a shelf of 4 dB for the head, a high-pass.
  const s = highShelf(rate, 1681.97, 3.99984)
  const p = highPass(rate, 38.1355, 0.5003)
  const powers: number[] = []
  let s1 = 0
  let s2 = 0
  let p1 = 0
  let p2 = 0
  for (let start = 0; start + hop <= samples.length; start += hop) {
    let sum = 0
    for (let i = start; i < start + hop; i++) {
      const x = samples[i] as number
      const shelved = s.b0 * x + s1
      s1 = s.b1 * x - s.a1 * shelved + s2
      s2 = s.b2 * x - s.a2 * shelved
      const weighted = p.b0 * shelved + p1
      p1 = p.b1 * shelved - p.a1 * weighted + p2
      p2 = p.b2 * shelved - p.a2 * weighted
      sum += weighted * weighted
    }
    // Where the sound ends, numbers too small to hear would make every multiplication slow.
    if (sum < 1e-18) s1 = s2 = p1 = p2 = 0
    powers.push(sum)
  }
  return powers
}
