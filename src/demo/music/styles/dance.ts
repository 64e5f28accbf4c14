import { type Frame, layOut, type Plan, type Section } from '../form.ts'
import type { Random } from '../random.ts'
import type { Note, Part, Score } from '../score.ts'
import { band, barsOf, breathe, humanise, rootOf, tuneOf, voicings } from './common.ts'

const FRAME: Frame = {
  modes: ['minor', 'dorian', 'minor', 'mixolydian'],
  tempo: [108, 120],
  meters: [4],
  colour: 0.55,
  introBars: 4,
  codaBars: 4,
  phraseBars: 8,
}

/** A small dance for a kitchen: soft drums, an off-beat bass, electric keys, a plucked ritornello. */
export function smallDance(random: Random, seconds: number): Score {
  const plan = layOut(random, FRAME, seconds)
  const { part, parts } = band()
  const drums = {
    kick: part('kick', { level: -22.5, room: 0.02 }),
    snare: part('snare', { level: -27, pan: 0.05, room: 0.22 }),
    hat: part('hat', { level: -36, pan: 0.28, room: 0.06 }),
    shaker: part('shaker', { level: -40, pan: -0.4, room: 0.1 }),
  }
  const bass = part('bass', { level: -23, room: 0.03 })
  const keys = part('keys', { level: -22.5, pan: -0.18, room: 0.25 })
  const lead = part('harp', { level: -19, pan: 0.16, room: 0.3 })
  const bell = part('bell', { level: -28, pan: -0.3, room: 0.5 })
  const pad = part('pad', { level: -29, pan: 0, room: 0.4 })
  const harmony = voicings(plan, 53, 72, 4)
  const bassLine = random.pick(BASS_LINES)
  const comping = random.pick(COMPINGS)
  for (const section of plan.sections) {
    beat(plan, section, drums, random)
    const full = section.energy > 0.4
    for (const { chord, at, bar } of barsOf(plan, section)) {
      const voices = harmony.get(at) ?? []
      const isEnd = section.name === 'coda' && bar >= section.bars - 2
      if (isEnd) {
        if (bar === section.bars - 2) chordAt(keys.notes, voices, at, 7, 0.5)
        continue
      }
      for (const when of comping) chordAt(keys.notes, voices, at + when, 0.55, 0.42 + 0.2 * section.energy)
      const root = rootOf(plan, chord, 36)
      if (full)
        for (const [when, up, length] of bassLine)
          bass.notes.push({ at: at + when, length, pitch: root + up, force: 0.7 })
      if (section.energy > 0.65)
        for (const pitch of voices) pad.notes.push({ at, length: 4, pitch: pitch + 12, force: 0.35 })
    }
    const tune = tuneOf(plan, section, { low: 65, high: 84, start: 74 })
    breathe(plan, tune, section, 0.1)
    lead.notes.push(...tune.map((note) => ({ ...note, length: note.length + 0.4 })))
    if (section.name === 'R' && section.time > 0)
      bell.notes.push(...tune.map((note) => ({ ...note, pitch: note.pitch + 12, force: note.force * 0.6 })))
  }
  humanise(random, lead.notes, 0.01, 0.1)
  humanise(random, keys.notes, 0.008, 0.1)
  return {
    parts,
    tempo: plan.tempo,
    bends: [],
    beats: plan.bars * plan.beatsPerBar,
    room: { seconds: 1.6, damping: 0.55, level: 0.7 },
    pump: 0.45,
  }
}

// When (beats), how far above the root (semitones), how long.
const BASS_LINES: [number, number, number][][] = [
  [
    [0.5, 0, 0.4],
    [1.5, 0, 0.4],
    [2.5, 0, 0.4],
    [3.5, 12, 0.35],
  ],
  [
    [0, 0, 0.7],
    [1.5, 0, 0.4],
    [2.5, 7, 0.4],
    [3, 12, 0.5],
  ],
  [
    [0, 0, 0.4],
    [0.75, 0, 0.3],
    [1.5, 12, 0.3],
    [2.5, 0, 0.4],
    [3.25, 7, 0.4],
  ],
]
const COMPINGS = [
  [0, 1.5, 2.5],
  [0.5, 1.5, 3],
  [0, 0.75, 1.5, 3.5],
]

function chordAt(notes: Note[], voices: number[], at: number, length: number, force: number): void {
  for (const pitch of voices) notes.push({ at, length, pitch, force })
}

function beat(
  plan: Plan,
  section: Section,
  drums: Record<'kick' | 'snare' | 'hat' | 'shaker', Part>,
  random: Random,
): void {
  const { energy, name } = section
  for (const { at, bar, isLastOfPhrase } of barsOf(plan, section)) {
    if (name === 'coda' && bar >= section.bars - 2) continue
    for (let step = 0; step < 4; step++) {
      if (name !== 'intro' || bar >= 2) drums.kick.notes.push({ at: at + step, length: 0.5, pitch: 36, force: 0.85 })
      if (energy > 0.3) drums.hat.notes.push({ at: at + step + 0.5, length: 0.2, pitch: 60, force: 0.6 })
      if (energy > 0.55) {
        for (const off of [0, 0.25, 0.5, 0.75]) {
          drums.shaker.notes.push({
            at: at + step + off,
            length: 0.1,
            pitch: 60,
            force: (off === 0.5 ? 0.55 : 0.28) + random.between(0, 0.08),
          })
        }
      }
    }
    if (energy > 0.4)
      for (const when of [1, 3]) drums.snare.notes.push({ at: at + when, length: 0.3, pitch: 50, force: 0.6 })
    if (isLastOfPhrase && energy > 0.4)
      drums.snare.notes.push(
        { at: at + 3.5, length: 0.2, pitch: 50, force: 0.35 },
        { at: at + 3.75, length: 0.2, pitch: 50, force: 0.45 },
      )
  }
}
