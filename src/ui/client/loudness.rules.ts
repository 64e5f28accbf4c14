/**
 * The `volume` of an audio element (0..1) for a slider (0..1) and a track's distance to -16 LUFS.
 * The slider is squared because ears are not linear. A quiet track is lifted only as far as the element allows, at most to
 * what was recorded: nothing can clip.
 */
export const volumeFor = (slider: number, gainDb: number): number =>
  Math.min(1, Math.max(0, slider * slider * 10 ** (gainDb / 20)))
