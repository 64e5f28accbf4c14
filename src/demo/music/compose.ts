import { randomFrom } from './random.ts'
import { render } from './render.ts'
import type { Score, Style } from './score.ts'
import { ambientPiece } from './styles/ambient.ts'
import { smallDance } from './styles/dance.ts'
import { guitarSong } from './styles/guitar.ts'
import { pianoPiece } from './styles/piano.ts'

export type Composition = { left: Float32Array; right: Float32Array; sampleRate: number }

const TAIL_SECONDS: Record<Style, number> = { piano: 3.5, guitar: 3, ambient: 6, dance: 2.5 }

/**
 * Writes and plays a piece of our own: the same seed, style and length give the same samples. About -15 LUFS, peaks under
 * -2 dBFS, silent at both ends.
 */
export function compose(wish: { seed: string; style: Style; seconds: number; sampleRate?: number }): Composition {
  const sampleRate = wish.sampleRate ?? 44_100
  const random = randomFrom(`${wish.style}/${wish.seed}`)
  const score = writeScore(random.fork('score'), wish.style, wish.seconds - TAIL_SECONDS[wish.style])
  return { ...render(score, wish.seconds, sampleRate, random.fork('hands')), sampleRate }
}

function writeScore(random: ReturnType<typeof randomFrom>, style: Style, seconds: number): Score {
  const writers = { piano: pianoPiece, guitar: guitarSong, ambient: ambientPiece, dance: smallDance }
  return writers[style](random, Math.max(8, seconds))
}
