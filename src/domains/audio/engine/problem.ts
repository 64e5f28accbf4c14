/**
 * Why a file was refused, or a call of the engine stopped. Codes are for machines; others word them for people.
 *
 * - `missing` the file is not there or cannot be read
 * - `empty` zero bytes
 * - `not-audio` a text, a picture, a playlist, or a film without sound
 * - `unsupported` media, but a container, codec, sample rate or channel count that is not accepted
 * - `protected` encrypted by a shop (DRM)
 * - `too-long` declared or decoded length beyond the limit
 * - `truncated` the file stops before the length that it declares
 * - `damaged` recognised, but it cannot be decoded throughout
 * - `unwritable` the result could not be written (`detail` has the reason: a full disk, no permission)
 * - `aborted` the caller asked to stop
 * - `timed-out`, `too-much-memory`, `crashed` the process around the call was ended (see process.ts)
 */
export type AudioProblemCode =
  | 'missing'
  | 'empty'
  | 'not-audio'
  | 'unsupported'
  | 'protected'
  | 'too-long'
  | 'truncated'
  | 'damaged'
  | 'unwritable'
  | 'aborted'
  | 'timed-out'
  | 'too-much-memory'
  | 'crashed'

/** `detail` is technical, in English, for logs and for whoever repairs. */
export interface AudioProblem {
  code: AudioProblemCode
  detail: string
}

const OF_THE_FILE = new Set<string>([
  'empty',
  'not-audio',
  'unsupported',
  'protected',
  'too-long',
  'truncated',
  'damaged',
] satisfies AudioProblemCode[])

/** Whether it is a problem of the file itself: trying again would find the same. */
export const isOfTheFile = (code: AudioProblemCode): boolean => OF_THE_FILE.has(code)

/** Carries a problem up through the streaming loop; caught at the engine's door. */
export class AudioFailure extends Error {
  readonly problem: AudioProblem
  constructor(code: AudioProblemCode, detail: string) {
    super(`${code}: ${detail}`)
    this.problem = { code, detail }
  }
}
