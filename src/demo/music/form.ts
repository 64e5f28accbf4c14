import { phraseChords } from './harmony.ts'
import { inventMotif, type Motif, varyMotif } from './melody.ts'
import type { Random } from './random.ts'
import type { Chord, Key, Mode } from './theory.ts'

/** One phrase of the form. `R` is the ritornello: the same words each time it comes back, dressed differently. */
export type Section = {
  name: 'intro' | 'R' | 'A' | 'B' | 'coda'
  /** Which time this name is heard, from 0. */
  time: number
  startBar: number
  bars: number
  chords: Chord[]
  motifs: Motif[]
  /** How full it is, 0 to 1: players come in, and dynamics follow. */
  energy: number
  closes: boolean
}

export type Plan = {
  key: Key
  beatsPerBar: number
  tempo: number
  sections: Section[]
  bars: number
  phraseBars: number
}

export type Frame = {
  modes: readonly Mode[]
  tempo: readonly [number, number]
  meters: readonly number[]
  /** How often chords carry a seventh or a ninth, 0 to 1. */
  colour: number
  introBars: number
  codaBars: number
  phraseBars: number
}

const PATTERN = ['R', 'A', 'R', 'B', 'A', 'R'] as const

/** Lays out a piece of about `seconds`: an introduction, phrases between which the ritornello returns, a coda. */
export function layOut(random: Random, frame: Frame, seconds: number): Plan {
  const key: Key = { tonic: random.whole(0, 11), mode: random.pick(frame.modes) }
  const beatsPerBar = random.pick(frame.meters)
  const wished = random.between(...frame.tempo)
  const barSeconds = (beatsPerBar * 60) / wished
  const around = frame.introBars + frame.codaBars
  const phraseBars = seconds / barSeconds < around + 3 * frame.phraseBars ? 4 : frame.phraseBars
  const phrases = Math.max(1, Math.round((seconds / barSeconds - around) / phraseBars))
  const bars = phrases * phraseBars + around
  // The tempo gives way a little so that the piece has the length asked for.
  const tempo = Math.min(wished * 1.15, Math.max(wished * 0.85, (bars * beatsPerBar * 60) / seconds))
  const names = phraseNames(phrases)
  const material = inventMaterial(random, key.mode, phraseBars, beatsPerBar, frame.colour)
  const sections: Section[] = []
  const heard = new Map<string, number>()
  let startBar = 0
  const add = (name: Section['name'], sectionBars: number, from: Material, energy: number) => {
    const time = heard.get(name) ?? 0
    heard.set(name, time + 1)
    sections.push({
      name,
      time,
      startBar,
      bars: sectionBars,
      energy,
      ...from,
      chords: from.chords.slice(0, sectionBars),
    })
    startBar += sectionBars
  }
  if (frame.introBars > 0) add('intro', frame.introBars, repeated(material.R, frame.introBars), 0.25)
  for (const [i, name] of names.entries()) add(name, phraseBars, material[name], arc(i, names.length))
  if (frame.codaBars > 0) {
    const home = Array.from({ length: frame.codaBars }, (): Chord => ({ degree: 1 }))
    if (frame.codaBars > 2) home[0] = { degree: 4, add: 9 }
    add('coda', frame.codaBars, { chords: home, motifs: [material.R.motifs[0] as Motif], closes: true }, 0.2)
  }
  return { key, beatsPerBar, tempo, sections, bars, phraseBars }
}

type Material = Pick<Section, 'chords' | 'motifs' | 'closes'>

function inventMaterial(random: Random, mode: Mode, bars: number, beats: number, colour: number) {
  const r = random.fork('ritornello')
  const idea = inventMotif(r, beats)
  const R: Material = {
    chords: phraseChords(r, mode, bars, false, colour),
    motifs: [idea, varyMotif(r, idea), idea, varyMotif(r, idea)],
    closes: true,
  }
  const a = random.fork('A')
  const answer = inventMotif(a, beats)
  const A: Material = {
    chords: phraseChords(a, mode, bars, true, colour),
    motifs: [answer, varyMotif(a, answer), idea, varyMotif(a, answer)],
    closes: false,
  }
  const b = random.fork('B')
  const other = inventMotif(b, beats)
  const B: Material = {
    chords: phraseChords(b, mode, bars, true, Math.min(1, colour * 1.3)),
    motifs: [other, other, varyMotif(b, other), varyMotif(b, idea)],
    closes: false,
  }
  return { R, A, B }
}

// The first phrase and the last are always the ritornello.
function phraseNames(count: number): ('R' | 'A' | 'B')[] {
  if (count <= 2) return count === 2 ? ['R', 'R'] : ['R']
  const names = Array.from({ length: count - 1 }, (_, i) => PATTERN[i % (PATTERN.length - 1)] ?? 'R')
  if (names.at(-1) === 'R') names[names.length - 1] = 'A'
  return [...names, 'R']
}

/** Grows until two thirds of the piece, then lets go. */
function arc(index: number, count: number): number {
  const x = count === 1 ? 0.6 : index / (count - 1)
  return x < 0.66 ? 0.4 + 0.9 * x : 1 - 1.2 * (x - 0.66)
}

const repeated = (from: Material, bars: number): Material => ({
  ...from,
  chords: Array.from({ length: bars }, (_, i) => from.chords[i % Math.min(4, from.chords.length)] ?? { degree: 1 }),
})
