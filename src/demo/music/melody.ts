import type { Random } from './random.ts'
import type { Note } from './score.ts'
import { type Chord, chordTones, type Key, moveInScale, nearestOf, scaleOver } from './theory.ts'

/** A short idea: when its notes fall (beats), how long they last, and how far each moves from the one before, in steps. */
export type Motif = { beats: number; notes: { at: number; length: number; move: number; force: number }[] }

const RHYTHMS_4: number[][] = [
  [1.5, 0.5, 1, 1],
  [1, 1, 2],
  [0.5, 0.5, 1, 2],
  [2, 1, 1],
  [1, 0.5, 0.5, 1.5, 0.5],
  [3, 1],
  [0.5, 1, 0.5, 1, 1],
  [1.5, 1.5, 1],
]
const RHYTHMS_3: number[][] = [[2, 1], [1, 1, 1], [1.5, 0.5, 1], [1, 2], [0.5, 0.5, 1, 1], [3]]

/** Invents an idea of two bars: the first moves, the second answers and rests. Leaps are few and turned back. */
export function inventMotif(random: Random, beatsPerBar: number): Motif {
  const rhythms = beatsPerBar === 3 ? RHYTHMS_3 : RHYTHMS_4
  const first = random.pick(rhythms.filter((rhythm) => rhythm.length > 1))
  const second = random.pick(rhythms.filter((rhythm) => rhythm.length <= 3))
  const notes: Motif['notes'] = []
  let at = 0
  let leapt = 0
  for (const length of [...first, ...second]) {
    const move = notes.length === 0 ? 0 : nextMove(random, leapt)
    leapt = Math.abs(move) > 1 ? Math.sign(move) : 0
    notes.push({ at, length, move, force: 0.5 + 0.22 * Number(at % beatsPerBar === 0) + random.between(0, 0.08) })
    at += length
  }
  const last = notes.at(-1)
  if (last && notes.length > 3 && random.chance(0.5)) notes.pop()
  return { beats: 2 * beatsPerBar, notes }
}

function nextMove(random: Random, leapt: number): number {
  if (leapt !== 0) return -leapt * random.pick([1, 1, 2])
  return random.pick([1, -1, 1, -1, 2, -2, 0, 3, -1, 1, 4])
}

/** The same idea told again: turned upside down, or with its end changed. It stays recognisable. */
export function varyMotif(random: Random, motif: Motif): Motif {
  const upsideDown = random.chance(0.35)
  const half = motif.beats / 2
  return {
    ...motif,
    notes: motif.notes.map((note) => ({
      ...note,
      move: upsideDown ? -note.move : note.at >= half && random.chance(0.5) ? nextMove(random, 0) : note.move,
    })),
  }
}

// A phrase climbs and comes back: semitones added to where each idea begins.
const ARCH = [0, 3, 6, 1]

/**
 * Sings a phrase: each idea over its two bars, starting from the chord note nearest to where the voice was. Strong beats
 * meet the chord; the last note is home when the phrase closes.
 */
export function singPhrase(
  key: Key,
  chords: Chord[],
  motifs: Motif[],
  range: { low: number; high: number; start: number },
  beatsPerBar: number,
  closes: boolean,
): Note[] {
  const notes: Note[] = []
  let pitch = range.start
  for (let bar = 0; bar < chords.length; bar += 2) {
    const motif = motifs[(bar / 2) % motifs.length]
    if (!motif) break
    const isLast = bar + 2 >= chords.length
    const lift = ARCH[(bar / 2) % ARCH.length] ?? 0
    for (const [i, step] of motif.notes.entries()) {
      const barHere = bar + Math.floor(step.at / beatsPerBar)
      const chord = chords[Math.min(barHere, chords.length - 1)] ?? { degree: 1 }
      const tones = chordTones(key, chord)
      const scale = scaleOver(key, chord)
      const target = i === 0 ? homeward(pitch, range) + lift : moveInScale(scale, nearestOf(scale, pitch), step.move)
      const strong = step.at % beatsPerBar === 0 || step.length >= 1.5
      pitch = inRange(strong ? nearestOf(tones, target) : nearestOf(scale, target), range)
      notes.push({ at: bar * beatsPerBar + step.at, length: step.length, pitch, force: step.force })
    }
    if (isLast && closes) endAtHome(notes, key, bar, motif, beatsPerBar)
  }
  return notes
}

function endAtHome(notes: Note[], key: Key, bar: number, motif: Motif, beatsPerBar: number): void {
  const start = (bar + 1) * beatsPerBar
  const before = notes.filter((note) => note.at < start)
  const last = before.at(-1)
  if (!last) return
  const kept = before.length
  notes.length = kept
  last.length = Math.min(last.length, start - last.at)
  const home = nearestOf([key.tonic, (key.tonic + 7) % 12], last.pitch)
  notes.push({ at: start, length: motif.beats / 2, pitch: home, force: 0.6 })
}

const homeward = (pitch: number, { low, high, start }: { low: number; high: number; start: number }): number =>
  pitch > high - 4 ? pitch - 3 : pitch < low + 4 ? pitch + 3 : Math.round(pitch * 0.7 + start * 0.3)

const inRange = (pitch: number, { low, high }: { low: number; high: number }): number =>
  pitch > high ? pitch - 12 : pitch < low ? pitch + 12 : pitch
