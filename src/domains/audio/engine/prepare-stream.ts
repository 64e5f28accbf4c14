import { join } from 'node:path'
import type { MasterFacts } from './facts.ts'
import { planes } from './ffmpeg.ts'
import { aac, opus } from './formats.ts'
import { type CallOptions, run } from './run.ts'
import { createWaveform } from './waveform.ts'

/** EBU R128 (ITU-R BS.1770-4) of the whole sound. A mono file counts as one channel, as ffmpeg and rsgain do. */
export interface Loudness {
  /** LUFS; -70 or less is silence. */
  integratedLufs: number
  /** Loudness range, LU (EBU Tech 3342). */
  rangeLu: number
  /** Highest true peak of any channel, dBTP; -Infinity for silence. */
  truePeakDb: number
  /** Highest sample of any channel, full scale 1. */
  samplePeak: number
}

export interface Stream {
  facts: MasterFacts
  loudness: Loudness
  waveform: Uint8Array
  /** Opus in WebM; `type` is what to serve and to put in `<source>`. */
  opus: { path: string; type: string }
  /** AAC in MP4, index first, for players without Opus. */
  aac: { path: string; type: string }
}

export interface StreamOptions extends CallOptions {
  /** Points of the waveform. */
  points: number
}

/**
 * Everything a player needs, in one decoding pass: `stream.webm`, `stream.m4a` in `folder`, loudness and waveform.
 * More than two channels are mixed down for the two files; loudness is the master's.
 *
 * WebM rather than Ogg: its header states the length and, with the cues in front, where each second lies, so that a
 * player seeks with one request. In Ogg both are found by reading the end and bisecting.
 */
export async function prepareStream(path: string, folder: string, options: StreamOptions): Promise<Stream> {
  const files = {
    opus: { path: join(folder, 'stream.webm'), type: 'audio/webm; codecs=opus' },
    aac: { path: join(folder, 'stream.m4a'), type: 'audio/mp4; codecs=mp4a.40.2' },
  }
  const waveform = createWaveform()
  const result = await run(
    path,
    (source) => {
      const channels = Math.min(2, source.channels)
      const stereo = channels === 2
      return [
        { filter: 'ebur128@loudness=peak=sample+true:framelog=quiet' },
        opus(source, files.opus.path, channels, stereo ? 128 : 80, WEBM),
        {
          ...aac(source, files.aac.path, channels, stereo ? 192 : 112),
          look: (block) => waveform.add(planes(block)),
        },
      ]
    },
    options,
    MEASURES.map((option) => ({ filter: 'ebur128@loudness', option })),
  )
  const [integratedLufs = -70, rangeLu = 0, truePeakDb = -Infinity, samplePeakDb = -Infinity] = result.collected
  return {
    facts: result.facts,
    loudness: { integratedLufs, rangeLu, truePeakDb, samplePeak: 10 ** (samplePeakDb / 20) },
    waveform: waveform.points(options.points),
    ...files,
  }
}

const MEASURES = ['integrated', 'range', 'true_peak', 'sample_peak']

/** A cue every two seconds, in front of the sound: the muxer moves the sound once it knows their size. */
const WEBM = { muxer: 'webm', muxerOptions: { cues_to_front: '1', cluster_time_limit: '2000' } }
