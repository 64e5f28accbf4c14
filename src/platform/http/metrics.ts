import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Seconds: what a page, a file's first byte and something slow take. */
const BOUNDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

export type Metrics = {
  /** One request answered. */
  answered(status: number, seconds: number): void
  text(more: Gauge[]): string
}

/** A number at this moment. `counter` when it only grows. */
export type Gauge = {
  name: string
  help: string
  counter?: boolean
  values: { labels?: Record<string, string>; value: number }[]
}

/** What one process tells Prometheus, in its text format (version 0.0.4). */
export function createMetrics(): Metrics {
  const byClass = new Map<string, number>(['1xx', '2xx', '3xx', '4xx', '5xx'].map((name) => [name, 0]))
  const buckets = new Array<number>(BOUNDS.length).fill(0)
  let sum = 0
  let count = 0
  const delay = monitorEventLoopDelay({ resolution: 20 })

  return {
    answered(status, seconds) {
      const name = `${Math.floor(status / 100)}xx`
      byClass.set(name, (byClass.get(name) ?? 0) + 1)
      const bucket = BOUNDS.findIndex((bound) => seconds <= bound)
      if (bucket >= 0) buckets[bucket] = (buckets[bucket] ?? 0) + 1
      sum += seconds
      count++
    },
    text(more) {
      const { rss, heapUsed, external } = process.memoryUsage()
      const gauges: Gauge[] = [
        {
          name: 'ritornello_http_requests_total',
          help: 'Requests answered, by class of status.',
          counter: true,
          values: [...byClass].map(([status, value]) => ({ labels: { status }, value })),
        },
        ...more,
        { name: 'process_resident_memory_bytes', help: 'Resident memory of this process.', values: [{ value: rss }] },
        { name: 'nodejs_heap_used_bytes', help: 'Memory used by JavaScript.', values: [{ value: heapUsed }] },
        { name: 'nodejs_external_memory_bytes', help: 'Memory of buffers.', values: [{ value: external }] },
        {
          name: 'nodejs_eventloop_delay_seconds',
          help: 'How late the event loop was, since the last question.',
          values: [
            { labels: { quantile: '0.5' }, value: delay.percentile(50) / 1e9 },
            { labels: { quantile: '0.99' }, value: delay.percentile(99) / 1e9 },
          ],
        },
        {
          name: 'process_uptime_seconds',
          help: 'Since this process began.',
          values: [{ value: Math.round(process.uptime()) }],
        },
      ]
      delay.reset()
      delay.enable()
      return `${gauges.map(written).join('')}${histogram()}`
    },
  }

  function histogram(): string {
    const name = 'ritornello_http_request_duration_seconds'
    let below = 0
    const lines = BOUNDS.map((bound, i) => {
      below += buckets[i] ?? 0
      return `${name}_bucket{le="${bound}"} ${below}\n`
    })
    return (
      `# HELP ${name} How long a request took until its answer was sent.\n# TYPE ${name} histogram\n${lines.join('')}` +
      `${name}_bucket{le="+Inf"} ${count}\n${name}_sum ${sum}\n${name}_count ${count}\n`
    )
  }
}

const written = ({ name, help, counter, values }: Gauge): string =>
  `# HELP ${name} ${help}\n# TYPE ${name} ${counter ? 'counter' : 'gauge'}\n` +
  values.map(({ labels, value }) => `${name}${labels ? labelled(labels) : ''} ${value}\n`).join('')

const labelled = (labels: Record<string, string>) =>
  `{${Object.entries(labels)
    .map(([key, value]) => `${key}="${value.replace(/[\\"\n]/g, '_')}"`)
    .join(',')}}`
