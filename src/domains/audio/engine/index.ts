import { fail, ok, type Result } from '../../../platform/result.ts'
import { refuseNoFilm } from './accept.ts'
import { defaultLimits, type MasterFacts } from './facts.ts'
import { defaultFilmLimits, type Film, type FilmLimits, makeFilm } from './film.ts'
import { type Format, recipe } from './formats.ts'
import { prepareStream as prepare, type Stream } from './prepare-stream.ts'
import { AudioFailure, type AudioProblem } from './problem.ts'
import { type ReadTags, readTagsOf } from './read-tags.ts'
import { type CallOptions, run } from './run.ts'
import { writeTags } from './tag.ts'
import type { Tags } from './tags.ts'

export type { Limits, MasterFacts } from './facts.ts'
export { defaultLimits } from './facts.ts'
export type { Film, FilmLimits } from './film.ts'
export { type Format, formatFiles, formats } from './formats.ts'
export type { Loudness, Stream } from './prepare-stream.ts'
export { type AudioProblem, type AudioProblemCode, isOfTheFile } from './problem.ts'
export type { ReadTags } from './read-tags.ts'
export type { OnProgress } from './run.ts'
export type { MusicBrainzIds, Picture, ReplayGain, Tags } from './tags.ts'

export type Options = Partial<CallOptions>

/**
 * Opens a stranger's file and decodes it all, so that a truncated or damaged one is known now.
 * Reads nothing but `path`, whatever the file says.
 */
export function probe(path: string, options: Options = {}): Promise<Result<MasterFacts, AudioProblem>> {
  return door(options, async () => (await run(path, () => [], withDefaults(options))).facts)
}

/** Makes what a player needs, in one pass; see {@link prepare}. `points` is the waveform's width, 800 unless told. */
export function prepareStream(
  path: string,
  folder: string,
  options: Options & { points?: number } = {},
): Promise<Result<Stream, AudioProblem>> {
  return door(options, () => prepare(path, folder, { ...withDefaults(options), points: options.points ?? 800 }))
}

/** Makes a download, without any tag. `outPath` appears when it is complete. */
export function encode(
  path: string,
  outPath: string,
  format: Format,
  options: Options = {},
): Promise<Result<MasterFacts, AudioProblem>> {
  return door(options, async () => {
    const { facts } = await run(path, (source) => [recipe(format, source, outPath)], withDefaults(options))
    return facts
  })
}

/** Replaces the tags of a file that {@link encode} made, and its cover (JPEG), if any. */
export function tag(
  path: string,
  format: Format,
  tags: Tags,
  coverJpegPath: string | null = null,
): Promise<Result<null, AudioProblem>> {
  return door({}, async () => {
    await writeTags(path, format, tags, coverJpegPath)
    return null
  })
}

/** Reads the tags and the cover of any file that {@link probe} accepts. */
export function readTags(path: string): Promise<Result<ReadTags, AudioProblem>> {
  return door({}, () => readTagsOf(path))
}

/** Makes what plays a film in any browser, and a picture of it; see {@link makeFilm}. */
export function film(
  path: string,
  folder: string,
  options: Omit<Options, 'limits'> & { limits?: FilmLimits } = {},
): Promise<Result<Film, AudioProblem>> {
  return door({}, async () => {
    await refuseNoFilm(path)
    return makeFilm(path, folder, {
      ...options,
      limits: options.limits ?? defaultFilmLimits,
      threads: options.threads ?? 2,
    })
  })
}

const withDefaults = (options: Options): CallOptions => ({
  ...options,
  limits: options.limits ?? defaultLimits,
  threads: options.threads ?? 1,
})

async function door<T>(options: Options, call: () => Promise<T>): Promise<Result<T, AudioProblem>> {
  try {
    return ok(await call())
  } catch (error) {
    if (error instanceof AudioFailure) return fail(error.problem)
    if (options.signal?.aborted) return fail({ code: 'aborted', detail: String(options.signal.reason) })
    throw error
  }
}
