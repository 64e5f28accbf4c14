import { highPass, peak, runBiquad } from './effects/filters.ts'
import { loudness } from './effects/loudness.ts'
import { master } from './effects/master.ts'
import { reverberate } from './effects/reverb.ts'
import { voices } from './instruments/index.ts'
import { LONGEST_NOTE_SECONDS, type Stereo, stereo } from './instruments/sound.ts'
import type { Random } from './random.ts'
import type { Instrument, Part, Score } from './score.ts'

/** Plays a score into two channels of exactly `seconds`, mastered. */
export function render(score: Score, seconds: number, rate: number, random: Random): Stereo {
  const length = Math.round(seconds * rate)
  const clock = clockOf(score)
  const dry = stereo(length)
  const wet = stereo(length)
  const bus = stereo(length)
  const scratch = stereo(LONGEST_NOTE_SECONDS * rate)
  const duck = score.pump > 0 ? pumping(score, clock, length, rate) : null
  for (const [i, part] of score.parts.entries()) {
    if (part.notes.length === 0) continue
    bus.left.fill(0)
    bus.right.fill(0)
    const tools = { rate, random: random.fork(`part ${i}`), scratch }
    for (const note of part.notes) {
      const start = Math.round((clock(note.at) + LEAD_IN_SECONDS) * rate)
      if (start >= length) continue
      const held = clock(note.at + note.length) - clock(note.at)
      const frequency = 440 * 2 ** ((note.pitch - 69) / 12)
      voices[part.instrument](
        { frequency, seconds: held, force: note.force, pan: note.pan ?? part.pan },
        bus,
        start,
        tools,
      )
    }
    for (const channel of [bus.left, bus.right]) colour(part.instrument, channel, rate)
    pour(bus, dry, wet, part, duck, rate)
  }
  const room = reverberate(wet, rate, score.room.seconds, score.room.damping)
  add(room.left, dry.left, score.room.level)
  add(room.right, dry.right, score.room.level)
  master(dry, rate, Math.min(4, seconds * 0.06))
  return dry
}

const LEAD_IN_SECONDS = 0.15

/** Seconds at which a beat falls, tempo bends counted. */
function clockOf({ tempo, bends }: Score): (beat: number) => number {
  const points = bends.length > 0 ? bends : [{ at: 0, factor: 1 }]
  let seconds = 0
  const known = points.map(({ at, factor }, i) => {
    const before = points[i - 1]
    if (before) seconds += ((at - before.at) * 60) / (tempo * before.factor)
    return { at, factor, seconds }
  })
  return (beat) => {
    let found = known[0] as (typeof known)[number]
    for (const point of known) {
      if (point.at > beat) break
      found = point
    }
    return found.seconds + ((beat - found.at) * 60) / (tempo * found.factor)
  }
}

/** Bodies and places: what wood and microphones do to a sound. */
function colour(instrument: Instrument, channel: Float32Array, rate: number): void {
  if (instrument === 'guitar') {
    runBiquad(channel, highPass(rate, 75))
    runBiquad(channel, peak(rate, 105, 3, 3.5))
    runBiquad(channel, peak(rate, 210, 2.5, 3))
    runBiquad(channel, peak(rate, 2600, 1, 2))
  } else if (instrument === 'piano') {
    runBiquad(channel, peak(rate, 320, 0.9, -1.5))
    runBiquad(channel, peak(rate, 3200, 0.8, 2))
  } else if (instrument === 'pad' || instrument === 'strings') {
    runBiquad(channel, highPass(rate, 140))
  }
}

function pour(bus: Stereo, dry: Stereo, wet: Stereo, part: Part, duck: Float32Array | null, rate: number): void {
  // Balanced by ear's measure rather than by guess: whatever was composed, the tune stands before what carries it.
  const heard = loudness(bus, rate)
  const gain = Number.isFinite(heard) ? Math.min(8, 10 ** ((part.level - heard) / 20)) : 1
  const ducked = duck && part.instrument !== 'kick' && part.instrument !== 'snare' ? duck : null
  for (const side of ['left', 'right'] as const) {
    const from = bus[side]
    const to = dry[side]
    const room = wet[side]
    for (let i = 0; i < from.length; i++) {
      const value = (from[i] as number) * gain * (ducked ? (ducked[i] as number) : 1)
      to[i] = (to[i] as number) + value
      room[i] = (room[i] as number) + value * part.room
    }
  }
}

/** The gain of everything else under each kick: it steps aside at once and comes back within a beat. */
function pumping(score: Score, clock: (beat: number) => number, length: number, rate: number): Float32Array {
  const gain = new Float32Array(length).fill(1)
  const reach = Math.round((60 / score.tempo) * 0.8 * rate)
  for (const note of score.parts.find((part) => part.instrument === 'kick')?.notes ?? []) {
    const start = Math.round((clock(note.at) + LEAD_IN_SECONDS) * rate)
    for (let i = 0; i < reach && start + i < length; i++) {
      const soft = Math.min(1, i / (0.004 * rate))
      gain[start + i] = 1 - score.pump * soft * (1 - i / reach) ** 2
    }
  }
  return gain
}

function add(from: Float32Array, to: Float32Array, level: number): void {
  for (let i = 0; i < from.length; i++) to[i] = (to[i] as number) + (from[i] as number) * level
}
