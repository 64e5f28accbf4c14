/** Where an understood value was read. A guess is ours: it must be shown as one. */
export type Origin = 'tag' | 'folder' | 'filename' | 'file' | 'guess'

/** A value and where it came from. */
export type Said<T> = { value: T; from: Origin }

export type ReleaseKind = 'album' | 'ep' | 'single' | 'live' | 'compilation'

/** A person or group named by the files. `musicbrainz` is an MBID, kept only when its pairing with the name is certain. */
export type NamedArtist = { name: string; featured?: true; musicbrainz?: string }

/** One line of credits. `role` is one of ours when recognised, and the tag's own word is kept in `detail` (an instrument). */
export type Credit = { role: CreditRole; name: string; detail?: string }
export type CreditRole =
  | 'composer'
  | 'lyricist'
  | 'writer'
  | 'arranger'
  | 'performer'
  | 'conductor'
  | 'remixer'
  | 'producer'
  | 'engineer'
  | 'mixer'
  | 'dj-mixer'

export type PlannedTrack = {
  /** Where the bytes are: untouched, never normalised. */
  path: string
  /** The name given by the sender, relative to what was dropped, for display. */
  file: string
  bytes: number
  durationMs: number
  disc: number
  number: number
  numberFrom: Origin
  title: Said<string>
  /** "Live", "Radio Edit", "Remastered 2019": what tells two recordings of one song apart. */
  version?: Said<string>
  artists: Said<NamedArtist[]>
  isrc?: Said<string>
  lyrics?: Said<string>
  composers?: Said<string[]>
  credits: Credit[]
  /** ISO 639 code as the tag gave it, two or three letters. */
  language?: Said<string>
  bpm?: Said<number>
  key?: Said<string>
  musicbrainz?: { recording?: string; track?: string; work?: string }
}

export type PlannedRelease = {
  title: Said<string>
  kind: Said<ReleaseKind>
  /** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`: no more precise than what was said. */
  date?: Said<string>
  genres?: Said<string[]>
  label?: Said<string>
  catalogueNumber?: Said<string>
  /** Digits as printed; the check digit is right. */
  barcode?: Said<string>
  description?: Said<string>
  /** A Creative Commons licence by its SPDX identifier in lower case (`cc-by-sa-4.0`, `cc0-1.0`), only when the tags say it plainly. */
  licence?: Said<string>
  copyright?: Said<string>
  discs: { number: number; title?: string }[]
  musicbrainz?: { release?: string; releaseGroup?: string }
}

export type PlannedCover = {
  kind: 'file' | 'embedded'
  /** The picture, or the audio file that holds it. */
  path: string
  file: string
  width: number
  height: number
}

export type ProblemCode =
  | 'empty-file'
  | 'file-too-large'
  | 'playlist'
  | 'text-not-audio'
  | 'picture-not-audio'
  | 'audio-truncated'
  | 'audio-damaged'
  | 'audio-protected'
  | 'audio-unsupported'
  | 'audio-unreadable'
  | 'audio-too-long'
  | 'audio-check-failed'
  | 'tags-unreadable'
  | 'title-missing'
  | 'number-duplicated'
  | 'isrc-invalid'
  | 'barcode-invalid'
  | 'cover-svg'
  | 'cover-too-large'
  | 'cover-unreadable'
  | 'link-outside'
  | 'name-not-utf8'
  | 'file-unreadable'
  | 'too-many-files'
  | 'several-releases'
  | 'too-deep'
  | 'cue-not-split'
  | 'no-audio'
  | 'artist-unknown'

/**
 * What a person should know about one file, or about the whole (`file: null`). `refused`: the file stays out and the
 * others go on; `notice`: it is taken, and something deserves a look.
 */
export type Problem = {
  file: string | null
  code: ProblemCode
  level: 'refused' | 'notice'
  values: Record<string, string | number>
}

export type IgnoredReason = 'hidden' | 'system' | 'playlist' | 'rip-record' | 'duplicate' | 'unknown'

export type BonusFile = { path: string; file: string; bytes: number }

/** What a set of files was understood to be, before anything is kept or shown to anyone else. */
export type ImportPlan = {
  artist: { name: string; confidence: 'high' | 'medium' | 'low'; from: Origin; musicbrainz?: string }
  /** The release's artists; a single "various" one when `various` is true. */
  albumArtists: NamedArtist[]
  various: boolean
  release: PlannedRelease
  cover: PlannedCover | null
  tracks: PlannedTrack[]
  bonus: BonusFile[]
  ignored: { file: string; reason: IgnoredReason }[]
  problems: Problem[]
}
