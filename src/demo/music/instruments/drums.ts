import { cleared, lay, type Voice } from './sound.ts'

/** A soft kick: a sine that falls from 120 to 46 Hz. */
export const kick: Voice = (sound, out, start, tools) => {
  const { rate } = tools
  const { a, b, length } = cleared(tools, 0.42)
  let phase = 0
  for (let i = 0; i < length; i++) {
    const t = i / rate
    phase += (2 * Math.PI * (46 + 78 * Math.exp(-t * 32))) / rate
    const value = Math.sin(phase) * Math.exp(-t * 9.5)
    a[i] = value
    b[i] = value
  }
  lay(a, b, out, start, sound, 0.62 * sound.force, Math.round(rate * 0.0018))
}

/** A brushed snare: a little skin, more wire. */
export const snare: Voice = (sound, out, start, tools) => {
  const { rate, random } = tools
  const { a, b, length } = cleared(tools, 0.32)
  let fast = 0
  let slow = 0
  for (let i = 0; i < length; i++) {
    const t = i / rate
    const noise = random.next() * 2 - 1
    fast += 0.55 * (noise - fast)
    slow += 0.1 * (noise - slow)
    const wire = (fast - slow) * Math.exp(-t * 17)
    const skin = 0.5 * Math.sin(2 * Math.PI * (176 + 40 * Math.exp(-t * 60)) * t) * Math.exp(-t * 26)
    a[i] = wire + skin
    b[i] = wire * 0.85 + skin
  }
  lay(a, b, out, start, sound, 0.5 * sound.force, Math.round(rate * 0.0015))
}

/** A closed hat: air alone. */
export const hat: Voice = (sound, out, start, tools) =>
  air(sound, out, start, tools, { seconds: 0.09, rise: 0.001, fall: 55, gain: 0.7 })

/** Seeds in a shell: they arrive before they sound. */
export const shaker: Voice = (sound, out, start, tools) =>
  air(sound, out, start, tools, { seconds: 0.13, rise: 0.028, fall: 38, gain: 0.6 })

function air(
  ...[sound, out, start, tools, kind]: [
    ...Parameters<Voice>,
    { seconds: number; rise: number; fall: number; gain: number },
  ]
): void {
  const { rate, random } = tools
  const { a, b, length } = cleared(tools, kind.seconds)
  let low = 0
  let lower = 0
  let top = 0
  for (let i = 0; i < length; i++) {
    const t = i / rate
    const noise = random.next() * 2 - 1
    low += 0.62 * (noise - low)
    lower += 0.62 * (low - lower)
    // Twice high-passed, then the very top taken off: bright without hissing.
    top += 0.5 * (noise - lower - top)
    const value = top * Math.exp(-t * kind.fall)
    a[i] = value
    b[i] = value
  }
  lay(a, b, out, start, sound, kind.gain * sound.force, Math.round(rate * kind.rise))
}
