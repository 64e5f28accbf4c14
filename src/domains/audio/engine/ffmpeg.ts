/**
 * FFmpeg, through node-av's low-level synchronous calls. The only file that knows it: another engine replaces this one.
 * Its high-level encoder loses the last samples of FLAC, ALAC and Vorbis, hence CodecContext and asetnsamples here.
 */
import {
  AV_CHANNEL_ORDER_NATIVE,
  AV_CODEC_FLAG_BITEXACT,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_CODEC_FLAG_QSCALE,
  AV_LOG_QUIET,
  AV_OPT_SEARCH_CHILDREN,
  AV_OPT_TYPE_DOUBLE,
  AV_OPT_TYPE_STRING,
  AVERROR_EOF,
  AVFMT_GLOBALHEADER,
  AVIO_FLAG_WRITE,
  AVMEDIA_TYPE_AUDIO,
} from 'node-av/constants'
import {
  avChannelLayoutDefault,
  avChannelLayoutDescribe,
  avGetCodecName,
  avGetSampleFmtFromName,
  avGetSampleFmtName,
  Codec,
  CodecContext,
  Dictionary,
  FFmpegError,
  FilterGraph,
  FormatContext,
  Frame,
  InputFormat,
  IOContext,
  Log,
  Packet,
  PosixError,
  Rational,
} from 'node-av/lib'
import { AudioFailure } from './problem.ts'

Log.setLevel(AV_LOG_QUIET)

const AVERROR_EAGAIN = FFmpegError.AVERROR(PosixError.EAGAIN)
const AVERROR_ENOMEM = FFmpegError.AVERROR(PosixError.ENOMEM)

/** Demuxers that may open a file that a stranger sent. No playlists, no network, no exotic parsers. */
const CONTAINERS = 'wav,w64,aiff,flac,mp3,mov,aac,ogg,caf'

/** Decoders by codec. The names are exact so that libfdk_aac, which is in the binary and is not free, is never chosen. */
const DECODERS: Record<string, string> = {
  flac: 'flac',
  alac: 'alac',
  mp3: 'mp3float',
  aac: 'aac',
  vorbis: 'vorbis',
  opus: 'opus',
  pcm_u8: 'pcm_u8',
  pcm_s8: 'pcm_s8',
  pcm_s16le: 'pcm_s16le',
  pcm_s16be: 'pcm_s16be',
  pcm_s24le: 'pcm_s24le',
  pcm_s24be: 'pcm_s24be',
  pcm_s32le: 'pcm_s32le',
  pcm_s32be: 'pcm_s32be',
  pcm_f32le: 'pcm_f32le',
  pcm_f32be: 'pcm_f32be',
  pcm_f64le: 'pcm_f64le',
  pcm_f64be: 'pcm_f64be',
  pcm_alaw: 'pcm_alaw',
  pcm_mulaw: 'pcm_mulaw',
}

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

export interface Source {
  facts: SourceFacts
  /** The next decoded block, its pts counted in samples from 0; null at the end. Valid until the next call. */
  next(): Block | null
  /** Packets that the decoder refused so far, and whether anything decoded after the last of them. */
  damage(): { packets: number; badPackets: number; recovered: boolean }
  close(): void
}

const strerror = (ret: number) => FFmpegError.strerror(ret)

/** One by one: a dictionary given to node-av 6.1's open2Sync is freed twice, and the process dies when it is collected. */
function setOptions(context: CodecContext, options: Record<string, string>): void {
  for (const [name, value] of Object.entries(options))
    if (context.setOption(name, value, AV_OPT_TYPE_STRING, AV_OPT_SEARCH_CHILDREN) < 0)
      throw new Error(`no option ${name}`)
}

/** What the first bytes look like to FFmpeg, without opening anything else: a demuxer's name, or null. */
export function sniff(head: Buffer): string | null {
  return InputFormat.probe(head)?.name ?? null
}

/**
 * Opens a local file among {@link CONTAINERS} and decodes up to its first block. Throws {@link AudioFailure}, with the code
 * `unreadable` when nothing can be made of the bytes.
 */
export function openSource(path: string, threads: number, unreadable: 'damaged' | 'not-audio'): Source {
  const format = new FormatContext()
  const opened = format.openInputSync(
    `file:${path}`,
    null,
    Dictionary.fromObject({
      format_whitelist: CONTAINERS,
      protocol_whitelist: 'file',
      codec_whitelist: Object.values(DECODERS).join(','),
      max_streams: 32,
    }),
  )
  if (opened < 0) throw new AudioFailure(unreadable, strerror(opened))
  try {
    return readFirst(format, threads, unreadable)
  } catch (error) {
    format.closeInputSync()
    throw error
  }
}

function readFirst(format: FormatContext, threads: number, unreadable: 'damaged' | 'not-audio'): Source {
  // Covers and films are streams too: their decoders are not on the list, and their failing here is of no interest.
  format.findStreamInfoSync(null)
  const index = format.findBestStream(AVMEDIA_TYPE_AUDIO)
  const stream = index < 0 ? undefined : format.streams[index]
  if (!stream) throw new AudioFailure('not-audio', 'no audio stream')
  const par = stream.codecpar
  const tag = par.codecTagString?.toLowerCase() ?? ''
  if (/drms|enca|aavd/.test(tag)) throw new AudioFailure('protected', `sample entry ${tag}`)
  const codecName = avGetCodecName(par.codecId) ?? 'unknown'
  const decoderName = DECODERS[codecName]
  const decoder = decoderName ? Codec.findDecoderByName(decoderName as never) : null
  if (!decoder) throw new AudioFailure('unsupported', `codec ${codecName}`)

  const context = new CodecContext()
  context.allocContext3(decoder)
  context.parametersToContext(par)
  context.pktTimebase = stream.timeBase
  context.threadCount = threads
  if (codecName === 'flac') setOptions(context, { err_detect: 'crccheck+explode' })
  const ret = context.open2Sync(decoder, null)
  if (ret < 0) throw new AudioFailure('damaged', `decoder: ${strerror(ret)}`)

  const packet = new Packet()
  packet.alloc()
  const frame = new Frame()
  frame.alloc()
  let packets = 0
  let badPackets = 0
  let recovered = true
  let position = 0n
  let drained = false

  const refuse = (code: number) => {
    if (code === AVERROR_ENOMEM) throw new AudioFailure('too-much-memory', strerror(code))
    badPackets++
    recovered = false
  }
  const decode = (): Frame | null => {
    for (;;) {
      const got = context.receiveFrameSync(frame)
      if (got >= 0) {
        recovered = true
        if (frame.nbSamples > 0) return frame
        continue
      }
      if (got === AVERROR_EOF) return null
      if (got !== AVERROR_EAGAIN) {
        refuse(got)
        continue
      }
      if (drained) return null
      const read = format.readFrameSync(packet)
      if (read < 0) {
        if (read !== AVERROR_EOF) refuse(read)
        drained = true
        context.sendPacketSync(null)
        continue
      }
      if (packet.streamIndex === index) {
        packets++
        const sent = context.sendPacketSync(packet)
        if (sent < 0 && sent !== AVERROR_EAGAIN && sent !== AVERROR_EOF) refuse(sent)
      }
      packet.unref()
    }
  }

  const first = decode()
  if (!first)
    throw badPackets > 0 ? new AudioFailure(unreadable, 'nothing decodes') : new AudioFailure('empty', 'no samples')
  const { sampleRate, format: sampleFormat } = first
  const layout =
    first.channelLayout.order === AV_CHANNEL_ORDER_NATIVE ? first.channelLayout : avChannelLayoutDefault(first.channels)
  const channels = layout.nbChannels
  let held: Frame | null = first

  const seconds = Number(stream.duration) * (stream.timeBase.num / stream.timeBase.den)
  const facts: SourceFacts = {
    container: format.iformat?.name ?? 'unknown',
    codec: codecName,
    sampleRate,
    channels,
    layout: avChannelLayoutDescribe(layout) ?? `${channels} channels`,
    sampleFormat: (avGetSampleFmtName(sampleFormat as never) ?? 'flt') as SampleFormat,
    bits: par.bitsPerRawSample || (codecName.startsWith('pcm_') ? par.bitsPerCodedSample : 0),
    declaredSamples: stream.duration > 0n ? Math.round(seconds * sampleRate) : null,
  }

  return {
    facts,
    next() {
      const block = held ?? decode()
      held = null
      if (!block) return null
      if (block.sampleRate !== sampleRate || block.channels !== channels || block.format !== sampleFormat)
        throw new AudioFailure('unsupported', 'rate, channels or format change midway')
      block.channelLayout = layout
      block.timeBase = new Rational(1, sampleRate)
      block.pts = position
      position += BigInt(block.nbSamples)
      return block
    },
    damage: () => ({ packets, badPackets, recovered }),
    close() {
      frame.free()
      packet.free()
      context.freeContext()
      format.closeInputSync()
    },
  }
}

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

function writing(ret: number, what: string): number {
  if (ret < 0) throw new AudioFailure('unwritable', `${what}: ${strerror(ret)}`)
  return ret
}

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
  const io = new IOContext()
  writing(io.open2Sync(`file:${spec.path}`, AVIO_FLAG_WRITE), 'open')
  format.pb = io
  const options = Dictionary.fromObject({ fflags: '+bitexact', ...spec.muxerOptions })
  let open = true
  const packet = new Packet()
  packet.alloc()
  const sink: Sink = {
    frameSize: context.frameSize,
    write(block) {
      const sent = context.sendFrameSync(block)
      if (sent !== AVERROR_EOF) writing(sent, 'encode')
      for (;;) {
        const got = context.receivePacketSync(packet)
        if (got === AVERROR_EAGAIN || got === AVERROR_EOF) return
        writing(got, 'encode')
        packet.streamIndex = 0
        packet.rescaleTs(context.timeBase, stream.timeBase)
        writing(format.writeFrameSync(packet), 'write')
        packet.unref()
      }
    },
    finish() {
      sink.write(null)
      writing(format.writeTrailerSync(), 'trailer')
      io.flushSync()
      writing(io.error, 'write')
      open = false
      format.pb = null
      writing(io.closepSync(), 'close')
    },
    close() {
      format.pb = null
      if (open) io.closepSync()
      open = false
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

/** A filter graph with one input, fed with a source's blocks, and one output per description. */
export interface Graph {
  push(block: Block | null): void
  /** The next block of an output, or null when it wants more input. Valid until the next call. */
  pull(output: number): Block | null
  /** A number that a filter exports, by the filter's `name@label`. */
  read(filter: string, option: string): number
  close(): void
}

export function openGraph(from: SourceFacts, descriptions: string[], threads: number): Graph {
  const graph = new FilterGraph()
  graph.alloc()
  graph.nbThreads = threads
  const input = `abuffer@in=time_base=1/${from.sampleRate}:sample_rate=${from.sampleRate}:sample_fmt=${from.sampleFormat}:channel_layout=${from.layout}`
  const labels = descriptions.map((_, i) => `[b${i}]`).join('')
  const branches = descriptions.map((text, i) => `[b${i}]${text},abuffersink@out${i}`).join(';')
  const text = `${input},asplit=${descriptions.length}${labels};${branches}`
  const parsed = graph.parsePtr(text, null, null)
  const ret = parsed < 0 ? parsed : graph.configSync()
  if (ret < 0) throw new Error(`filter graph "${text}": ${strerror(ret)}`)
  const find = (name: string) => {
    const filter = graph.getFilter(name)
    if (!filter) throw new Error(`no filter ${name}`)
    return filter
  }
  const source = find('abuffer@in')
  const outputs = descriptions.map((_, i) => find(`abuffersink@out${i}`))
  const frame = new Frame()
  frame.alloc()
  return {
    push(block) {
      const added = source.buffersrcAddFrameSync(block)
      if (added < 0 && added !== AVERROR_EOF) throw new Error(`filter graph: ${strerror(added)}`)
    },
    pull(output) {
      frame.unref()
      const got = outputs[output]?.buffersinkGetFrameSync(frame) ?? AVERROR_EOF
      if (got >= 0) return frame
      if (got === AVERROR_EAGAIN || got === AVERROR_EOF) return null
      throw new Error(`filter graph: ${strerror(got)}`)
    },
    read: (filter, option) => find(filter).getOption(option, AV_OPT_TYPE_DOUBLE, AV_OPT_SEARCH_CHILDREN) ?? Number.NaN,
    close() {
      frame.free()
      graph.free()
    },
  }
}

/** The planes of a planar float block, one per channel, without copying. */
export function planes(block: Block): Float32Array[] {
  const count = block.nbSamples
  return (block.data ?? []).map((plane) => new Float32Array(plane.buffer, plane.byteOffset, count))
}
