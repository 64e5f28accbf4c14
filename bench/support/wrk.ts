import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { debianProgram } from './debian.ts'
import { processorSeconds } from './processes.ts'
import type { Scene } from './scene.ts'

export type Load = {
  url: string
  connections: number
  seconds: number
  headers?: Record<string, string>
  /** More Lua, for example a `request` function of its own. */
  lua?: string
}

export type Measured = {
  requestsPerSecond: number
  bytesPerSecond: number
  bytes: number
  requests: number
  /** Answers of 400 and above, and whatever went wrong with a connection. */
  errors: number
  /** 99th percentile, in milliseconds. */
  p99: number
}

const REPORT = `
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format('\\nMEASURED {"us":%d,"requests":%d,"bytes":%d,"errors":%d,"p99us":%d}\\n', summary.duration,
    summary.requests, summary.bytes, e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(99)))
end
`

/** Asks for one thing over and over with wrk, in one thread. */
export async function wrk(
  { folder }: Scene,
  { url, connections, seconds, headers = {}, lua = '' }: Load,
): Promise<Measured> {
  const program = debianProgram('wrk')
  const script = join(folder, 'wrk.lua')
  writeFileSync(script, lua + REPORT)
  const { stdout } = await promisify(execFile)(program, [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '--timeout=60s',
    '-s',
    script,
    ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    url,
  ])
  const { us, requests, bytes, errors, p99us } = JSON.parse(stdout.match(/MEASURED (.*)/)?.[1] ?? '{}')
  const took = us / 1e6
  return {
    requestsPerSecond: requests / took,
    bytesPerSecond: bytes / took,
    bytes,
    requests,
    errors,
    p99: p99us / 1000,
  }
}

/**
 * Bytes per second of time and of the server's processor time, from one that must answer all without an error and send at least `least`
 * bytes each time.
 */
export async function throughput(scene: Scene, load: Load, { pid, least }: { pid: number; least: number }) {
  const before = processorSeconds(pid)
  const { bytes, requests, errors, bytesPerSecond } = await wrk(scene, load)
  const used = processorSeconds(pid) - before
  if (errors > 0) throw new Error(`${errors} errors from ${load.url}`)
  if (requests > 0 && bytes / requests < least) throw new Error(`${load.url} does not send all that was asked for`)
  return { bytesPerSecond, bytesPerProcessorSecond: bytes / used }
}

/** A browser's own name: what comes without one is taken for a robot. */
export const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
