import { cleared, lay, type Sound, type Stereo, type Tools, type Voice } from './sound.ts'

type String = { decay: number; damping: number; softness: number; pluckedAt: number; release: number; gain: number }

/** A nylon string plucked near its end. */
export const guitar: Voice = (sound, out, start, tools) =>
  pluck(sound, out, start, tools, {
    decay: 3.4,
    damping: 0.34,
    softness: 0.42,
    pluckedAt: 0.17,
    release: 0.12,
    gain: 0.42,
  })

/** A longer and rounder string, plucked in its middle. */
export const harp: Voice = (sound, out, start, tools) =>
  pluck(sound, out, start, tools, {
    decay: 4.2,
    damping: 0.22,
    softness: 0.6,
    pluckedAt: 0.42,
    release: 0.5,
    gain: 0.5,
  })

/**
 * A string after Karplus and Strong, tuned by an all-pass as Jaffe and Smith showed: a burst of noise goes round a delay
 * line whose loss and dullness make the decay.
 */
function pluck(sound: Sound, out: Stereo, start: number, tools: Tools, kind: String): void {
  const { rate, random } = tools
  const { a, b, length } = cleared(tools, Math.min(sound.seconds + kind.release * 4, kind.decay * 1.4))
  const period = rate / sound.frequency
  const whole = Math.floor(period - kind.damping - 0.2)
  const rest = period - kind.damping - whole
  const allPass = (1 - rest) / (1 + rest)
  const decay = kind.decay * Math.min(1.5, Math.max(0.35, (220 / sound.frequency) ** 0.45))
  const loss = 10 ** (-3 / (decay * sound.frequency))
  const damped = 10 ** (-3 / (kind.release * sound.frequency))
  const line = burst(whole, kind, sound.force, () => random.next())
  const held = sound.seconds * rate
  let at = 0
  let before = 0
  let passedIn = 0
  let passedOut = 0
  for (let i = 0; i < length; i++) {
    const sample = line[at] as number
    const dulled = (1 - kind.damping) * sample + kind.damping * before
    before = sample
    const passed = allPass * dulled + passedIn - allPass * passedOut
    passedIn = dulled
    passedOut = passed
    line[at] = passed * (i < held ? loss : damped)
    at = at + 1 === whole ? 0 : at + 1
    a[i] = sample
    b[i] = sample
  }
  lay(a, b, out, start, sound, kind.gain * sound.force, Math.round(rate * 0.0012))
}

/** The shape given to the string: noise, softer when the touch is, with the comb of the place where it is plucked, and no offset. */
function burst(length: number, kind: String, force: number, noise: () => number): Float32Array {
  const line = new Float32Array(length)
  const soft = Math.min(0.92, kind.softness + 0.35 * (1 - force))
  let low = 0
  let lower = 0
  for (let i = 0; i < length * 2; i++) {
    low += (1 - soft) * (noise() * 2 - 1 - low)
    lower += (1 - soft) * (low - lower)
    line[i % length] = lower
  }
  const comb = Math.max(1, Math.round(length * kind.pluckedAt))
  const shaped = line.map((sample, i) => sample - 0.9 * (line[(i + length - comb) % length] as number))
  const mean = shaped.reduce((sum, sample) => sum + sample, 0) / length
  let power = 0
  for (let i = 0; i < length; i++) {
    const centred = (shaped[i] as number) - mean
    shaped[i] = centred
    power += centred * centred
  }
  const scale = 0.28 / Math.sqrt(power / length + 1e-9)
  return shaped.map((sample) => sample * scale)
}
