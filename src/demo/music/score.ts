export type Style = 'piano' | 'guitar' | 'ambient' | 'dance'

/** The sounds we know how to make. */
export type Instrument =
  | 'piano'
  | 'guitar'
  | 'harp'
  | 'flute'
  | 'strings'
  | 'pad'
  | 'bell'
  | 'keys'
  | 'bass'
  | 'sub'
  | 'kick'
  | 'snare'
  | 'hat'
  | 'shaker'

/** One note. `at` and `length` in beats, `pitch` as MIDI (60 is middle C), `force` from 0 to 1, `pan` from -1 to 1. */
export type Note = { at: number; length: number; pitch: number; force: number; pan?: number }

/**
 * What one instrument plays, and how it is placed: `level` in LUFS while it plays, before the whole is mastered; `room` the
 * share sent to the reverberation.
 */
export type Part = { instrument: Instrument; notes: Note[]; level: number; pan: number; room: number }

export type Score = {
  parts: Part[]
  /** Beats per minute, before the bending below. */
  tempo: number
  /** Where the tempo bends: from this beat on, the tempo is multiplied by `factor`. In order. */
  bends: { at: number; factor: number }[]
  beats: number
  room: { seconds: number; damping: number; level: number }
  /** How deep the kick pushes the rest down, 0 to 1. */
  pump: number
}
