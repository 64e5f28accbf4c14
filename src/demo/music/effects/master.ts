import type { Stereo } from '../instruments/sound.ts'
import { highPass, highShelf, runBiquad } from './filters.ts'
import { loudness } from './loudness.ts'

const TARGET_LUFS = -15
const CEILING = 10 ** (-2 / 20)
const LOOK_AHEAD_SECONDS = 0.005
const RELEASE_SECONDS = 0.12

/** Last touches, in place: no offset, a little air, -15 LUFS, peaks held under -2 dBFS (true peaks under -1), silence at both ends. */
export function master(sound: Stereo, rate: number, fadeOutSeconds: number): void {
  for (const channel of [sound.left, sound.right]) {
    runBiquad(channel, highPass(rate, 28))
    runBiquad(channel, highShelf(rate, 9000, 1.5))
  }
  fade(sound, rate, 0.02, fadeOutSeconds)
  // The limiter takes a little loudness away, so it is measured and given back once.
  for (let round = 0; round < 2; round++) {
    const gain = 10 ** ((TARGET_LUFS - loudness(sound, rate)) / 20)
    if (!Number.isFinite(gain)) return
    for (const channel of [sound.left, sound.right])
      for (let i = 0; i < channel.length; i++) channel[i] = (channel[i] as number) * gain
    limit(sound, rate)
  }
}

/** A limiter that sees peaks coming: the gain falls smoothly before them and comes back slowly. */
function limit({ left, right }: Stereo, rate: number): void {
  const ahead = Math.round(LOOK_AHEAD_SECONDS * rate)
  const back = Math.exp(-1 / (RELEASE_SECONDS * rate))
  const length = left.length
  const wanted = new Float32Array(length)
  for (let i = 0; i < length; i++) {
    const top = Math.max(Math.abs(left[i] as number), Math.abs(right[i] as number))
    wanted[i] = top > CEILING ? CEILING / top : 1
  }
  // From the end: the lowest gain asked for within the look-ahead, then smoothed by a moving mean of the same length.
  const lowest = slidingMinimum(wanted, ahead)
  let held = 1
  for (let i = 0; i < length; i++) {
    const next = lowest[i] as number
    held = next < held ? next : next + (held - next) * back
    wanted[i] = held
  }
  let sum = ahead
  for (let i = 0; i < length; i++) {
    sum += (wanted[i] as number) - (i >= ahead ? (wanted[i - ahead] as number) : 1)
    const gain = Math.min(sum / ahead, 1)
    left[i] = (left[i] as number) * gain
    right[i] = (right[i] as number) * gain
  }
}

/** The minimum of the `span` values that begin at each place, in one pass. */
function slidingMinimum(values: Float32Array, span: number): Float32Array {
  const out = new Float32Array(values.length)
  const queue = new Int32Array(values.length)
  let head = values.length
  let tail = values.length
  for (let i = values.length - 1; i >= 0; i--) {
    while (head < tail && (values[queue[head] as number] as number) >= (values[i] as number)) head++
    queue[--head] = i
    while ((queue[tail - 1] as number) > i + span) tail--
    out[i] = values[queue[tail - 1] as number] as number
  }
  return out
}

function fade({ left, right }: Stereo, rate: number, inSeconds: number, outSeconds: number): void {
  const rise = Math.round(inSeconds * rate)
  const fall = Math.min(left.length, Math.round(outSeconds * rate))
  for (const channel of [left, right]) {
    for (let i = 0; i < rise && i < channel.length; i++)
      channel[i] = (channel[i] as number) * (0.5 - 0.5 * Math.cos((Math.PI * i) / rise))
    for (let i = 0; i < fall; i++) {
      const place = channel.length - 1 - i
      channel[place] = (channel[place] as number) * (0.5 - 0.5 * Math.cos((Math.PI * i) / fall))
    }
  }
}
