import { type Frame, layOut, type Plan, type Section } from '../form.ts'
import type { Random } from '../random.ts'
import type { Note, Score } from '../score.ts'
import { band, barsOf, breathe, humanise, rootOf, rubato, secondVoice, tuneOf, voicings } from './common.ts'

const FRAME: Frame = {
  modes: ['major', 'minor', 'minor', 'dorian', 'lydian'],
  tempo: [66, 88],
  meters: [3, 4, 4],
  colour: 0.3,
  introBars: 2,
  codaBars: 2,
  phraseBars: 8,
}

/** Quiet miniatures for one piano: a broken accompaniment, a tune, the same tune harmonised when it returns. */
export function pianoPiece(random: Random, seconds: number): Score {
  const plan = layOut(random, FRAME, seconds)
  const { part, parts } = band()
  const left = part('piano', { level: -21, pan: -0.12, room: 0.3 })
  const right = part('piano', { level: -17.5, pan: 0.12, room: 0.34 })
  const pad = part('strings', { level: -31, pan: 0, room: 0.6 })
  const pattern = random.pick(plan.beatsPerBar === 3 ? PATTERNS_3 : PATTERNS_4)
  const harmony = voicings(plan, 48, 66, 3)
  for (const section of plan.sections) {
    const low = accompaniment(plan, section, harmony, pattern)
    const tune = tuneOf(plan, section, { low: 66, high: 86, start: 74 })
    const second = section.time > 0 || section.name === 'B' ? secondVoice(plan, section, tune, 0.6, random) : []
    const octaves =
      section.name === 'R' && section.energy > 0.85
        ? tune.map((note) => ({ ...note, pitch: note.pitch + 12, force: note.force * 0.5 }))
        : []
    const high = [...tune, ...second, ...octaves].map((note) => ({ ...note, length: note.length * 1.15 }))
    breathe(plan, low, section, 0.25)
    breathe(plan, high, section, 0.22)
    left.notes.push(...low)
    right.notes.push(...high)
    if (section.energy > 0.75) pad.notes.push(...held(plan, section, harmony))
  }
  humanise(random, left.notes, 0.012, 0.12)
  humanise(random, right.notes, 0.014, 0.1)
  return {
    parts,
    tempo: plan.tempo,
    bends: rubato(plan, 0.88, 0.7),
    beats: plan.bars * plan.beatsPerBar,
    room: { seconds: 2.4, damping: 0.45, level: 0.9 },
    pump: 0,
  }
}

// Which voice of the chord sounds on each half beat: 0 is the bass, 1 to 3 the voices above, -1 a silence.
const PATTERNS_4 = [
  [0, 1, 2, 3, 2, 3, 2, 1],
  [0, 2, 3, 2, 1, 2, 3, 2],
  [0, -1, 2, 3, 1, -1, 3, 2],
  [0, 1, 3, 2, 3, 2, 3, 1],
]
const PATTERNS_3 = [
  [0, 1, 2, 3, 2, 1],
  [0, -1, 2, -1, 3, -1],
  [0, 2, 3, 2, 3, 2],
]

function accompaniment(plan: Plan, section: Section, harmony: Map<number, number[]>, pattern: number[]): Note[] {
  const notes: Note[] = []
  for (const { chord, at, bar } of barsOf(plan, section)) {
    const voices = harmony.get(at) ?? []
    const isEnd = section.name === 'coda' && bar === section.bars - 1
    const pitches = [rootOf(plan, chord, 41), ...voices]
    if (isEnd) {
      for (const [i, pitch] of [...pitches, (pitches.at(-1) ?? 60) + 12].entries()) {
        notes.push({ at: at + i * 0.09, length: 6, pitch, force: 0.42 - 0.03 * i })
      }
      continue
    }
    for (const [i, which] of pattern.entries()) {
      const pitch = which < 0 ? undefined : pitches[which]
      if (pitch === undefined) continue
      // The pedal holds until the harmony changes.
      const length = plan.beatsPerBar - i / 2 + 0.05
      notes.push({ at: at + i / 2, length, pitch, force: which === 0 ? 0.52 : 0.34 + 0.05 * Number(i % 4 === 0) })
    }
  }
  return notes
}

function held(plan: Plan, section: Section, harmony: Map<number, number[]>): Note[] {
  return [...barsOf(plan, section)].flatMap(({ at }) =>
    (harmony.get(at) ?? []).map((pitch) => ({
      at,
      length: plan.beatsPerBar,
      pitch: pitch + 12,
      force: 0.3 * section.energy,
    })),
  )
}
