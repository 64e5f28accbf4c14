import {
  AV_NOPTS_VALUE,
  AV_PKT_DATA_DISPLAYMATRIX,
  AVERROR_EOF,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants'
import {
  avChannelLayoutDescribe,
  avGetCodecName,
  avGetPixFmtName,
  avGetSampleFmtName,
  Codec,
  CodecContext,
  Dictionary,
  FormatContext,
  Frame,
  Packet,
  type Stream,
} from 'node-av/lib'
import { AudioFailure } from '../problem.ts'
import { AVERROR_EAGAIN, type Block, type SampleFormat, type SourceFacts, strerror } from './common.ts'

/** Demuxers that may open a film that a stranger sent: MP4 and MOV, Matroska and WebM. */
const CONTAINERS = 'mov,matroska'

/** Decoders by codec, exactly named: nothing that is in the binary and is not free is ever chosen. */
const VIDEO: Record<string, string> = {
  h264: 'h264',
  hevc: 'hevc',
  vp8: 'vp8',
  vp9: 'vp9',
  av1: 'libdav1d',
  mpeg4: 'mpeg4',
  prores: 'prores',
}
const AUDIO: Record<string, string> = {
  aac: 'aac',
  mp3: 'mp3float',
  opus: 'opus',
  vorbis: 'vorbis',
  flac: 'flac',
  alac: 'alac',
  pcm_s16le: 'pcm_s16le',
  pcm_s16be: 'pcm_s16be',
  pcm_s24le: 'pcm_s24le',
  pcm_f32le: 'pcm_f32le',
}

/** A picture as it was decoded, and what a filter must know of it. */
export type PictureFacts = {
  width: number
  height: number
  pixelFormat: string
  aspect: string
  colourSpace: number
  colourRange: number
  /** Frames a second, about; 0 when it is not known. */
  rate: number
  /** Degrees clockwise by which it is to be turned: 0, 90, 180, 270. */
  turn: number
}

export type FilmSource = {
  durationMs: number
  hasSound: boolean
  /** Feeds each decoded piece to one of two, in the order of the file. Picture times are microseconds, sound times samples, from the film's beginning. */
  next():
    | { kind: 'picture'; frame: Block; facts: PictureFacts }
    | { kind: 'sound'; frame: Block; facts: SourceFacts }
    | null
  damage(): { packets: number; bad: number }
  close(): void
}

type Track = { stream: Stream; context: CodecContext }

/** Opens a film: one stream of pictures, and its first sound if it has any. Throws {@link AudioFailure}. */
export function openFilm(path: string, threads: number): FilmSource {
  const format = new FormatContext()
  const opened = format.openInputSync(
    `file:${path}`,
    null,
    Dictionary.fromObject({
      format_whitelist: CONTAINERS,
      protocol_whitelist: 'file',
      codec_whitelist: [...Object.values(VIDEO), ...Object.values(AUDIO)].join(','),
      max_streams: 32,
    }),
  )
  if (opened < 0) throw new AudioFailure('damaged', strerror(opened))
  try {
    return read(format, threads)
  } catch (error) {
    format.closeInputSync()
    throw error
  }
}

function read(format: FormatContext, threads: number): FilmSource {
  format.findStreamInfoSync(null)
  const picture = track(format, AVMEDIA_TYPE_VIDEO, VIDEO, threads)
  if (!picture) throw new AudioFailure('not-audio', 'no pictures that move')
  const sound = track(format, AVMEDIA_TYPE_AUDIO, AUDIO, 1)
  const begin = format.startTime === AV_NOPTS_VALUE ? 0 : Number(format.startTime) / 1e6
  const turn = turnOf(picture.stream)
  const rate = quotient(picture.stream.avgFrameRate)
  const packet = new Packet()
  packet.alloc()
  const frame = new Frame()
  frame.alloc()
  let packets = 0
  let bad = 0
  let drained = false
  const waiting: Track[] = []

  const seconds = (at: bigint, { stream }: Track) =>
    at === AV_NOPTS_VALUE ? 0 : Number(at) * quotient(stream.timeBase) - begin

  function receive(of: Track): ReturnType<FilmSource['next']> {
    const got = of.context.receiveFrameSync(frame)
    if (got === AVERROR_EAGAIN || got === AVERROR_EOF) return null
    if (got < 0) {
      bad++
      return null
    }
    const at = seconds(frame.bestEffortTimestamp, of)
    if (of === picture) {
      frame.pts = BigInt(Math.round(at * 1e6))
      const aspect = frame.sampleAspectRatio
      return {
        kind: 'picture',
        frame,
        facts: {
          width: frame.width,
          height: frame.height,
          pixelFormat: avGetPixFmtName(frame.format as never) ?? 'yuv420p',
          aspect: aspect.num > 0 && aspect.den > 0 ? `${aspect.num}/${aspect.den}` : '1/1',
          colourSpace: frame.colorSpace,
          colourRange: frame.colorRange,
          rate,
          turn,
        },
      }
    }
    frame.pts = BigInt(Math.round(at * frame.sampleRate))
    return {
      kind: 'sound',
      frame,
      facts: {
        container: 'film',
        codec: 'film',
        sampleRate: frame.sampleRate,
        channels: frame.channelLayout.nbChannels,
        layout: avChannelLayoutDescribe(frame.channelLayout) ?? 'stereo',
        sampleFormat: avGetSampleFmtName(frame.format as never) as SampleFormat,
        bits: 0,
        declaredSamples: null,
      },
    }
  }

  return {
    durationMs: Math.max(0, Math.round(Number(format.duration) / 1e3)),
    hasSound: sound !== null,
    next() {
      for (;;) {
        frame.unref()
        const [of] = waiting
        if (of) {
          const found = receive(of)
          if (found) return found
          waiting.shift()
          continue
        }
        if (drained) return null
        packet.unref()
        const got = format.readFrameSync(packet)
        if (got < 0) {
          drained = true
          for (const one of [picture, sound])
            if (one) {
              one.context.sendPacketSync(null)
              waiting.push(one)
            }
          continue
        }
        const to = [picture, sound].find((one) => one?.stream.index === packet.streamIndex)
        if (!to) continue
        packets++
        if (to.context.sendPacketSync(packet) < 0) bad++
        waiting.push(to)
      }
    },
    damage: () => ({ packets, bad }),
    close() {
      packet.free()
      frame.free()
      picture.context.freeContext()
      sound?.context.freeContext()
      format.closeInputSync()
    },
  }
}

function track(
  format: FormatContext,
  type: typeof AVMEDIA_TYPE_VIDEO | typeof AVMEDIA_TYPE_AUDIO,
  decoders: Record<string, string>,
  threads: number,
): Track | null {
  const index = format.findBestStream(type)
  const stream = index < 0 ? undefined : format.streams[index]
  if (!stream) return null
  const par = stream.codecpar
  const name = avGetCodecName(par.codecId) ?? 'unknown'
  const decoder = decoders[name] ? Codec.findDecoderByName(decoders[name] as never) : null
  if (!decoder) {
    if (type === AVMEDIA_TYPE_AUDIO) return null
    throw new AudioFailure('unsupported', `codec ${name}`)
  }
  const context = new CodecContext()
  context.allocContext3(decoder)
  context.parametersToContext(par)
  context.pktTimebase = stream.timeBase
  context.threadCount = threads
  const opened = context.open2Sync(decoder, null)
  if (opened < 0) throw new AudioFailure('damaged', `decoder: ${strerror(opened)}`)
  return { stream, context }
}

const quotient = ({ num, den }: { num: number; den: number }): number => (den > 0 ? num / den : 0)

/** What a telephone noted of how it was held: the first two numbers of a 3×3 matrix in 16.16. */
function turnOf(stream: Stream): number {
  const matrix = stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX)
  if (!matrix || matrix.length < 36) return 0
  const [a, b] = [matrix.readInt32LE(0), matrix.readInt32LE(4)]
  const degrees = Math.round((Math.atan2(b, a) * 180) / Math.PI / 90) * 90
  return (degrees + 360) % 360
}
