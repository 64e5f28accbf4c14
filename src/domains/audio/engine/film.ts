import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import {
  type FilmSink,
  type FilmSpec,
  type Graph,
  jpegOf,
  openFilm,
  openFilmSink,
  openGraph,
  openPictureGraph,
  type PictureGraph,
} from './ffmpeg.ts'
import { AudioFailure } from './problem.ts'
import type { OnProgress } from './run.ts'

export type Film = {
  mp4: { path: string; type: string }
  webm: { path: string; type: string }
  /** A picture of it, as a JPEG; null when none could be taken. */
  poster: string | null
  width: number
  height: number
  durationMs: number
  hasSound: boolean
}

export type FilmLimits = { maxDurationMs: number; maxPixels: number }
export const defaultFilmLimits: FilmLimits = { maxDurationMs: 60 * 60_000, maxPixels: 4096 * 4096 }

type FilmOptions = {
  limits: FilmLimits
  threads: number
  onProgress?: OnProgress | undefined
  signal?: AbortSignal | undefined
}

const LONGEST = 1280
/** RFC 6381: what a browser reads before it fetches. */
const MP4_TYPE = 'video/mp4; codecs="avc1.640020, mp4a.40.2"'
const WEBM_TYPE = 'video/webm; codecs="vp9, opus"'

/**
 * Makes of a film, in one decoding pass, an MP4 (H.264, AAC, its index first so that it plays while it loads), a WebM (VP9, Opus) and a
 * picture of it. Upright, at most 1280 pixels a side. Files appear in `folder` only when both are complete.
 */
export async function makeFilm(path: string, folder: string, options: FilmOptions): Promise<Film> {
  const source = openFilm(path, options.threads)
  const targets = { mp4: join(folder, 'film.mp4'), webm: join(folder, 'film.webm') }
  const poster = join(folder, 'poster.jpg')
  let pictures: PictureGraph | null = null
  let sounds: Graph | null = null
  const sinks: FilmSink[] = []
  let hasPoster = false
  let lastMs = 0
  try {
    if (source.durationMs > options.limits.maxDurationMs)
      throw new AudioFailure('too-long', `declares ${Math.round(source.durationMs / 1000)} s`)
    const posterAt = Math.min(1, source.durationMs / 10_000)

    const pump = async () => {
      for (let frame = pictures?.pull(0); frame; frame = pictures?.pull(0))
        for (const sink of sinks) sink.picture(frame)
      for (let frame = pictures?.pull(1); frame; frame = pictures?.pull(1)) {
        await writeFile(poster, jpegOf(frame))
        hasPoster = true
      }
      sinks.forEach((sink, i) => {
        for (let frame = sounds?.pull(i); frame; frame = sounds?.pull(i)) sink.sound(frame)
      })
    }
    const begin = (width: number, height: number) => {
      for (const spec of specs(targets, { width, height, hasSound: source.hasSound, threads: options.threads }))
        sinks.push(openFilmSink({ ...spec, path: partial(spec.path) }))
    }

    let rested = performance.now()
    let told = rested
    for (let piece = source.next(); piece; piece = source.next()) {
      if (piece.kind === 'picture') {
        if (piece.facts.width * piece.facts.height > options.limits.maxPixels)
          throw new AudioFailure('unsupported', `${piece.facts.width}x${piece.facts.height}`)
        if (!pictures) {
          pictures = openPictureGraph(piece.facts, LONGEST, posterAt)
          begin(pictures.width, pictures.height)
        }
        lastMs = Number(piece.frame.pts) / 1e3
        pictures.push(piece.frame)
      } else {
        sounds ??= openGraph(piece.facts, SOUNDS, 1)
        sounds.push(piece.frame)
      }
      // Sound that comes before the first picture waits in its graph.
      if (sinks.length) await pump()
      if (performance.now() - rested > 50) {
        await setImmediate()
        options.signal?.throwIfAborted()
        if (lastMs > options.limits.maxDurationMs) throw new AudioFailure('too-long', 'decoded length')
        rested = performance.now()
        if (rested - told > 200 && source.durationMs) {
          told = rested
          options.onProgress?.(Math.min(0.99, lastMs / source.durationMs))
        }
      }
    }
    if (!pictures || !sinks.length) throw new AudioFailure('damaged', 'no picture could be decoded')
    const { packets, bad } = source.damage()
    if (bad > packets / 10) throw new AudioFailure('damaged', `${bad} of ${packets} packets`)
    pictures.push(null)
    sounds?.push(null)
    await pump()
    for (const sink of sinks) sink.finish()
    for (const target of Object.values(targets)) await rename(partial(target), target)
    options.onProgress?.(1)
    return {
      mp4: { path: targets.mp4, type: MP4_TYPE },
      webm: { path: targets.webm, type: WEBM_TYPE },
      poster: hasPoster ? poster : null,
      width: pictures.width,
      height: pictures.height,
      durationMs: source.durationMs || Math.round(lastMs),
      hasSound: source.hasSound,
    }
  } finally {
    for (const sink of sinks) sink.close()
    pictures?.close()
    sounds?.close()
    source.close()
    for (const target of Object.values(targets)) await rm(partial(target), { force: true })
  }
}

const partial = (path: string) => `${path}.${process.pid}.part`

/** For each file, in the order of {@link specs}: what its encoder takes, gaps filled so that sound and pictures stay together. */
const SOUNDS = [
  'aresample=48000:async=1000:first_pts=0,aformat=sample_fmts=fltp:channel_layouts=stereo,asetnsamples=n=1024:p=0',
  'aresample=48000:async=1000:first_pts=0,aformat=sample_fmts=flt:channel_layouts=stereo,asetnsamples=n=960:p=0',
]

type Shape = { width: number; height: number; hasSound: boolean; threads: number }

function specs(targets: { mp4: string; webm: string }, { hasSound, ...shape }: Shape): FilmSpec[] {
  return [
    {
      ...shape,
      path: targets.mp4,
      muxer: 'mp4',
      muxerOptions: { movflags: '+faststart' },
      picture: { encoder: 'libx264', options: { preset: 'veryfast', crf: '23', profile: 'high' }, bitRate: null },
      sound: hasSound ? { encoder: 'aac', sampleFormat: 'fltp', bitRate: 160_000n } : null,
    },
    {
      ...shape,
      path: targets.webm,
      muxer: 'webm',
      muxerOptions: {},
      picture: {
        encoder: 'libvpx-vp9',
        options: { deadline: 'good', 'cpu-used': '5', 'row-mt': '1', crf: '34' },
        bitRate: 0n,
      },
      sound: hasSound ? { encoder: 'libopus', sampleFormat: 'flt', bitRate: 96_000n } : null,
    },
  ]
}
