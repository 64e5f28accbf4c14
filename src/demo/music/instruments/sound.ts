import type { Random } from '../random.ts'

/** One note to be made: `seconds` is how long it is held, `force` from 0 to 1, `pan` from -1 to 1. */
export type Sound = { frequency: number; seconds: number; force: number; pan: number }

/** Where sounds are added: two channels of the same length. */
export type Stereo = { left: Float32Array; right: Float32Array }

/** Adds one note to `out`, beginning at the sample `start`. */
export type Voice = (sound: Sound, out: Stereo, start: number, tools: Tools) => void

/** `scratch` is two channels of a note's own, long enough for any, cleared by whoever uses them. */
export type Tools = { rate: number; random: Random; scratch: Stereo }

export const LONGEST_NOTE_SECONDS = 14

export const stereo = (length: number): Stereo => ({ left: new Float32Array(length), right: new Float32Array(length) })

/** Equal power: as loud at the side as in the middle. */
export function panning(pan: number): { left: number; right: number } {
  const angle = ((pan + 1) * Math.PI) / 4
  return { left: Math.cos(angle) * Math.SQRT2, right: Math.sin(angle) * Math.SQRT2 }
}

/** A buffer of a note's own, silent. */
export function cleared(tools: Tools, seconds: number): { a: Float32Array; b: Float32Array; length: number } {
  const length = Math.min(tools.scratch.left.length, Math.ceil(seconds * tools.rate))
  const a = tools.scratch.left.subarray(0, length)
  const b = tools.scratch.right.subarray(0, length)
  a.fill(0)
  b.fill(0)
  return { a, b, length }
}

/** Lays a note's two channels into the piece, with a short rise so that nothing clicks. */
export function lay(
  a: Float32Array,
  b: Float32Array,
  out: Stereo,
  start: number,
  sound: Sound,
  gain: number,
  rise: number,
): void {
  const { left, right } = panning(sound.pan)
  const end = Math.min(a.length, out.left.length - start)
  const last = Math.min(256, end)
  for (let i = 0; i < end; i++) {
    let level = gain
    if (i < rise) level *= 0.5 - 0.5 * Math.cos((Math.PI * i) / rise)
    if (end - i < last) level *= (end - i) / last
    out.left[start + i] = (out.left[start + i] as number) + (a[i] as number) * level * left
    out.right[start + i] = (out.right[start + i] as number) + (b[i] as number) * level * right
  }
}

/**
 * Adds a decaying sine to one channel by turning a vector: no call to `sin` per sample. The decay times are those of a
 * fall of 60 dB, before and after the release.
 */
export function ring(
  into: Float32Array,
  rate: number,
  frequency: number,
  amplitude: number,
  decay: number,
  release: { after: number; decay: number },
  phase = 0,
): void {
  const angle = (2 * Math.PI * frequency) / rate
  let re = amplitude * Math.cos(phase)
  let im = amplitude * Math.sin(phase)
  const turn = (seconds: number) => {
    const fall = 10 ** (-3 / (seconds * rate))
    return { c: fall * Math.cos(angle), s: fall * Math.sin(angle) }
  }
  const held = Math.min(into.length, Math.round(release.after * rate))
  const floor = 1e-4
  const run = (from: number, to: number, { c, s }: { c: number; s: number }) => {
    for (let i = from; i < to; i++) {
      into[i] = (into[i] as number) + im
      const next = re * c - im * s
      im = re * s + im * c
      re = next
      if ((i & 1023) === 0 && re * re + im * im < floor * floor) return
    }
  }
  run(0, held, turn(decay))
  run(held, into.length, turn(Math.min(decay, release.decay)))
}
