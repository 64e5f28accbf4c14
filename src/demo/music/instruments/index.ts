import type { Instrument } from '../score.ts'
import { hat, kick, shaker, snare } from './drums.ts'
import { bass, flute, pad, strings, sub } from './held.ts'
import { guitar, harp } from './plucked.ts'
import type { Voice } from './sound.ts'
import { bell, keys, piano } from './struck.ts'

export const voices: Record<Instrument, Voice> = {
  piano,
  guitar,
  harp,
  flute,
  strings,
  pad,
  bell,
  keys,
  bass,
  sub,
  kick,
  snare,
  hat,
  shaker,
}
