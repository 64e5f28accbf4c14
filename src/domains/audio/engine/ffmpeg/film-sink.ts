import {
  AV_CHANNEL_ORDER_NATIVE,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_PICTURE_TYPE_NONE,
  AVERROR_EOF,
  AVFMT_GLOBALHEADER,
} from 'node-av/constants'
import {
  avGetPixFmtFromName,
  avGetSampleFmtFromName,
  Codec,
  CodecContext,
  Dictionary,
  FilterGraph,
  FormatContext,
  Frame,
  Packet,
  Rational,
  type Stream,
} from 'node-av/lib'
import { AudioFailure } from '../problem.ts'
import { AVERROR_EAGAIN, type Block, setOptions, strerror } from './common.ts'
import type { PictureFacts } from './film-source.ts'
import { encode, openOutput, writing } from './output.ts'

/** Picture times of every film that is written: fine enough for any rate. */
export const PICTURE_CLOCK = 90_000
export const SOUND_RATE = 48_000

export type FilmSpec = {
  path: string
  muxer: 'mp4' | 'webm'
  muxerOptions: Record<string, string>
  picture: { encoder: string; options: Record<string, string>; bitRate: bigint | null }
  sound: { encoder: string; sampleFormat: string; bitRate: bigint } | null
  width: number
  height: number
  threads: number
}

export type FilmSink = {
  picture(frame: Block | null): void
  sound(frame: Block | null): void
  finish(): void
  close(): void
}

type Writer = { context: CodecContext; stream: Stream }

/** Opens a file of pictures and sound, each packet in its turn. */
export function openFilmSink(spec: FilmSpec): FilmSink {
  const format = new FormatContext()
  writing(format.allocOutputContext2(null, spec.muxer, `file:${spec.path}`), 'container')
  const global = format.oformat?.hasFlags(AVFMT_GLOBALHEADER) ?? false

  function add(name: string, options: Record<string, string>, prepare: (context: CodecContext) => void): Writer {
    const encoder = Codec.findEncoderByName(name as never)
    if (!encoder) throw new Error(`this build has no encoder ${name}`)
    const context = new CodecContext()
    context.allocContext3(encoder)
    prepare(context)
    if (global) context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER)
    setOptions(context, options)
    writing(context.open2Sync(encoder, null), name)
    const stream = format.newStream(null)
    writing(stream.codecpar.fromContext(context), 'parameters')
    stream.timeBase = context.timeBase
    return { context, stream }
  }

  const picture = add(spec.picture.encoder, { threads: String(spec.threads), ...spec.picture.options }, (context) => {
    context.width = spec.width
    context.height = spec.height
    context.pixelFormat = avGetPixFmtFromName('yuv420p')
    context.timeBase = new Rational(1, PICTURE_CLOCK)
    context.sampleAspectRatio = new Rational(1, 1)
    if (spec.picture.bitRate !== null) context.bitRate = spec.picture.bitRate
  })
  const sound =
    spec.sound &&
    add(spec.sound.encoder, { threads: '1' }, (context) => {
      context.sampleRate = SOUND_RATE
      context.sampleFormat = avGetSampleFmtFromName(spec.sound?.sampleFormat as never)
      context.channelLayout = { nbChannels: 2, order: AV_CHANNEL_ORDER_NATIVE, mask: 0x3n }
      context.timeBase = new Rational(1, SOUND_RATE)
      context.bitRate = spec.sound?.bitRate ?? 0n
    })

  const output = openOutput(format, spec.path)
  const packet = new Packet()
  packet.alloc()
  writing(format.writeHeaderSync(Dictionary.fromObject({ fflags: '+bitexact', ...spec.muxerOptions })), 'header')

  const put = ({ context, stream }: Writer, frame: Block | null) =>
    encode(context, frame, packet, () => {
      packet.streamIndex = stream.index
      packet.rescaleTs(context.timeBase, stream.timeBase)
      writing(format.interleavedWriteFrameSync(packet), 'write')
    })

  return {
    picture: (frame) => put(picture, frame),
    sound: (frame) => {
      if (sound) put(sound, frame)
    },
    finish() {
      put(picture, null)
      if (sound) put(sound, null)
      output.finish()
    },
    close() {
      output.close()
      packet.free()
      picture.context.freeContext()
      sound?.context.freeContext()
      format.freeContext()
    },
  }
}

export type PictureGraph = {
  width: number
  height: number
  push(frame: Block | null): void
  /** The next picture for the film (0) or for its poster (1), or null when it wants more. Valid until the next call. */
  pull(output: 0 | 1): Block | null
  close(): void
}

const TURNS: Record<number, string> = { 90: 'transpose=clock,', 180: 'hflip,vflip,', 270: 'transpose=cclock,' }

/**
 * Turns pictures upright, square in their pixels, at most `longest` pixels wide or high and 31 a second; and lets one through, of the moment
 * `posterAt` (seconds), in full range.
 */
export function openPictureGraph(from: PictureFacts, longest: number, posterAt: number): PictureGraph {
  const graph = new FilterGraph()
  graph.alloc()
  graph.nbThreads = 1
  const input =
    `buffer@in=video_size=${from.width}x${from.height}:pix_fmt=${from.pixelFormat}:time_base=1/1000000:pixel_aspect=${from.aspect}` +
    `:colorspace=${from.colourSpace}:range=${from.colourRange}`
  const wide = 'iw*if(gt(sar,0),sar,1)'
  const by = `min(1,${longest}/max(${wide},ih))`
  const size = `scale=w='max(2,trunc(${wide}*${by}/2)*2)':h='max(2,trunc(ih*${by}/2)*2)'`
  const rate = from.rate > 31 ? 'fps=30,' : ''
  const film = `[a]settb=1/${PICTURE_CLOCK},format=yuv420p,buffersink@out0`
  const poster = `[b]select='isnan(prev_selected_t)*gte(t,${posterAt})',scale=out_range=full,format=yuvj420p,buffersink@out1`
  const text = `${input},${TURNS[from.turn] ?? ''}${rate}${size},setsar=1,split=2[a][b];${film};${poster}`
  const parsed = graph.parsePtr(text, null, null)
  const ret = parsed < 0 ? parsed : graph.configSync()
  if (ret < 0) throw new Error(`filter graph "${text}": ${strerror(ret)}`)
  const find = (name: string) => {
    const filter = graph.getFilter(name)
    if (!filter) throw new Error(`no filter ${name}`)
    return filter
  }
  const source = find('buffer@in')
  const outputs = [find('buffersink@out0'), find('buffersink@out1')] as const
  const frame = new Frame()
  frame.alloc()
  return {
    width: outputs[0].buffersinkGetWidth(),
    height: outputs[0].buffersinkGetHeight(),
    push(block) {
      const added = source.buffersrcAddFrameSync(block)
      if (added < 0 && added !== AVERROR_EOF) throw new AudioFailure('damaged', `picture: ${strerror(added)}`)
    },
    pull(output) {
      frame.unref()
      const got = outputs[output].buffersinkGetFrameSync(frame)
      if (got >= 0) {
        // The encoder decides where its key frames are.
        frame.pictType = AV_PICTURE_TYPE_NONE
        return frame
      }
      if (got === AVERROR_EAGAIN || got === AVERROR_EOF) return null
      throw new Error(`filter graph: ${strerror(got)}`)
    },
    close() {
      frame.free()
      graph.free()
    },
  }
}

/** One picture as a JPEG. */
export function jpegOf(frame: Block): Buffer {
  const encoder = Codec.findEncoderByName('mjpeg' as never)
  if (!encoder) throw new Error('this build has no encoder mjpeg')
  const context = new CodecContext()
  context.allocContext3(encoder)
  context.width = frame.width
  context.height = frame.height
  context.pixelFormat = avGetPixFmtFromName('yuvj420p')
  context.timeBase = new Rational(1, 25)
  const packet = new Packet()
  packet.alloc()
  try {
    setOptions(context, { qmin: '2', qmax: '4' })
    writing(context.open2Sync(encoder, null), 'poster')
    writing(context.sendFrameSync(frame), 'poster')
    writing(context.receivePacketSync(packet), 'poster')
    return Buffer.from(packet.data ?? Buffer.alloc(0))
  } finally {
    packet.free()
    context.freeContext()
  }
}
