import type { ContestSort } from '../operation.rules.ts'

export type FileKind = 'sound' | 'film'
export type FileState = 'kept' | 'waiting' | 'preparing' | 'ready' | 'failed'
export type StreamKind = 'opus' | 'aac' | 'webm' | 'mp4'

/** Which file people send in to a contest of this sort; null where it is a picture or words. */
export const fileKindOf = (sort: ContestSort): FileKind | null =>
  sort === 'remix' ? 'sound' : sort === 'video' ? 'film' : null

/** The most that one entry may weigh, in megabytes, and last, in minutes. A WAV of fifteen minutes at 48 kHz and 24 bits has 259. */
export const MOST_OF: Record<FileKind, { megabytes: number; minutes: number }> = {
  sound: { megabytes: 260, minutes: 15 },
  film: { megabytes: 500, minutes: 10 },
}

/** The most that a whole form with such a file may weigh, in bytes: captions and texts come with it. */
export const mostOfForm = (kind: FileKind): number => (MOST_OF[kind].megabytes + 3) * 1_000_000

/** The most that lies here of one contest and that nobody answers for yet, in bytes: forty films, or a stranger's forms fill the disk of everybody. */
export const MOST_UNANSWERED = 20_000_000_000

/** `machine`: it may be tried again; the others are of the file itself. */
export const FILE_PROBLEMS = [
  'none',
  'empty',
  'no-sound',
  'no-film',
  'unsupported',
  'protected',
  'too-large',
  'too-long',
  'truncated',
  'damaged',
  'no-room',
  'cut',
  'machine',
] as const
export type FileProblem = (typeof FILE_PROBLEMS)[number]

/** Why the engine did not take a file, in the words of a contest. */
export function problemOf(code: string, kind: FileKind): FileProblem {
  switch (code) {
    case 'empty':
    case 'protected':
    case 'too-long':
    case 'truncated':
    case 'damaged':
      return code
    case 'not-audio':
      return kind === 'sound' ? 'no-sound' : 'no-film'
    case 'unsupported':
      return kind === 'sound' ? 'unsupported' : 'no-film'
    default:
      return 'machine'
  }
}

const ISO_MEDIA = new Set(['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip'])

/** Whether the first bytes are of a film that can be read here: MP4 and QuickTime (ISO/IEC 14496-12), WebM and Matroska (RFC 8794). */
export function startsAsFilm(head: Uint8Array): boolean {
  const word = String.fromCharCode(...head.subarray(4, 8))
  return ISO_MEDIA.has(word) || [0x1a, 0x45, 0xdf, 0xa3].every((byte, i) => head[i] === byte)
}

export const ACCEPTS: Record<FileKind, string> = {
  sound: 'audio/*,.wav,.aif,.aiff,.flac,.mp3,.m4a,.ogg,.opus',
  film: 'video/mp4,video/quicktime,video/webm,video/x-matroska,.mp4,.mov,.webm,.mkv',
}

/** File extensions of what plays, by its format. */
export const STREAM_FILES: Record<StreamKind, string> = {
  opus: 'sound.webm',
  aac: 'sound.m4a',
  webm: 'film.webm',
  mp4: 'film.mp4',
}
