import { open, stat } from 'node:fs/promises'
import { isLossless, type Limits } from './facts.ts'
import { type Source, type SourceFacts, sniff } from './ffmpeg.ts'
import { AudioFailure } from './problem.ts'

/** Demuxers of playlists, texts and pictures, which FFmpeg calls media and nobody else does. */
const NOT_SOUND =
  /concat|hls|applehttp|dash|sdp|rtsp|image|_pipe|gif|ico|txt|ffmetadata|srt|ass|webvtt|lrc|subviewer|xbin|bin|cine|tty|imf/
const ACCEPTED = /^(wav|w64|aiff|flac|mp3|mov|aac|ogg|caf)/

/**
 * Looks at the first bytes before FFmpeg opens anything: missing, empty, not sound, or a kind that is not accepted.
 * What it lets through may still be refused: MPEG audio with a long tag is not recognised from its head.
 */
export async function refuseBadInput(path: string): Promise<{ recognised: boolean }> {
  const head = await readHead(path)
  const name = sniff(head)
  if (name === null) return { recognised: false }
  if (ACCEPTED.test(name)) return { recognised: true }
  if (NOT_SOUND.test(name)) throw new AudioFailure('not-audio', `looks like ${name}`)
  // A weak guess on an ID3 tag's bytes says nothing: the demuxer decides.
  if (head.subarray(0, 3).toString('latin1') === 'ID3') return { recognised: true }
  throw new AudioFailure('unsupported', `container ${name}`)
}

/** The same for a film: MP4, MOV, Matroska and WebM by their first bytes, and nothing else. */
export async function refuseNoFilm(path: string): Promise<void> {
  const name = sniff(await readHead(path)) ?? 'nothing known'
  if (!/^(?:mov|matroska)/.test(name)) throw new AudioFailure('unsupported', `looks like ${name}`)
}

async function readHead(path: string): Promise<Buffer> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new AudioFailure('missing', error.code ?? String(error))
  })
  if (!info.isFile()) throw new AudioFailure('missing', 'not a file')
  if (info.size === 0) throw new AudioFailure('empty', 'zero bytes')
  return readAt(path, 0, 65_536)
}

async function readAt(path: string, from: number, length: number): Promise<Buffer> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new AudioFailure('missing', error.code ?? String(error))
  })
  try {
    // FFmpeg's probes read up to 64 bytes past what they are given: zeros follow.
    const buffer = Buffer.alloc(length + 64)
    const { bytesRead } = await file.read(buffer, 0, length, from)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

export function checkShape(facts: SourceFacts, limits: Limits): void {
  if (facts.channels > limits.maxChannels) throw new AudioFailure('unsupported', `${facts.channels} channels`)
  if (facts.sampleRate < limits.minSampleRate || facts.sampleRate > limits.maxSampleRate)
    throw new AudioFailure('unsupported', `${facts.sampleRate} Hz`)
  if (facts.declaredSamples && tooLong(facts, facts.declaredSamples, limits))
    throw new AudioFailure('too-long', `declares ${Math.round(facts.declaredSamples / facts.sampleRate)} s`)
}

const tooLong = (facts: SourceFacts, samples: number, limits: Limits) =>
  (samples / facts.sampleRate) * 1000 > limits.maxDurationMs

/** Share of lossy packets that may be unreadable (stray tags in the middle, a bad join) before the file is called damaged. */
const TOLERATED = 0.01

/** Compares what was decoded with what the file declares. Call it when everything was read. */
export async function checkLength(
  path: string,
  facts: SourceFacts,
  samples: number,
  damage: ReturnType<Source['damage']>,
  limits: Limits,
): Promise<void> {
  if (tooLong(facts, samples, limits)) throw new AudioFailure('too-long', 'decoded length')
  const declared = await declaredSamples(path, facts)
  const missing = declared === null ? 0 : declared - samples
  const slack = isExact(facts) ? 0 : Math.max(8192, facts.sampleRate / 10)
  if (missing > slack && (damage.badPackets === 0 || !damage.recovered))
    throw new AudioFailure('truncated', `${samples} of ${declared} samples`)
  // PCM cannot be damaged: what does not decode is the padding after it.
  const padding = facts.codec.startsWith('pcm_') ? 1 : 0
  const tolerated = isLossless(facts.codec) ? padding : Math.max(2, damage.packets * TOLERATED)
  if (damage.badPackets > tolerated || missing > slack)
    throw new AudioFailure('damaged', `${damage.badPackets} of ${damage.packets} packets do not decode`)
  if (facts.container === 'ogg' && !(await endsWhole(path))) throw new AudioFailure('truncated', 'last page cut')
}

/** These state their length in samples; W64 in bytes that FFmpeg rounds, CAF in whole packets, lossy ones with padding. */
const isExact = ({ codec, container }: SourceFacts) => isLossless(codec) && /^(wav|flac|aiff|mov)/.test(container)

/** The length that the file itself states; null when it states none and FFmpeg only guessed from the bit rate. */
async function declaredSamples(path: string, facts: SourceFacts): Promise<number | null> {
  if (facts.container === 'aac') return null
  if (facts.container === 'wav') return declaredByWav(path, facts)
  if (facts.container === 'mp3' && !(await hasXing(path))) return null
  return facts.declaredSamples
}

/**
 * A WAV's length by its `data` chunk, or by `ds64` in RF64 (EBU Tech 3306): FFmpeg gives that of the bytes it finds. Null when
 * a program that wrote into a pipe left 0 or all ones, and when no chunk is found near the beginning.
 */
async function declaredByWav(path: string, facts: SourceFacts): Promise<number | null> {
  const frame = facts.channels * Math.ceil(facts.bits / 8)
  let large: bigint | null = null
  for (let at = 12, steps = 0; steps < 1000; steps++) {
    const head = await readAt(path, at, 24)
    if (head.length < 8 || frame === 0) return null
    const name = head.toString('latin1', 0, 4)
    const size = head.readUInt32LE(4)
    if (name === 'ds64' && head.length === 24) large = head.readBigUInt64LE(16)
    if (name === 'data') {
      if (size === 0xffffffff) return large === null ? null : Math.floor(Number(large) / frame)
      return size === 0 ? null : Math.floor(size / frame)
    }
    at += 8 + size + (size % 2)
  }
  return null
}

/** An MP3's Xing or Info header with its count of frames (bit 0), in the first frame after the ID3v2 tag. */
async function hasXing(path: string): Promise<boolean> {
  const head = await readAt(path, 0, 10)
  const tagged = head.subarray(0, 3).toString('latin1') === 'ID3'
  const size = tagged ? 10 + [6, 7, 8, 9].reduce((n, i) => n * 128 + ((head[i] ?? 0) & 127), 0) : 0
  const frame = await readAt(path, size, 4096)
  const at = Math.max(frame.indexOf('Xing'), frame.indexOf('Info'))
  return at > 0 && at + 8 <= frame.length && (frame.readUInt32BE(at + 4) & 1) === 1
}

/** The last Ogg page is whole (RFC 3533: its header tells its size), whether or not it says that it is the last. */
async function endsWhole(path: string): Promise<boolean> {
  const { size } = await stat(path)
  const tail = await readAt(path, Math.max(0, size - 131_072), 131_072)
  const page = tail.lastIndexOf('OggS')
  if (page < 0) return false
  const segments = tail[page + 26] ?? 0
  const lengths = tail.subarray(page + 27, page + 27 + segments)
  return page + 27 + segments + lengths.reduce((sum, length) => sum + length, 0) <= tail.length
}
