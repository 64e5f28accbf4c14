import type { Random } from './random.ts'
import type { Chord, Mode } from './theory.ts'

const OPENINGS: Record<'bright' | 'dark', number[][]> = {
  bright: [
    [1, 6, 4, 5],
    [1, 4, 6, 5],
    [1, 3, 4, 5],
    [1, 5, 6, 4],
    [6, 4, 1, 5],
    [4, 1, 5, 6],
    [1, 2, 4, 1],
  ],
  dark: [
    [1, 6, 3, 7],
    [1, 4, 7, 3],
    [1, 7, 6, 7],
    [1, 3, 6, 7],
    [6, 7, 1, 3],
    [1, 4, 6, 7],
  ],
}
const CLOSINGS: Record<'bright' | 'dark', number[][]> = {
  bright: [
    [6, 2, 5, 1],
    [4, 1, 5, 1],
    [2, 5, 1, 1],
    [4, 5, 6, 1],
    [3, 4, 5, 1],
  ],
  dark: [
    [4, 1, 5, 1],
    [6, 4, 5, 1],
    [2, 5, 1, 1],
    [6, 7, 1, 1],
    [4, 7, 3, 1],
  ],
}
const MODAL: Partial<Record<Mode, number[][]>> = {
  dorian: [
    [1, 4, 1, 7],
    [1, 7, 4, 1],
  ],
  mixolydian: [
    [1, 7, 4, 1],
    [1, 4, 7, 1],
  ],
  lydian: [
    [1, 2, 1, 6],
    [1, 2, 6, 1],
  ],
}

const isBright = (mode: Mode): boolean => mode === 'major' || mode === 'mixolydian' || mode === 'lydian'

/**
 * The chords of a phrase, one a bar: an opening that leaves home, and a closing that comes back to it, or that stops on
 * the dominant when the phrase is to be continued.
 */
export function phraseChords(random: Random, mode: Mode, bars: number, open: boolean, colour: number): Chord[] {
  const family = isBright(mode) ? 'bright' : 'dark'
  const modal = MODAL[mode]
  const opening = modal && random.chance(0.6) ? random.pick(modal) : random.pick(OPENINGS[family])
  const closing = random.pick(CLOSINGS[family])
  const degrees = bars <= 4 ? [...opening.slice(0, 2), ...closing.slice(2)].slice(0, bars) : [...opening, ...closing]
  while (degrees.length < bars) degrees.unshift(...opening)
  if (open) degrees[degrees.length - 1] = 5
  return degrees.slice(-bars).map((degree, i, all) => coloured(random, degree, all[i + 1], mode, colour))
}

function coloured(random: Random, degree: number, next: number | undefined, mode: Mode, colour: number): Chord {
  const chord: Chord = { degree }
  // The dominant of a minor key takes its leading note when it goes home; elsewhere the mode keeps its own seventh.
  if (degree === 5 && (next === undefined || next === 1) && mode !== 'mixolydian') chord.leading = true
  if (random.chance(colour)) chord.add = degree === 1 || degree === 4 ? random.pick([9, 9, 7]) : 7
  return chord
}
