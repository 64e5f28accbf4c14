import type { CreditRole, IgnoredReason, Problem } from './plan.ts'

/** Tags in our words, whatever container held them. Texts are NFC, trimmed, without control characters. */
export type Tags = {
  title?: string
  subtitle?: string
  artists: string[]
  albumArtists: string[]
  album?: string
  track?: number
  disc?: number
  discTitle?: string
  date?: string
  originalDate?: string
  genres: string[]
  label?: string
  catalogueNumber?: string
  barcode?: string
  isrc?: string
  compilation: boolean
  releaseTypes: string[]
  description?: string
  copyright?: string
  licence?: string
  lyrics?: string
  language?: string
  bpm?: number
  key?: string
  composers: string[]
  credits: { role: CreditRole; name: string; detail?: string }[]
  musicbrainz: {
    recording?: string
    track?: string
    work?: string
    release?: string
    releaseGroup?: string
    artists: string[]
    albumArtists: string[]
  }
}

type Named = {
  /** Where the bytes are. */
  path: string
  /** Folders and name as given, below what was dropped, display form. The last one is the file's own name. */
  segments: string[]
  bytes: number
}

export type AudioFact = Named & { kind: 'audio'; durationMs: number; tags: Tags | null }
export type PictureFact = Named & { kind: 'picture'; width: number; height: number }
export type TextFact = Named & { kind: 'text'; text: string }
export type BonusFact = Named & { kind: 'bonus' }
export type CueFact = Named & { kind: 'cue' }

/** What reading established about one file. Rules work from these alone. */
export type FileFact = AudioFact | PictureFact | TextFact | BonusFact | CueFact

export type EmbeddedCover = Pick<PictureFact, 'path' | 'segments' | 'width' | 'height'>

export type Facts = {
  /** Name of the folder that holds what was given, when it has one worth hearing. */
  parentFolder?: string
  files: FileFact[]
  /** Usable pictures found inside the audio: the first of each release that has no picture named as its cover. */
  embeddedCovers: EmbeddedCover[]
  ignored: { file: string; reason: IgnoredReason }[]
  problems: Problem[]
}

export const shownName = (segments: string[]): string => segments.join('/')
