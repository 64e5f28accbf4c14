import type { SampleFormat, SourceFacts } from './ffmpeg.ts'

/** What is known of a master once it has been read. */
export interface MasterFacts {
  /** `wav`, `w64`, `aiff`, `flac`, `mp3`, `mp4`, `adts`, `ogg` or `caf`. */
  container: string
  /** `pcm`, `flac`, `alac`, `mp3`, `aac`, `vorbis` or `opus` (`pcm_alaw` and `pcm_mulaw` keep their name: they are lossy). */
  codec: string
  sampleRate: number
  channels: number
  /** FFmpeg's name: `mono`, `stereo`, `5.1`, ... */
  channelLayout: string
  /** 8, 16, 24 or 32, 64 for double floats; null when the codec has no such thing (lossy). */
  bitDepth: number | null
  /** The samples are floating point, so they may go beyond full scale. */
  float: boolean
  lossless: boolean
  /** Samples per channel: decoded when the whole file was read, else as declared (null: not declared). */
  samples: number | null
  durationMs: number | null
}

/** What a stranger's file may cost. */
export interface Limits {
  /** Longest sound accepted, declared or decoded. */
  maxDurationMs: number
  maxChannels: number
  minSampleRate: number
  maxSampleRate: number
}

export const defaultLimits: Limits = {
  maxDurationMs: 12 * 3600 * 1000,
  maxChannels: 8,
  minSampleRate: 4000,
  maxSampleRate: 768_000,
}

const CONTAINERS: Record<string, string> = { aac: 'adts' }

export function describeMaster(source: SourceFacts, samples: number | null): MasterFacts {
  const lossless = isLossless(source.codec)
  const container = source.container.startsWith('mov') ? 'mp4' : source.container
  return {
    container: CONTAINERS[container] ?? container,
    codec: lossless && source.codec.startsWith('pcm_') ? 'pcm' : source.codec,
    sampleRate: source.sampleRate,
    channels: source.channels,
    channelLayout: source.layout,
    bitDepth: lossless ? sampleDepth(source).bits : null,
    float: lossless && sampleDepth(source).float,
    lossless,
    samples,
    durationMs: samples === null ? null : Math.round((samples * 1000) / source.sampleRate),
  }
}

export const isLossless = (codec: string) =>
  codec === 'flac' || codec === 'alac' || (codec.startsWith('pcm_') && codec !== 'pcm_alaw' && codec !== 'pcm_mulaw')

/** Width of the samples that a lossless copy must keep: 8, 16, 24 or 32 bits, or floats of 32 or 64. */
export function sampleDepth(source: SourceFacts): { bits: number; float: boolean } {
  const packed = source.sampleFormat.replace(/p$/, '') as SampleFormat
  if (packed === 'dbl') return { bits: 64, float: true }
  if (packed === 'flt') return { bits: 32, float: true }
  if (packed === 'u8') return { bits: 8, float: false }
  if (packed === 's16') return { bits: 16, float: false }
  return { bits: source.bits > 16 && source.bits <= 24 ? 24 : 32, float: false }
}
