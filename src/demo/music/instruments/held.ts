import { cleared, lay, type Sound, type Stereo, type Tools, type Voice } from './sound.ts'

type Bow = { attack: number; release: number; bright: number; spread: number; gain: number; sway: number }

/** A section of bowed strings, far away. */
export const strings: Voice = (sound, out, start, tools) =>
  bowed(sound, out, start, tools, { attack: 0.45, release: 0.7, bright: 3.2, spread: 5, gain: 0.12, sway: 0.15 })

/** A warm cloud that opens slowly. */
export const pad: Voice = (sound, out, start, tools) =>
  bowed(sound, out, start, tools, { attack: 1.3, release: 1.9, bright: 2.4, spread: 8, gain: 0.13, sway: 0.5 })

/** Saw waves a few cents apart, two a side, through a low-pass that follows the loudness. */
function bowed(sound: Sound, out: Stereo, start: number, tools: Tools, kind: Bow): void {
  const { rate, random } = tools
  const { a, b, length } = cleared(tools, sound.seconds + kind.release)
  const steps = [-1, -0.35, 0.4, 1].map((at) => (sound.frequency * 2 ** ((at * kind.spread) / 1200)) / rate)
  const phases = steps.map(() => random.next())
  const swayRate = random.between(0.1, 0.3)
  const swayPhase = random.between(0, 6)
  const held = sound.seconds * rate
  const attack = Math.min(kind.attack, sound.seconds * 0.7) * rate
  let lowA = 0
  let lowerA = 0
  let lowB = 0
  let lowerB = 0
  let cut = 0
  let level = 0
  for (let i = 0; i < length; i++) {
    if ((i & 31) === 0) {
      const rise = i < attack ? 0.5 - 0.5 * Math.cos((Math.PI * i) / attack) : 1
      const fall = i > held ? 0.5 + 0.5 * Math.cos(Math.PI * Math.min(1, (i - held) / (kind.release * rate))) : 1
      level = rise * fall
      const sway = 1 + kind.sway * Math.sin(swayPhase + (2 * Math.PI * swayRate * i) / rate)
      const corner = Math.min(
        rate * 0.2,
        (250 + sound.frequency * kind.bright * 0.5) * (0.5 + 0.5 * level) * sway * (0.6 + 0.8 * sound.force),
      )
      cut = 1 - Math.exp((-2 * Math.PI * corner) / rate)
    }
    const sideA = saw(phases, steps, 0) + saw(phases, steps, 2)
    const sideB = saw(phases, steps, 1) + saw(phases, steps, 3)
    lowA += cut * (sideA - lowA)
    lowerA += cut * (lowA - lowerA)
    lowB += cut * (sideB - lowB)
    lowerB += cut * (lowB - lowerB)
    a[i] = lowerA * level
    b[i] = lowerB * level
  }
  lay(a, b, out, start, sound, kind.gain * sound.force, 64)
}

/** One sample of a saw wave, its corner rounded by a polynomial (PolyBLEP) so that it does not alias. */
function saw(phases: number[], steps: number[], which: number): number {
  const step = steps[which] as number
  let phase = (phases[which] as number) + step
  if (phase >= 1) phase -= 1
  phases[which] = phase
  let value = 2 * phase - 1
  if (phase < step) {
    const t = phase / step
    value -= t + t - t * t - 1
  } else if (phase > 1 - step) {
    const t = (phase - 1) / step
    value -= t * t + t + t + 1
  }
  return value
}

/** A wooden flute: a few harmonics, a vibrato that comes late, breath around the note. */
export const flute: Voice = (sound, out, start, tools) => {
  const { rate, random } = tools
  const release = 0.14
  const { a, b, length } = cleared(tools, sound.seconds + release)
  const held = sound.seconds * rate
  const attack = rate * (0.075 - 0.03 * sound.force)
  const bandwidth = sound.frequency / rate
  let phase = 0
  let band = 0
  let low = 0
  for (let i = 0; i < length; i++) {
    const t = i / rate
    const late = Math.min(1, Math.max(0, (t - 0.25) / 0.5))
    const vibrato = Math.sin(2 * Math.PI * 4.9 * t) * late
    phase += (2 * Math.PI * sound.frequency * (1 + 0.0032 * vibrato)) / rate
    const rise = i < attack ? Math.sin((Math.PI / 2) * (i / attack)) : 1
    const fall = i > held ? 0.5 + 0.5 * Math.cos(Math.PI * Math.min(1, (i - held) / (release * rate))) : 1
    const level = rise * fall * (1 + 0.06 * vibrato)
    const tone =
      Math.sin(phase) +
      0.28 * sound.force * Math.sin(2 * phase) +
      0.1 * Math.sin(3 * phase) +
      0.03 * Math.sin(4 * phase)
    // A state-variable filter around the note colours the breath.
    const noise = random.next() * 2 - 1
    low += 2 * Math.PI * bandwidth * band
    band += 2 * Math.PI * bandwidth * (noise - low - 0.5 * band)
    const breath = band * (0.035 + 0.12 * Math.exp(-t * 22))
    a[i] = (tone + breath) * level
    b[i] = (tone + breath * 0.6) * level
  }
  lay(a, b, out, start, sound, 0.17 * sound.force, 32)
}

/** A round bass: two harmonics pressed by a soft curve. */
export const bass: Voice = (sound, out, start, tools) =>
  low(sound, out, start, tools, { attack: 0.008, release: 0.07, press: 1.6, gain: 0.34 })

/** What is felt rather than heard. */
export const sub: Voice = (sound, out, start, tools) =>
  low(sound, out, start, tools, { attack: 0.4, release: 0.6, press: 0.7, gain: 0.34 })

function low(
  sound: Sound,
  out: Stereo,
  start: number,
  tools: Tools,
  kind: { attack: number; release: number; press: number; gain: number },
): void {
  const { rate } = tools
  const { a, b, length } = cleared(tools, sound.seconds + kind.release)
  const w = (2 * Math.PI * sound.frequency) / rate
  const held = sound.seconds * rate
  for (let i = 0; i < length; i++) {
    const t = i / rate
    const rise = Math.min(1, t / kind.attack)
    const fall = i > held ? Math.max(0, 1 - (i - held) / (kind.release * rate)) : 1
    const pluck = 1 + 0.8 * Math.exp(-t * 9)
    const wave = Math.sin(w * i) + 0.22 * Math.sin(2 * w * i) * pluck + 0.06 * Math.sin(3 * w * i) * pluck
    const value =
      (Math.tanh(wave * kind.press) / kind.press) * rise * rise * (3 - 2 * rise) * fall * fall * (3 - 2 * fall)
    a[i] = value
    b[i] = value
  }
  lay(a, b, out, start, sound, kind.gain * sound.force, 32)
}
