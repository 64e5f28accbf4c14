import { readFileSync } from 'node:fs'
import { mebibytes } from './rounds.ts'

/** Resident memory of a process in bytes, what it shares with others included; 0 when it is gone, or where there is no /proc. */
export function residentBytes(pid: number): number {
  return field(`/proc/${pid}/status`, 'VmRSS')
}

/** A process's own share of the memory: what n processes share counts as an n-th for each. */
export function proportionalBytes(pid: number): number {
  return field(`/proc/${pid}/smaps_rollup`, 'Pss')
}

function field(file: string, name: string): number {
  try {
    return Number(readFileSync(file, 'utf8').match(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm'))?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}

/** Watches the resident memory of a process until `stop`, which says how it went. */
export function watchMemory(pid: number): { stop(): void } {
  const samples = [residentBytes(pid)]
  const timer = setInterval(() => samples.push(residentBytes(pid)), 100)
  return {
    stop() {
      clearInterval(timer)
      const third = Math.ceil(samples.length / 3)
      const highest = (from: number) => Math.max(...samples.slice(from, from + third))
      const [first, second, last] = [highest(0), highest(third), highest(2 * third)]
      // The first third holds the growth of pools and buffers to their size.
      const flat = last <= second * 1.1 + 8 * 1024 * 1024
      console.log(
        `Memory of the web process: ${mebibytes(samples[0] ?? 0)} before, at most ${[first, second, last].map(mebibytes).join(', ')} in each third of the run: ${flat ? 'flat' : 'GROWING'}`,
      )
    },
  }
}
