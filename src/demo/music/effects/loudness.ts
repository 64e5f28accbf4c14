import type { Stereo } from '../instruments/sound.ts'
import { type Biquad, highPass, highShelf } from './filters.ts'

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
  for (let i = 0; i + OVERLAP <= powers.length; i++) {
    let sum = 0
    for (let j = i; j < i + OVERLAP; j++) sum += (powers[j] as number) + (others[j] as number)
    blocks.push(sum / (OVERLAP * hop))
  }
  const toLufs = (power: number) => -0.691 + 10 * Math.log10(power)
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const audible = blocks.filter((power) => toLufs(power) > ABSOLUTE_GATE)
  if (audible.length === 0) return Number.NEGATIVE_INFINITY
  const gate = toLufs(mean(audible)) + RELATIVE_GATE
  return toLufs(mean(audible.filter((power) => toLufs(power) > gate)))
}

/** Sums of squares of the weighted signal, hop by hop, without keeping it. */
function hopPowers(samples: Float32Array, rate: number, hop: number): number[] {
  // The two filters of the standard, at any rate: a shelf of 4 dB for the head, a high-pass.
  const shelf = stage(highShelf(rate, 1681.97, 3.99984))
  const pass = stage(highPass(rate, 38.1355, 0.5003))
  const powers: number[] = []
  let sum = 0
  for (let i = 0; i < samples.length; i++) {
    const weighted = pass(shelf(samples[i] as number))
    sum += weighted * weighted
    if ((i + 1) % hop === 0) {
      powers.push(sum)
      sum = 0
    }
  }
  return powers
}

function stage({ b0, b1, b2, a1, a2 }: Biquad): (x: number) => number {
  let z1 = 0
  let z2 = 0
  return (x) => {
    const y = b0 * x + z1
    z1 = b1 * x - a1 * y + z2
    z2 = b2 * x - a2 * y
    return y
  }
}
