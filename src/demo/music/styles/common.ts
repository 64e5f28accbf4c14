import type { Plan, Section } from '../form.ts'
import { singPhrase } from '../melody.ts'
import type { Random } from '../random.ts'
import type { Instrument, Note, Part } from '../score.ts'
import { type Chord, chordTones, nearest, nearestOf, scaleOver, voice } from '../theory.ts'

/** Collects what each instrument plays. */
export function band(): {
  part(instrument: Instrument, place?: Partial<Omit<Part, 'instrument' | 'notes'>>): Part
  parts: Part[]
} {
  const parts: Part[] = []
  return {
    parts,
    part(instrument, place = {}) {
      const part: Part = { instrument, notes: [], level: -24, pan: 0, room: 0.2, ...place }
      parts.push(part)
      return part
    },
  }
}

export type BarHere = { chord: Chord; at: number; bar: number; section: Section; isLastOfPhrase: boolean }

/** Walks the bars of a section with the beat at which each begins. */
export function* barsOf(plan: Plan, section: Section): Generator<BarHere> {
  for (let bar = 0; bar < section.bars; bar++) {
    const chord = section.chords[bar] ?? { degree: 1 }
    const at = (section.startBar + bar) * plan.beatsPerBar
    yield { chord, at, bar, section, isLastOfPhrase: bar === section.bars - 1 }
  }
}

/** The voicings of every bar of a piece, each led from the one before. */
export function voicings(plan: Plan, low: number, high: number, count: number): Map<number, number[]> {
  const found = new Map<number, number[]>()
  let before: number[] | null = null
  for (const section of plan.sections) {
    for (const { chord, at } of barsOf(plan, section)) {
      before = voice(chordTones(plan.key, chord), before, low, high, count)
      found.set(at, before)
    }
  }
  return found
}

/** The lowest note of a chord: its root, in the octave given. */
export const rootOf = (plan: Plan, chord: Chord, around: number): number =>
  nearest(chordTones(plan.key, chord)[0] ?? 0, around)

/** The tune of a section, at its place in the piece. Intros and codas only hint at it. */
export function tuneOf(plan: Plan, section: Section, range: { low: number; high: number; start: number }): Note[] {
  const start = section.startBar * plan.beatsPerBar
  if (section.name === 'intro') return []
  const chords = section.name === 'coda' ? section.chords.slice(0, 2) : section.chords
  const sung = singPhrase(plan.key, chords, section.motifs, range, plan.beatsPerBar, section.closes)
  return sung.map((note) => ({ ...note, at: note.at + start }))
}

/** A second voice below a tune, on a note of the chord: mostly thirds and sixths. */
export function secondVoice(plan: Plan, section: Section, tune: Note[], share: number, random: Random): Note[] {
  const start = section.startBar * plan.beatsPerBar
  return tune
    .filter((note) => note.length >= 1 && random.chance(share))
    .map((note) => {
      const bar = Math.min(section.bars - 1, Math.floor((note.at - start) / plan.beatsPerBar))
      const chord = section.chords[bar] ?? { degree: 1 }
      const tones = chordTones(plan.key, chord).filter((tone) => tone !== note.pitch % 12)
      const below = nearestOf(tones, note.pitch - 5)
      const pitch = below < note.pitch - 2 ? below : nearestOf(scaleOver(plan.key, chord), note.pitch - 9)
      return { ...note, pitch, force: note.force * 0.7 }
    })
}

/** Small faults of timing and touch, as hands make them. `beats` is the widest slip. */
export function humanise(random: Random, notes: Note[], beats: number, touch: number): void {
  for (const note of notes) {
    note.at = Math.max(0, note.at + random.between(-beats, beats))
    note.force = Math.min(1, Math.max(0.05, note.force * (1 + random.between(-touch, touch))))
  }
}

/** Louder in the middle of a phrase, softer where it ends. */
export function breathe(plan: Plan, notes: Note[], section: Section, depth: number): void {
  const start = section.startBar * plan.beatsPerBar
  const beats = section.bars * plan.beatsPerBar
  for (const note of notes) {
    const x = (note.at - start) / beats
    note.force *=
      (0.62 + 0.38 * section.energy) * (1 - depth + depth * Math.sin(Math.PI * Math.min(1, 0.12 + x * 0.85)))
  }
}

/** Slows the end of phrases by a breath, and the end of the piece for good. */
export function rubato(plan: Plan, phraseEnd: number, last: number): { at: number; factor: number }[] {
  const bends: { at: number; factor: number }[] = [{ at: 0, factor: 1 }]
  for (const section of plan.sections) {
    const end = (section.startBar + section.bars) * plan.beatsPerBar
    if (section.name !== 'intro') bends.push({ at: end - plan.beatsPerBar / 2, factor: phraseEnd })
    bends.push({ at: end, factor: 1 })
  }
  const end = plan.bars * plan.beatsPerBar
  return [
    ...bends.filter(({ at }) => at < end - 2 * plan.beatsPerBar),
    { at: end - 2 * plan.beatsPerBar, factor: (1 + last) / 2 },
    { at: end - plan.beatsPerBar, factor: last },
  ]
}
