import { cleared, lay, ring, type Voice } from './sound.ts'

/** A felt piano: partials a little sharp of harmonic, each heard twice (a prompt fall, a slow one), and a soft hammer. */
export const piano: Voice = (sound, out, start, tools) => {
  const { rate, random } = tools
  const { frequency, force } = sound
  const octave = Math.log2(frequency / 130.8)
  const longest = Math.min(11, Math.max(1.4, 8 * 2 ** (-octave * 0.62)))
  const release = { after: sound.seconds, decay: 0.28 + 0.12 * Math.max(0, -octave) }
  const { a, b } = cleared(tools, Math.min(sound.seconds + 1.2, longest))
  const stiffness = 0.00022 * 2 ** octave
  const dull = 0.62 - 0.36 * force + 0.05 * octave
  const count = Math.min(14, Math.floor((rate * 0.4) / frequency))
  for (let n = 1; n <= count; n++) {
    const partial = frequency * n * Math.sqrt(1 + stiffness * n * n)
    const struckAt = Math.abs(Math.sin((Math.PI * n) / 7.3)) * 0.8 + 0.2
    const amplitude = (struckAt * Math.exp(-dull * (n - 1))) / n ** 0.4
    if (amplitude < 0.004) continue
    const decay = longest / (1 + 0.32 * (n - 1))
    const phase = random.between(0, 0.4)
    ring(a, rate, partial * 1.00018, amplitude * 0.75, decay * 0.4, release, phase)
    ring(b, rate, partial * 0.99985, amplitude * 0.75, decay * 0.4, release, phase + 0.2)
    if (n > 5) continue
    ring(n % 2 ? a : b, rate, partial * 0.9996, amplitude * 0.3, decay, release, phase)
    ring(n % 2 ? b : a, rate, partial * 1.0003, amplitude * 0.3, decay, release, phase + 0.5)
  }
  hammer(a, b, rate, force, () => random.next())
  lay(a, b, out, start, sound, 0.2 * force ** 1.35, Math.round(rate * (0.006 - 0.003 * force)))
}

function hammer(a: Float32Array, b: Float32Array, rate: number, force: number, noise: () => number): void {
  const length = Math.min(a.length, Math.round(rate * 0.03))
  let low = 0
  for (let i = 0; i < length; i++) {
    low += 0.06 * (noise() * 2 - 1 - low)
    const level = low * 0.5 * (1 - i / length) ** 2 * (0.4 + force)
    a[i] = (a[i] as number) + level
    b[i] = (b[i] as number) + level
  }
}

/** A small bell by frequency modulation: one part inharmonic and short, one nearly pure and long. */
export const bell: Voice = (sound, out, start, tools) => {
  const { rate } = tools
  const { a, b, length } = cleared(tools, Math.min(sound.seconds + 1.5, 5))
  const w = (2 * Math.PI * sound.frequency) / rate
  const index = 0.5 + 1.1 * sound.force
  for (let i = 0; i < length; i++) {
    const t = i / rate
    const body = Math.exp(-t * 1.7)
    const strike = Math.exp(-t * 7)
    const tone = Math.sin(w * i + index * strike * Math.sin(w * 3.51 * i)) * body
    const shimmer = 0.25 * Math.sin(w * 2.003 * i + 0.6 * strike * Math.sin(w * 5.4 * i)) * Math.exp(-t * 2.6)
    a[i] = tone + shimmer
    b[i] = tone - shimmer
  }
  lay(a, b, out, start, sound, 0.16 * sound.force, Math.round(rate * 0.004))
}

/** Electric keys: a sine pushed by another at the same pitch, a short tine above, a slow tremolo from side to side. */
export const keys: Voice = (sound, out, start, tools) => {
  const { rate } = tools
  const { a, b, length } = cleared(tools, sound.seconds + 0.35)
  const w = (2 * Math.PI * sound.frequency) / rate
  const held = sound.seconds * rate
  const fade = Math.exp(-1.1 / rate)
  const dampen = Math.exp(-1 / (rate * 0.06))
  const soften = Math.exp(-2.4 / rate)
  const tineEnd = rate * 0.4
  let level = 1
  let index = 0.35 + 0.9 * sound.force
  let sway = 0
  for (let i = 0; i < length; i++) {
    if ((i & 31) === 0) sway = 0.18 * Math.sin(2 * Math.PI * 3.7 * ((start + i) / rate))
    const turn = w * i
    let tone = Math.sin(turn + index * Math.sin(turn))
    if (i < tineEnd) tone += 0.16 * sound.force * Math.exp((-14 * i) / rate) * Math.sin(7.01 * turn)
    tone *= level
    a[i] = tone * (1 + sway)
    b[i] = tone * (1 - sway)
    level *= i > held ? dampen * fade : fade
    index *= soften
  }
  lay(a, b, out, start, sound, 0.13 * sound.force, Math.round(rate * 0.003))
}
