import { readFileSync } from 'node:fs'
import { mebibytes } from './rounds.ts'

/** Resident memory of a process in bytes, what it shares with others included; 0 when it is gone, or where there is no /proc. */
export const residentBytes = (pid: number): number => kilobytes(`/proc/${pid}/status`, 'VmRSS')

/** A process's own share of the memory: what n processes share counts as an n-th for each. */
export const proportionalBytes = (pid: number): number => kilobytes(`/proc/${pid}/smaps_rollup`, 'Pss')

function kilobytes(file: string, name: string): number {
  return Number(read(file).match(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm'))?.[1] ?? 0) * 1024
}

/** Processor time that a process has used so far, all its threads together, in seconds; NaN where there is no /proc. */
export function processorSeconds(pid: number): number {
  // Fields 14 and 15 of proc_pid_stat(5), in hundredths of a second; the name before them may hold spaces.
  const fields = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** The same of a process and all that came from it, whether it still lives or has ended and been waited for. */
const familySeconds = (pid: number): number =>
  treeOf(pid).reduce((sum, each) => {
    const fields = read(`/proc/${each}/stat`).split(') ')[1]?.split(' ') ?? []
    return sum + [11, 12, 13, 14].reduce((ticks, at) => ticks + (Number(fields[at]) || 0), 0) / 100
  }, 0)

/** Watches how much processor time processes, with all that come from them, use until `stop`, which says it for each of `messages`. */
export function watchProcessors(pids: Record<string, number>): { stop(messages: number): void } {
  const before = Object.entries(pids).map(([name, pid]) => ({ name, pid, seconds: familySeconds(pid) }))
  return {
    stop(messages) {
      const used = before.map(({ name, pid, seconds }) => ({ name, seconds: familySeconds(pid) - seconds }))
      const each = (seconds: number) => ((seconds * 1000) / messages).toFixed(3)
      const whole = used.reduce((sum, { seconds }) => sum + seconds, 0)
      console.log(
        `Processor time a message: ${used.map(({ name, seconds }) => `${name} ${each(seconds)} ms`).join(', ')}; ${each(whole)} ms in all`,
      )
    },
  }
}

/** The processes that a process has started. */
export function childrenOf(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
}

/** A process and all that come from it. */
export const treeOf = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(treeOf)]

/** How a process was called, its arguments behind it. */
export const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()

/** Watches the resident memory of a process until `stop`, which says how it went. */
export function watchMemory(pid: number, name = 'the web process'): { stop(): void } {
  const samples = [residentBytes(pid)]
  const timer = setInterval(() => samples.push(residentBytes(pid)), 100)
  return {
    stop() {
      clearInterval(timer)
      const third = Math.ceil(samples.length / 3)
      const highest = (from: number) => Math.max(...samples.slice(from, from + third))
      const [first, second, last] = [highest(0), highest(third), highest(2 * third)]
      // Pools and buffers grow to their size in the first third.
      const flat = last <= second * 1.1 + 8 * 1024 * 1024
      console.log(
        `Memory of ${name}: ${mebibytes(samples[0] ?? 0)} before, at most ${[first, second, last].map(mebibytes).join(', ')} in the thirds of the run: ${flat ? 'flat' : 'GROWING'}`,
      )
    },
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
