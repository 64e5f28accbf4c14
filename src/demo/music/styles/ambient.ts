import { type Frame, layOut } from '../form.ts'
import type { Random } from '../random.ts'
import type { Score } from '../score.ts'
import { band, barsOf, breathe, humanise, rootOf, tuneOf, voicings } from './common.ts'

const FRAME: Frame = {
  modes: ['lydian', 'dorian', 'major', 'minor'],
  tempo: [54, 64],
  meters: [4],
  colour: 0.7,
  introBars: 4,
  codaBars: 4,
  phraseBars: 8,
}

/** Slow water: held chords that hardly move, a bell that remembers the ritornello, a few drops. */
export function ambientPiece(random: Random, seconds: number): Score {
  const plan = layOut(random, FRAME, seconds)
  const { part, parts } = band()
  const pad = part('pad', { level: -22, pan: 0, room: 0.55 })
  const strings = part('strings', { level: -29, pan: 0.15, room: 0.7 })
  const bell = part('bell', { level: -21.5, pan: 0.25, room: 0.75 })
  const drops = part('harp', { level: -26, pan: -0.35, room: 0.8 })
  const piano = part('piano', { level: -22, pan: -0.1, room: 0.6 })
  const sub = part('sub', { level: -29, pan: 0, room: 0.05 })
  const harmony = voicings(plan, 50, 72, 4)
  for (const section of plan.sections) {
    for (const { chord, at, bar } of barsOf(plan, section)) {
      const voices = harmony.get(at) ?? []
      const isEnd = section.name === 'coda' && bar === section.bars - 1
      for (const pitch of voices) {
        pad.notes.push({ at, length: plan.beatsPerBar + (isEnd ? 2 : 0.6), pitch, force: 0.35 + 0.35 * section.energy })
      }
      if (section.energy > 0.55) {
        const top = voices.at(-1) ?? 60
        strings.notes.push({ at, length: plan.beatsPerBar + 0.4, pitch: top + 12, force: 0.3 * section.energy })
      }
      sub.notes.push({ at, length: plan.beatsPerBar - 0.1, pitch: rootOf(plan, chord, 36), force: 0.5 })
      for (let beat = 0; beat < plan.beatsPerBar; beat += 0.5) {
        if (!random.chance(0.08 + 0.24 * section.energy)) continue
        const pitch = random.pick(voices) + 12 * random.whole(1, 2)
        drops.notes.push({ at: at + beat, length: 2, pitch: Math.min(pitch, 91), force: random.between(0.2, 0.45) })
      }
    }
    const stretched = tuneOf(plan, section, { low: 67, high: 88, start: 76 }).filter((note) => note.length >= 1)
    breathe(plan, stretched, section, 0.3)
    const singer = section.name === 'R' ? bell : piano
    singer.notes.push(
      ...stretched.map((note) => ({
        ...note,
        length: note.length + 2,
        pitch: note.pitch - (singer === piano ? 12 : 0),
      })),
    )
    if (section.name === 'R' && section.time > 0) {
      piano.notes.push(
        ...stretched.map((note) => ({
          ...note,
          pitch: note.pitch - 12,
          length: note.length + 2,
          force: note.force * 0.6,
        })),
      )
    }
  }
  humanise(random, bell.notes, 0.02, 0.15)
  humanise(random, piano.notes, 0.02, 0.12)
  humanise(random, drops.notes, 0.05, 0.2)
  return {
    parts,
    tempo: plan.tempo,
    bends: [],
    beats: plan.bars * plan.beatsPerBar,
    room: { seconds: 5.5, damping: 0.35, level: 1 },
    pump: 0,
  }
}
