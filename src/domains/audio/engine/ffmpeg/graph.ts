import { AV_OPT_SEARCH_CHILDREN, AV_OPT_TYPE_DOUBLE, AVERROR_EOF } from 'node-av/constants'
import { FilterGraph, Frame } from 'node-av/lib'
import { AVERROR_EAGAIN, type Block, type SourceFacts, strerror } from './common.ts'

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
