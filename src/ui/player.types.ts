/** One playable track, as the page tells it to the player in `<script type="application/json" data-queue>`. Lengths are milliseconds, gain is decibels towards -16 LUFS. */
export type PlayerTrack = {
  id: string
  title: string
  artist: string
  album: string
  url: string
  albumUrl: string
  durationMs: number
  sources: { src: string; type: string }[]
  waveform: string | null
  gainDb: number
  artwork: { src: string; sizes: string; type: string }[]
  subject: string
}
