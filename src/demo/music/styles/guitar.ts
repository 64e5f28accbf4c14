import { type Frame, layOut, type Plan, type Section } from '../form.ts'
import type { Random } from '../random.ts'
import type { Note, Score } from '../score.ts'
import { band, barsOf, breathe, humanise, rootOf, rubato, tuneOf, voicings } from './common.ts'

const FRAME: Frame = {
  modes: ['major', 'major', 'mixolydian', 'dorian', 'minor'],
  tempo: [84, 104],
  meters: [4, 4, 3],
  colour: 0.22,
  introBars: 4,
  codaBars: 2,
  phraseBars: 8,
}

/** Songs for plucked strings: a picked guitar, a voice of wood that sings the tune, others who join when it returns. */
export function guitarSong(random: Random, seconds: number): Score {
  const plan = layOut(random, FRAME, seconds)
  const { part, parts } = band()
  const guitar = part('guitar', { level: -19.5, pan: -0.22, room: 0.16 })
  const second = part('guitar', { level: -29, pan: 0.42, room: 0.2 })
  const voiceOfWood = part('flute', { level: -19.5, pan: 0.1, room: 0.38 })
  const harp = part('harp', { level: -20, pan: 0.3, room: 0.35 })
  const strings = part('strings', { level: -29, pan: 0, room: 0.5 })
  const bass = part('bass', { level: -24, pan: 0, room: 0.04 })
  const shaker = part('shaker', { level: -36, pan: 0.35, room: 0.1 })
  const harmony = voicings(plan, 52, 71, 4)
  const picking = random.pick(plan.beatsPerBar === 3 ? PICKING_3 : PICKING_4)
  const singsFirst = random.pick(['flute', 'harp'] as const)
  for (const section of plan.sections) {
    const picked = pick(plan, section, harmony, picking)
    breathe(plan, picked, section, 0.15)
    guitar.notes.push(...picked)
    const tune = tuneOf(plan, section, { low: 64, high: 84, start: 72 })
    breathe(plan, tune, section, 0.2)
    const byFlute = section.name === 'B' ? singsFirst === 'harp' : singsFirst === 'flute'
    if (byFlute) voiceOfWood.notes.push(...tune)
    else harp.notes.push(...tune.map((note) => ({ ...note, length: note.length + 0.6 })))
    if (section.name === 'R' && section.time > 0) {
      harp.notes.push(
        ...tune.map((note) => ({
          ...note,
          pitch: note.pitch + (byFlute ? 0 : 12),
          length: note.length + 1,
          force: note.force * 0.55,
        })),
      )
    }
    if (section.energy > 0.6) {
      for (const { chord, at } of barsOf(plan, section)) {
        bass.notes.push({ at, length: plan.beatsPerBar - 1.1, pitch: rootOf(plan, chord, 36), force: 0.6 })
        if (plan.beatsPerBar === 4)
          bass.notes.push({ at: at + 3, length: 0.9, pitch: rootOf(plan, chord, 36) + 7, force: 0.42 })
        for (const pitch of (harmony.get(at) ?? []).slice(1)) {
          strings.notes.push({ at, length: plan.beatsPerBar, pitch: pitch + 12, force: 0.3 * section.energy })
        }
        for (let beat = 0.5; beat < plan.beatsPerBar; beat += 0.5) {
          shaker.notes.push({ at: at + beat, length: 0.2, pitch: 60, force: beat % 1 === 0.5 ? 0.6 : 0.3 })
        }
      }
      second.notes.push(
        ...picked
          .filter((note) => note.pitch > 55)
          .map((note) => ({ ...note, at: note.at + 0.25, pitch: note.pitch + 12, force: note.force * 0.5 }))
          .filter((_, i) => i % 3 !== 0),
      )
    }
  }
  for (const { notes } of parts) humanise(random, notes, 0.014, 0.12)
  return {
    parts,
    tempo: plan.tempo,
    bends: rubato(plan, 0.96, 0.75),
    beats: plan.bars * plan.beatsPerBar,
    room: { seconds: 1.7, damping: 0.5, level: 0.8 },
    pump: 0,
  }
}

// Thumb on the bass (0 root, 5 fifth), fingers on the voices above (1 to 4), on half beats; -1 rests.
const PICKING_4 = [
  [0, 3, 2, 4, 5, 3, 2, 4],
  [0, -1, 2, 3, 5, 4, 2, 3],
  [0, 2, 3, 4, 5, 4, 3, 2],
]
const PICKING_3 = [
  [0, 2, 3, 4, 3, 2],
  [0, -1, 3, 4, 3, 4],
]

function pick(plan: Plan, section: Section, harmony: Map<number, number[]>, picking: number[]): Note[] {
  const notes: Note[] = []
  for (const { chord, at, bar } of barsOf(plan, section)) {
    const voices = harmony.get(at) ?? []
    const root = rootOf(plan, chord, 45)
    if (section.name === 'coda' && bar === section.bars - 1) {
      for (const [i, pitch] of [root - 5 > 40 ? root - 12 : root, ...voices].entries()) {
        notes.push({ at: at + i * 0.07, length: 6, pitch, force: 0.6 })
      }
      continue
    }
    for (const [i, which] of picking.entries()) {
      const pitch = which === 0 ? root : which === 5 ? root + 7 : voices[which - 1]
      if (which < 0 || pitch === undefined) continue
      const thumb = which === 0 || which === 5
      notes.push({
        at: at + i / 2,
        length: thumb ? 2 : 1.6,
        pitch,
        force: thumb ? 0.62 : 0.46 + 0.06 * Number(i % 2 === 0),
      })
    }
  }
  return notes
}
