import { rename, rm } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { checkLength, checkShape, refuseBadInput } from './accept.ts'
import { describeMaster, type Limits, type MasterFacts } from './facts.ts'
import {
  type Block,
  type Graph,
  openGraph,
  openSink,
  openSource,
  type Sink,
  type SinkSpec,
  type SourceFacts,
} from './ffmpeg.ts'
import { AudioFailure } from './problem.ts'

/** `done` is the share of the file that was read, 0 to 1. */
export type OnProgress = (done: number) => void

export interface CallOptions {
  limits: Limits
  /** Threads that FFmpeg may use inside this call. */
  threads: number
  onProgress?: OnProgress | undefined
  signal?: AbortSignal | undefined
}

/** One thing made of the decoded sound: through a filter, into a file, a function, or both. */
export interface Branch {
  /** FFmpeg's filter description; it must give what the sink takes. */
  filter: string
  sink?: SinkSpec
  look?: (block: Block) => void
}

export interface RunResult {
  facts: MasterFacts
  /** What the filters named in `collect` exported at the end, in the same order. */
  collected: number[]
}

/**
 * Decodes a file once, feeding every branch block by block: memory does not grow with the length. Files appear under their
 * names only when all of them are complete. The loop gives way every few blocks, so that an abort is heard.
 */
export async function run(
  path: string,
  plan: (source: SourceFacts) => Branch[],
  options: CallOptions,
  collect: { filter: string; option: string }[] = [],
): Promise<RunResult> {
  options.signal?.throwIfAborted()
  const { recognised } = await refuseBadInput(path)
  const source = openSource(path, options.threads, recognised ? 'damaged' : 'not-audio')
  let graph: Graph | null = null
  const sinks: (Sink | null)[] = []
  const paths: string[] = []
  try {
    const { facts } = source
    checkShape(facts, options.limits)
    const branches = plan(facts)
    for (const { sink } of branches) {
      if (!sink) {
        sinks.push(null)
        continue
      }
      paths.push(sink.path)
      sinks.push(openSink({ ...sink, path: partial(sink.path) }))
    }
    const described = branches.map(({ filter }, i) => filter + inBlocksOf(sinks[i]?.frameSize ?? 0))
    graph = branches.length > 0 ? openGraph(facts, described, options.threads) : null
    const deliver = () => {
      branches.forEach((branch, i) => {
        for (let block = graph?.pull(i); block; block = graph?.pull(i)) {
          branch.look?.(block)
          sinks[i]?.write(block)
        }
      })
    }

    let samples = 0
    const tick = ticker(options, facts)
    for (let block = source.next(); block; block = source.next()) {
      samples += block.nbSamples
      if (graph) {
        graph.push(block)
        deliver()
      }
      if (tick.due()) await tick.rest(samples)
    }
    await checkLength(path, facts, samples, source.damage(), options.limits)
    graph?.push(null)
    deliver()
    for (const sink of sinks) sink?.finish()
    const collected = collect.map(({ filter, option }) => graph?.read(filter, option) ?? Number.NaN)
    for (const target of paths) await rename(partial(target), target)
    options.onProgress?.(1)
    return { facts: describeMaster(facts, samples), collected }
  } finally {
    for (const sink of sinks) sink?.close()
    graph?.close()
    source.close()
    for (const target of paths) await rm(partial(target), { force: true })
  }
}

const partial = (path: string) => `${path}.${process.pid}.part`

const inBlocksOf = (size: number) => (size > 0 ? `,asetnsamples=n=${size}:p=0` : '')

/** Gives way to the event loop every 50 ms, and reports about five times a second. */
function ticker({ signal, onProgress, limits }: CallOptions, facts: SourceFacts) {
  let rested = performance.now()
  let told = rested
  return {
    due: () => performance.now() - rested > 50,
    async rest(samples: number) {
      await setImmediate()
      signal?.throwIfAborted()
      if ((samples / facts.sampleRate) * 1000 > limits.maxDurationMs)
        throw new AudioFailure('too-long', 'decoded length')
      rested = performance.now()
      if (rested - told < 200 || !facts.declaredSamples) return
      told = rested
      onProgress?.(Math.min(0.99, samples / facts.declaredSamples))
    },
  }
}
