import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { engine } from '../src/domains/audio/index.ts'
import { Sentence } from '../src/platform/sentence.ts'
import { debianProgram } from './support/debian.ts'
import { recordings } from './support/recordings.ts'
import { compare, sayNoise, sayRatio } from './support/rounds.ts'
import { scene } from './support/scene.ts'

export const title = 'ten real recordings to streams, loudness and waveform, two at once, against the ffmpeg command'

const ROUNDS = 2
const AT_ONCE = 2

export const bench = () =>
  scene(async ({ folder }) => {
    const child = resolve(import.meta.dirname, '../dist/server/audio-child.js')
    if (!existsSync(child)) throw new Sentence('dist/ is not there: run `node scripts/prepare.mjs` first.')
    const ffmpeg = debianProgram('ffmpeg')
    const files = recordings(10)
    console.log(`${files.map((path) => basename(path)).join(', ')}\n${AT_ONCE} at once, one thread each`)
    console.log('Both make Opus 128 kbit/s (WebM), AAC 192 kbit/s (MP4), EBU R128 with true peak, and a waveform:')
    console.log('ours 800 points of energy, ffmpeg a picture of 800 points (showwavespic).\n')

    const ours = async (path: string) => {
      const to = mkdtempSync(join(folder, 'ours-'))
      const made = await engine('prepareStream', { path, folder: to }, { childEntry: pathToFileURL(child) })
      rmSync(to, { recursive: true })
      if (!made.ok) throw new Error(`${path}: ${made.error.code} ${made.error.detail}`)
      return made.value.facts.durationMs ?? 0
    }
    const theirs = async (path: string) => {
      const to = mkdtempSync(join(folder, 'theirs-'))
      await runFfmpeg(ffmpeg, path, to)
      rmSync(to, { recursive: true })
      return 0
    }
    let sound = 0
    const all = (work: (path: string) => Promise<number>) => async () => {
      const began = performance.now()
      const lengths = await inTurns(files, work)
      sound = lengths.reduce((sum, length) => sum + length, 0) || sound
      return { seconds: (performance.now() - began) / 1000 }
    }
    const { seconds } = await compare(ROUNDS, all(ours), all(theirs), { warmUp: false })
    console.log(
      `${(sound / 60_000).toFixed(0)} minutes of music: Ritornello ${seconds.ours.toFixed(1)} s, ffmpeg ${seconds.theirs.toFixed(1)} s`,
    )
    sayRatio('Ratio', seconds, { most: 1.15 })
    sayNoise()
  })

/** The same outputs from one decoding, resampled alike. */
function runFfmpeg(ffmpeg: string, path: string, to: string): Promise<void> {
  const graph = [
    '[0:a]asplit=4[a][b][c][d]',
    '[a]aresample=48000:filter_size=64:cutoff=0.97[opus]',
    '[b]anull[aac]',
    '[c]ebur128=peak=sample+true:framelog=verbose[loud]',
    '[d]showwavespic=s=800x120[wave]',
  ].join(';')
  const opus = [
    '-map',
    '[opus]',
    '-c:a',
    'libopus',
    '-b:a',
    '128k',
    '-cues_to_front',
    '1',
    '-cluster_time_limit',
    '2000',
  ]
  const aac = ['-map', '[aac]', '-c:a', 'aac', '-b:a', '192k', '-movflags', '+faststart']
  const args = ['-v', 'error', '-nostdin', '-threads', '1', '-filter_complex_threads', '1', '-i', path]
  const outputs = [
    ...[...opus, join(to, 'stream.webm')],
    ...[...aac, join(to, 'stream.m4a')],
    ...['-map', '[loud]', '-f', 'null', '-'],
    ...['-map', '[wave]', '-frames:v', '1', join(to, 'wave.png')],
  ]
  return new Promise((done, fail) => {
    const child = spawn(ffmpeg, [...args, '-filter_complex', graph, ...outputs], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let complaint = ''
    child.stderr.on('data', (bytes: Buffer) => {
      complaint += bytes.toString()
    })
    child.once('error', fail)
    child.once('close', (code) => (code === 0 ? done() : fail(new Error(`ffmpeg: ${complaint}`))))
  })
}

/** So many at once, as the worker's slots do. */
async function inTurns<T>(paths: string[], work: (path: string) => Promise<T>): Promise<T[]> {
  const waiting = [...paths]
  const results: T[] = []
  const slot = async () => {
    for (let path = waiting.shift(); path; path = waiting.shift()) results.push(await work(path))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, slot))
  return results
}
