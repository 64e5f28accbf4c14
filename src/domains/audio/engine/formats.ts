import { sampleDepth } from './facts.ts'
import type { SampleFormat, SinkSpec, SourceFacts } from './ffmpeg.ts'

export const formats = ['mp3-320', 'mp3-v0', 'flac', 'wav', 'aiff', 'alac', 'aac', 'ogg', 'opus'] as const
/** What can be downloaded. */
export type Format = (typeof formats)[number]

/** File extension and media type of each format. */
export const formatFiles: Record<Format, { extension: string; type: string; lossless: boolean }> = {
  'mp3-320': { extension: 'mp3', type: 'audio/mpeg', lossless: false },
  'mp3-v0': { extension: 'mp3', type: 'audio/mpeg', lossless: false },
  flac: { extension: 'flac', type: 'audio/flac', lossless: true },
  wav: { extension: 'wav', type: 'audio/wav', lossless: true },
  aiff: { extension: 'aiff', type: 'audio/aiff', lossless: true },
  alac: { extension: 'm4a', type: 'audio/mp4', lossless: true },
  aac: { extension: 'm4a', type: 'audio/mp4', lossless: false },
  ogg: { extension: 'ogg', type: 'audio/ogg', lossless: false },
  opus: { extension: 'opus', type: 'audio/ogg', lossless: false },
}

/** A sink and the filter that feeds it. */
export interface Recipe {
  filter: string
  sink: SinkSpec
}

/**
 * How a master becomes a download.
 *
 * Lossless: same rate, same channels, same bits. FLAC and ALAC hold 16 or 24 bits: 8-bit masters become 16 (exact), 32-bit
 * and floating ones 24 (rounded, clipped at full scale), because few players read 32-bit FLAC. WAV and AIFF keep 32 bits and
 * floats. From a lossy master they are 16-bit.
 * Lossy: MP3 takes two channels and 32 to 48 kHz (lower rates cannot reach 320 kbit/s), AAC up to 48 kHz, Opus always 48 kHz;
 * Vorbis keeps the rate.
 */
export function recipe(format: Format, source: SourceFacts, path: string): Recipe {
  switch (format) {
    case 'flac':
      return lossless(source, { path, muxer: 'flac', encoder: 'flac', ...packed(source), layout: source.layout })
    case 'alac': {
      const layout = QUICKTIME_LAYOUTS[source.channels] ?? source.layout
      const { sampleFormat, bits } = packed(source)
      const planar: SampleFormat = sampleFormat === 's16' ? 's16p' : 's32p'
      return lossless(source, { path, ...M4A, encoder: 'alac', sampleFormat: planar, bits, layout })
    }
    case 'wav':
      return lossless(source, {
        path,
        muxer: 'wav',
        muxerOptions: { rf64: 'auto' },
        ...pcm(source, 'le'),
        layout: source.layout,
      })
    case 'aiff':
      return lossless(source, { path, muxer: 'aiff', ...pcm(source, 'be'), layout: source.layout })
    case 'mp3-320':
      return mp3(source, path, { encoderOptions: { b: '320k' } })
    case 'mp3-v0':
      return mp3(source, path, { quality: 0 })
    case 'aac':
      return aac(source, path, source.channels, source.channels === 1 ? 160 : 128 * source.channels)
    case 'ogg': {
      const layout = VORBIS_LAYOUTS[source.channels] ?? 'stereo'
      const rate = source.sampleRate >= 8000 && source.sampleRate <= 192_000 ? source.sampleRate : 48_000
      const spec = { path, muxer: 'ogg', encoder: 'libvorbis', quality: 6, sampleFormat: 'fltp' as const }
      return lossy(source, { ...spec, sampleRate: rate, layout, channels: source.channels })
    }
    case 'opus':
      return opus(source, path, source.channels, source.channels === 1 ? 96 : 80 * source.channels, { muxer: 'opus' })
  }
}

/** AAC in MP4, `moov` first: what Safari starts at once. Two channels at most when `channels` says so. */
export function aac(source: SourceFacts, path: string, channels: number, kbits: number): Recipe {
  const spec = { path, ...M4A, encoder: 'aac', encoderOptions: { b: `${kbits}k` }, sampleFormat: 'fltp' as const }
  const layout = AAC_LAYOUTS[channels] ?? 'stereo'
  return lossy(source, { ...spec, sampleRate: commonRate(source.sampleRate), layout, channels })
}

export function opus(
  source: SourceFacts,
  path: string,
  channels: number,
  kbits: number,
  container: Pick<SinkSpec, 'muxer' | 'muxerOptions'>,
): Recipe {
  const spec = {
    path,
    ...container,
    encoder: 'libopus',
    encoderOptions: { b: `${kbits}k` },
    sampleFormat: 'flt' as const,
  }
  return lossy(source, { ...spec, sampleRate: 48_000, layout: VORBIS_LAYOUTS[channels] ?? 'stereo', channels })
}

function mp3(source: SourceFacts, path: string, rate: Pick<SinkSpec, 'quality' | 'encoderOptions'>): Recipe {
  const channels = Math.min(2, source.channels)
  const layout = channels === 1 ? 'mono' : 'stereo'
  const { float, bits } = sampleDepth(source)
  const sampleFormat: SampleFormat = float ? 'fltp' : bits > 16 ? 's32p' : 's16p'
  const spec = {
    path,
    muxer: 'mp3',
    muxerOptions: { id3v2_version: '0' },
    encoder: 'libmp3lame',
    ...rate,
    sampleFormat,
  }
  return lossy(source, { ...spec, sampleRate: commonRate(source.sampleRate), layout, channels })
}

const M4A = { muxer: 'ipod', muxerOptions: { movflags: '+faststart' } }

/** The nearest rate that every player takes, preferring a whole ratio: 88.2 and 22.05 kHz become 44.1, 96 becomes 48. */
function commonRate(rate: number): number {
  if (rate === 44_100 || rate === 48_000 || rate === 32_000) return rate
  return rate % 11_025 === 0 ? 44_100 : 48_000
}

/** Channel orders that each family knows, by count. */
const VORBIS_LAYOUTS: Record<number, string> = {
  1: 'mono',
  2: 'stereo',
  3: '3.0',
  4: 'quad',
  5: '5.0',
  6: '5.1',
  7: '6.1',
  8: '7.1',
}
const AAC_LAYOUTS: Record<number, string> = {
  1: 'mono',
  2: 'stereo',
  3: '3.0',
  4: '4.0',
  5: '5.0',
  6: '5.1',
  7: '6.1(back)',
  8: '7.1',
}
const QUICKTIME_LAYOUTS: Record<number, string> = { ...AAC_LAYOUTS, 8: '7.1(wide)' }

const isFromLossy = (source: SourceFacts) => source.bits === 0 && /flt|dbl/.test(source.sampleFormat)

function packed(source: SourceFacts): { sampleFormat: SampleFormat; bits: number } {
  const { bits } = sampleDepth(source)
  if (bits <= 16 || isFromLossy(source)) return { sampleFormat: 's16', bits: 16 }
  return { sampleFormat: 's32', bits: 24 }
}

function pcm(source: SourceFacts, order: 'le' | 'be'): Pick<SinkSpec, 'encoder' | 'sampleFormat' | 'bits'> {
  const { bits, float } = sampleDepth(source)
  if (bits <= 16 || isFromLossy(source)) return { encoder: `pcm_s16${order}`, sampleFormat: 's16', bits: 16 }
  if (float && bits === 64) return { encoder: `pcm_f64${order}`, sampleFormat: 'dbl', bits }
  if (float) return { encoder: `pcm_f32${order}`, sampleFormat: 'flt', bits }
  return { encoder: `pcm_s${bits}${order}`, sampleFormat: 's32', bits }
}

/** Same rate and channels. A layout that the encoder does not know is renamed, never mixed: samples stay exact. */
function lossless(source: SourceFacts, spec: Omit<SinkSpec, 'sampleRate' | 'channels'>): Recipe {
  const { sampleRate, channels } = source
  const order = Array.from({ length: channels }, (_, i) => i).join('|')
  const rename = spec.layout === source.layout ? '' : `channelmap=map=${order}:channel_layout=${spec.layout},`
  return { filter: `${rename}aformat=sample_fmts=${spec.sampleFormat}`, sink: { ...spec, sampleRate, channels } }
}

/** Resampled and mixed as needed; mixing down never clips (rematrix_maxval). */
function lossy(source: SourceFacts, sink: SinkSpec): Recipe {
  const same = sink.sampleRate === source.sampleRate && sink.layout === source.layout
  const form = `sample_fmts=${sink.sampleFormat}:sample_rates=${sink.sampleRate}:channel_layouts=${sink.layout}`
  if (same) return { filter: `aformat=${form}`, sink }
  return { filter: `aresample=${sink.sampleRate}:filter_size=64:cutoff=0.97:rematrix_maxval=1,aformat=${form}`, sink }
}
