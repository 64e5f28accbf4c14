import { type ChildProcess, fork } from 'node:child_process'
import { readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fail, type Result } from '../../../platform/result.ts'
import type { Limits, MasterFacts } from './facts.ts'
import type { Film, FilmLimits } from './film.ts'
import type { Format } from './formats.ts'
import type { Stream } from './prepare-stream.ts'
import type { AudioProblem } from './problem.ts'
import type { ReadTags } from './read-tags.ts'
import type { OnProgress } from './run.ts'
import type { Tags } from './tags.ts'

interface Tuning {
  limits?: Limits
  threads?: number
}

/** The engine's functions, their arguments gathered in one object that crosses processes. */
export interface Calls {
  probe: { input: { path: string } & Tuning; result: Result<MasterFacts, AudioProblem> }
  prepareStream: {
    input: { path: string; folder: string; points?: number } & Tuning
    result: Result<Stream, AudioProblem>
  }
  encode: {
    input: { path: string; outPath: string; format: Format } & Tuning
    result: Result<MasterFacts, AudioProblem>
  }
  film: {
    input: { path: string; folder: string; limits?: FilmLimits; threads?: number }
    result: Result<Film, AudioProblem>
  }
  tag: {
    input: { path: string; format: Format; tags: Tags; coverJpegPath: string | null }
    result: Result<null, AudioProblem>
  }
  readTags: { input: { path: string }; result: Result<ReadTags, AudioProblem> }
}
export type CallName = keyof Calls

export type ToChild = { call: CallName; input: unknown } | { abort: true }
export type FromChild = { progress: number } | { result: Calls[CallName]['result'] } | { fault: string }

export interface ProcessOptions {
  /** Ends the call with `timed-out`. */
  timeoutMs: number
  /** Resident memory above which the call ends with `too-much-memory`. Watched where /proc is (Linux), each 250 ms. */
  maxMemoryBytes: number
  signal?: AbortSignal
  onProgress?: OnProgress
  /** The bundled process-child, when the program is bundled; else the source beside this file. */
  childEntry?: URL
}

/** A call keeps about 150 MB; an hour takes a minute or three on one core. */
export const defaultProcessOptions = { timeoutMs: 60 * 60 * 1000, maxMemoryBytes: 1024 * 1024 * 1024 }

/** How long a child may take to leave by itself after an abort, before it is killed. */
const GRACE_MS = 2000

/**
 * Runs one call of the engine in a process of its own: a crash of FFmpeg, endless decoding or runaway memory end that
 * call, with a problem, and nothing else. Throws only for a bug in the engine itself.
 */
export function runEngine<K extends CallName>(
  call: K,
  input: Calls[K]['input'],
  options: Partial<ProcessOptions> = {},
): Promise<Calls[K]['result']> {
  const { timeoutMs, maxMemoryBytes } = { ...defaultProcessOptions, ...options }
  const { signal, onProgress } = options
  const stopped = (): Calls[K]['result'] => fail({ code: 'aborted', detail: String(signal?.reason) })
  if (signal?.aborted) return Promise.resolve(stopped())

  const child = fork(fileURLToPath(options.childEntry ?? new URL('./process-child.ts', import.meta.url)), {
    // Node's own options (a debugger, a test runner's loader) are not for the child.
    execArgv: [],
    // It reads strangers' files: the program's secrets are not for it either. What was compiled for the last child need not be again.
    env: {
      ...{ PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'], LANG: 'C.UTF-8' },
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
    },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })

  return new Promise((resolve, reject) => {
    let verdict: Calls[K]['result'] | null = null
    let fault: Error | null = null
    let complaint = ''
    const end = (problem: AudioProblem) => {
      verdict ??= fail(problem)
      child.kill('SIGKILL')
    }
    const abort = () => {
      tell(child, { abort: true })
      setTimeout(() => end({ code: 'aborted', detail: String(signal?.reason) }), GRACE_MS).unref()
    }
    const clock = setTimeout(() => end({ code: 'timed-out', detail: `${timeoutMs} ms` }), timeoutMs)
    const watch = setInterval(async () => {
      const used = await residentBytes(child)
      if (used > maxMemoryBytes) end({ code: 'too-much-memory', detail: `${used} bytes` })
    }, 250)
    signal?.addEventListener('abort', abort, { once: true })

    child.stderr?.on('data', (bytes: Buffer) => {
      complaint = (complaint + bytes.toString()).slice(-2000)
    })
    child.on('message', (message: FromChild) => {
      if ('progress' in message) onProgress?.(message.progress)
      else if ('result' in message) verdict ??= message.result
      else fault = new Error(message.fault)
    })
    child.on('error', (error) => {
      fault = error
    })
    child.on('close', async (code, by) => {
      clearTimeout(clock)
      clearInterval(watch)
      signal?.removeEventListener('abort', abort)
      if (code !== 0) await sweep(input, child.pid ?? 0)
      if (verdict) resolve(verdict)
      else if (fault) reject(fault)
      else resolve(fail({ code: 'crashed', detail: `exit ${by ?? code}. ${complaint}`.trim() }))
    })
    tell(child, { call, input })
  })
}

/** A child that is already gone says so by closing; there is nothing to add here. */
function tell(child: ChildProcess, message: ToChild): void {
  child.send(message, () => undefined)
}

/** Removes the unfinished files of a child that could not do it: their names carry its process id. */
async function sweep(input: Calls[CallName]['input'], pid: number): Promise<void> {
  const folder = 'folder' in input ? input.folder : dirname('outPath' in input ? input.outPath : input.path)
  const names = await readdir(folder).catch(() => [])
  const unfinished = names.filter((name) => name.endsWith(`.${pid}.part`) || name.endsWith(`.${pid}.tagged`))
  await Promise.all(unfinished.map((name) => rm(join(folder, name), { force: true })))
}

/** Resident set of a process: the second number of /proc/PID/statm, in pages of 4 KiB. 0 where it cannot be known. */
async function residentBytes(child: ChildProcess): Promise<number> {
  const text = await readFile(`/proc/${child.pid}/statm`, 'utf8').catch(() => '')
  return Number(text.split(' ')[1] ?? 0) * 4096
}
