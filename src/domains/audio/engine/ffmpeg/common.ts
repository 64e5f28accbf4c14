import { AV_LOG_QUIET, AV_OPT_SEARCH_CHILDREN, AV_OPT_TYPE_STRING } from 'node-av/constants'
import { type CodecContext, FFmpegError, type Frame, Log, PosixError } from 'node-av/lib'

Log.setLevel(AV_LOG_QUIET)

export const AVERROR_EAGAIN = FFmpegError.AVERROR(PosixError.EAGAIN)
export const AVERROR_ENOMEM = FFmpegError.AVERROR(PosixError.ENOMEM)

export const strerror = (ret: number) => FFmpegError.strerror(ret)

/** Sample formats in FFmpeg's words; `p` is planar. */
export type SampleFormat = 'u8' | 's16' | 's32' | 'flt' | 'dbl' | 'u8p' | 's16p' | 's32p' | 'fltp' | 'dblp'

/** One block of decoded sound. Opaque but for its length and, for fltp, its planes. */
export type Block = Frame

export interface SourceFacts {
  container: string
  codec: string
  sampleRate: number
  channels: number
  /** FFmpeg's name: `mono`, `stereo`, `5.1`, ... */
  layout: string
  sampleFormat: SampleFormat
  /** Significant bits of a sample; 0 when the codec has none (lossy). */
  bits: number
  /** Length that the file declares, in samples per channel; null when it declares none. */
  declaredSamples: number | null
}

/** One by one: a dictionary given to node-av 6.1's open2Sync is freed twice, and the process dies when it is collected. */
export function setOptions(context: CodecContext, options: Record<string, string>): void {
  for (const [name, value] of Object.entries(options))
    if (context.setOption(name, value, AV_OPT_TYPE_STRING, AV_OPT_SEARCH_CHILDREN) < 0)
      throw new Error(`no option ${name}`)
}
