import { loadavg } from 'node:os'

export type Compared = {
  ours: number
  theirs: number
  /** Ours by theirs: the median of what each round gave. */
  ratio: number
  lowest: number
  highest: number
}

/**
 * Measures two things in turn, `rounds` times, after one round of each that does not count: whatever else the machine does
 * falls on both. Which of the two begins changes from round to round.
 */
export async function compare(
  rounds: number,
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
  { warmUp = true } = {},
): Promise<Compared> {
  if (warmUp) {
    await theirs()
    await ours()
  }
  const measured: { ours: number; theirs: number }[] = []
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) {
      const first = await theirs()
      measured.push({ theirs: first, ours: await ours() })
    } else {
      const first = await ours()
      measured.push({ ours: first, theirs: await theirs() })
    }
  }
  const ratios = measured.map((round) => round.ours / round.theirs)
  return {
    ours: median(measured.map((round) => round.ours)),
    theirs: median(measured.map((round) => round.theirs)),
    ratio: median(ratios),
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
  }
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

/** One line: the ratio, how far its rounds lie apart, and whether the goal is reached. */
export function sayRatio(
  what: string,
  { ratio, lowest, highest }: Compared,
  goal: { least: number } | { most: number },
): void {
  const reached = 'least' in goal ? ratio >= goal.least : ratio <= goal.most
  const wanted = 'least' in goal ? `at least ${goal.least}` : `at most ${goal.most}`
  console.log(
    `${what}: ${ratio.toFixed(2)} (rounds ${lowest.toFixed(2)} to ${highest.toFixed(2)}; goal ${wanted}: ${reached ? 'reached' : 'MISSED'})`,
  )
}

/** What else kept the machine busy: its load over the last minute, ours included. */
export const sayNoise = (): void => console.log(`Load average of the last minute: ${loadavg()[0]?.toFixed(1)}`)

export const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(0)} MiB`
