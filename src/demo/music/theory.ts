export type Mode = 'major' | 'minor' | 'dorian' | 'mixolydian' | 'lydian'

const STEPS: Record<Mode, number[]> = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  mixolydian: [0, 2, 4, 5, 7, 9, 10],
  lydian: [0, 2, 4, 6, 7, 9, 11],
}

/** A key: the tonic as a pitch class (0 is C) and its mode. */
export type Key = { tonic: number; mode: Mode }

/** A chord by the degree of its root (1 to 7) and what is added to the triad. `leading`: its third is the leading note. */
export type Chord = { degree: number; add?: 7 | 9; sus?: boolean; leading?: boolean }

/** The pitch of a scale step counted from the tonic nearest above MIDI 0: step 7 is an octave above step 0. */
export function pitchOfStep(key: Key, step: number): number {
  const octave = Math.floor(step / 7)
  return key.tonic + 12 * octave + (STEPS[key.mode][step - octave * 7] ?? 0)
}

/** The pitch classes of a chord, root first. */
export function chordTones(key: Key, chord: Chord): number[] {
  const third = chord.sus ? 3 : 2
  const steps = [0, third, 4, ...(chord.add === 7 ? [6] : []), ...(chord.add === 9 ? [8] : [])]
  return steps.map((step) => {
    const raised = chord.leading && step === 2 && key.mode !== 'major' && key.mode !== 'lydian' ? 1 : 0
    return (pitchOfStep(key, chord.degree - 1 + step) + raised) % 12
  })
}

/** The scale as it sounds over a chord: in minor, the seventh degree rises when the dominant leads home. */
export function scaleOver(key: Key, chord: Chord): Set<number> {
  const scale = new Set(STEPS[key.mode].map((step) => (key.tonic + step) % 12))
  if (chord.leading && (key.mode === 'minor' || key.mode === 'dorian')) {
    scale.delete((key.tonic + 10) % 12)
    scale.add((key.tonic + 11) % 12)
  }
  return scale
}

/** The pitch of a class nearest to another pitch. */
export function nearest(pitchClass: number, to: number): number {
  const below = to - ((((to - pitchClass) % 12) + 12) % 12)
  return to - below <= 6 ? below : below + 12
}

/** The pitch among those classes nearest to a given one. */
export function nearestOf(classes: Iterable<number>, to: number): number {
  let best = Number.POSITIVE_INFINITY
  for (const pitchClass of classes) {
    const candidate = nearest(pitchClass, to)
    if (Math.abs(candidate - to) < Math.abs(best - to)) best = candidate
  }
  return best
}

/** Moves by steps of the scale, up or down. */
export function moveInScale(scale: Set<number>, from: number, steps: number): number {
  let pitch = from
  for (let left = Math.abs(steps); left > 0; ) {
    pitch += Math.sign(steps)
    if (scale.has(((pitch % 12) + 12) % 12)) left--
  }
  return pitch
}

/**
 * Voices a chord in `count` notes inside a range, as near as possible to the voicing before it: voices move little, and
 * no two meet.
 */
export function voice(tones: number[], before: number[] | null, low: number, high: number, count: number): number[] {
  const middle = (low + high) / 2
  const candidates: number[][] = []
  for (let base = low; base < low + 12; base++) {
    if (!tones.includes(base % 12)) continue
    const voicing = [base]
    for (let pitch = base + 3; pitch <= high && voicing.length < count; pitch++) {
      const last = voicing.at(-1) ?? 0
      const missing = tones.filter((tone) => !voicing.some((used) => used % 12 === tone))
      const wanted = missing.length > 0 ? missing : tones
      if (wanted.includes(pitch % 12) && pitch - last >= 3) voicing.push(pitch)
    }
    if (voicing.length === count) candidates.push(voicing)
  }
  const cost = (voicing: number[]) =>
    before && before.length === voicing.length
      ? voicing.reduce((sum, pitch, i) => sum + Math.abs(pitch - (before[i] ?? pitch)), 0)
      : Math.abs(voicing.reduce((sum, pitch) => sum + pitch, 0) / voicing.length - middle)
  candidates.sort((a, b) => cost(a) - cost(b))
  return (
    candidates[0] ??
    tones
      .slice(0, count)
      .map((tone) => nearest(tone, middle))
      .sort((a, b) => a - b)
  )
}
