import { AV_CHANNEL_ORDER_NATIVE, AVERROR_EOF, AVMEDIA_TYPE_AUDIO } from 'node-av/constants'
import {
  avChannelLayoutDefault,
  avChannelLayoutDescribe,
  avGetCodecName,
  avGetSampleFmtName,
  Codec,
  CodecContext,
  Dictionary,
  FormatContext,
  Frame,
  InputFormat,
  Packet,
  Rational,
} from 'node-av/lib'
import { AudioFailure } from '../problem.ts'
import {
  AVERROR_EAGAIN,
  AVERROR_ENOMEM,
  type Block,
  type SampleFormat,
  type SourceFacts,
  setOptions,
  strerror,
} from './common.ts'

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

export interface Source {
  facts: SourceFacts
  /** The next decoded block, its pts counted in samples from 0; null at the end. Valid until the next call. */
  next(): Block | null
  /** Packets that the decoder refused so far, and whether anything decoded after the last of them. */
  damage(): { packets: number; badPackets: number; recovered: boolean }
  close(): void
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
