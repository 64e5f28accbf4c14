import {
  AV_CHANNEL_ORDER_NATIVE,
  AV_CODEC_FLAG_BITEXACT,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_CODEC_FLAG_QSCALE,
  AVFMT_GLOBALHEADER,
} from 'node-av/constants'
import {
  avChannelLayoutDefault,
  avGetSampleFmtFromName,
  Codec,
  CodecContext,
  Dictionary,
  FormatContext,
  Packet,
  Rational,
} from 'node-av/lib'
import { type Block, type SampleFormat, setOptions } from './common.ts'
import { encode, openOutput, writing } from './output.ts'

/** A file to be written: which encoder, in which container, from which samples. */
export interface SinkSpec {
  path: string
  muxer: string
  muxerOptions?: Record<string, string>
  encoder: string
  encoderOptions?: Record<string, string>
  /** Variable quality in the codec's own scale (LAME 0..9, Vorbis 0..10); leaves the bit rate to the encoder. */
  quality?: number
  sampleFormat: SampleFormat
  sampleRate: number
  layout: string
  channels: number
  bits?: number
}

export interface Sink {
  /** Samples per block that the encoder wants; 0 when any will do. */
  frameSize: number
  write(block: Block | null): void
  /** Ends the file; throws when a byte could not be written. */
  finish(): void
  /** Gives everything back, whether finished or not. The file is left as it is. */
  close(): void
}

const FF_QP2LAMBDA = 118

/** Opens an encoder and its file. `layoutOf` turns FFmpeg's layout names into what encoders take. */
export function openSink(spec: SinkSpec): Sink {
  const encoder = Codec.findEncoderByName(spec.encoder as never)
  if (!encoder) throw new Error(`this build has no encoder ${spec.encoder}`)
  const format = new FormatContext()
  writing(format.allocOutputContext2(null, spec.muxer, `file:${spec.path}`), 'container')
  const context = new CodecContext()
  context.allocContext3(encoder)
  context.sampleRate = spec.sampleRate
  context.sampleFormat = avGetSampleFmtFromName(spec.sampleFormat)
  context.channelLayout = layoutOf(spec.layout, spec.channels)
  context.timeBase = new Rational(1, spec.sampleRate)
  if (spec.bits) context.bitsPerRawSample = spec.bits
  context.setFlags(AV_CODEC_FLAG_BITEXACT)
  if (spec.quality !== undefined) {
    context.setFlags(AV_CODEC_FLAG_QSCALE)
    context.globalQuality = spec.quality * FF_QP2LAMBDA
  }
  if (format.oformat?.hasFlags(AVFMT_GLOBALHEADER)) context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER)
  setOptions(context, { threads: '1', ...spec.encoderOptions })
  writing(context.open2Sync(encoder, null), spec.encoder)

  const stream = format.newStream(null)
  writing(stream.codecpar.fromContext(context), 'parameters')
  stream.timeBase = new Rational(1, spec.sampleRate)
  const output = openOutput(format, spec.path)
  const options = Dictionary.fromObject({ fflags: '+bitexact', ...spec.muxerOptions })
  const packet = new Packet()
  packet.alloc()
  const sink: Sink = {
    frameSize: context.frameSize,
    write: (block) =>
      encode(context, block, packet, () => {
        packet.streamIndex = 0
        packet.rescaleTs(context.timeBase, stream.timeBase)
        writing(format.writeFrameSync(packet), 'write')
      }),
    finish() {
      sink.write(null)
      output.finish()
    },
    close() {
      output.close()
      packet.free()
      context.freeContext()
      format.freeContext()
    },
  }
  try {
    writing(format.writeHeaderSync(options), 'header')
  } catch (error) {
    sink.close()
    throw error
  }
  return sink
}

function layoutOf(name: string, channels: number) {
  const mask = LAYOUT_MASKS[name]
  return mask === undefined
    ? avChannelLayoutDefault(channels)
    : { nbChannels: channels, order: AV_CHANNEL_ORDER_NATIVE, mask }
}

/** WAVE_FORMAT_EXTENSIBLE speaker masks of the layouts that encoders are asked for. */
const LAYOUT_MASKS: Record<string, bigint> = {
  mono: 0x4n,
  stereo: 0x3n,
  '2.1': 0xbn,
  '3.0': 0x7n,
  '4.0': 0x107n,
  quad: 0x33n,
  '5.0': 0x37n,
  '5.0(side)': 0x607n,
  '5.1': 0x3fn,
  '5.1(side)': 0x60fn,
  '6.1': 0x70fn,
  '6.1(back)': 0x13fn,
  '7.1': 0x63fn,
  '7.1(wide)': 0xffn,
}
