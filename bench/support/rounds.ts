import { availableParallelism, loadavg } from 'node:os'

export type Compared = {
  ours: number
  theirs: number
  /** Ours by theirs: the median of what each round gave. */
  ratio: number
  lowest: number
  highest: number
}

/**
 * Measures two things in turn, `rounds` times, after one round of each that does not count: whatever else the machine does falls on
 * both. Which of the two begins changes from round to round. Each gives the same figures, compared one by one.
 */
export async function compare<Figure extends string>(
  rounds: number,
  ours: () => Promise<Record<Figure, number>>,
  theirs: () => Promise<Record<Figure, number>>,
  { warmUp = true } = {},
): Promise<Record<Figure, Compared>> {
  if (warmUp) {
    await theirs()
    await ours()
  }
  const measured: { ours: Record<Figure, number>; theirs: Record<Figure, number> }[] = []
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) {
      const first = await theirs()
      measured.push({ theirs: first, ours: await ours() })
    } else {
      const first = await ours()
      measured.push({ ours: first, theirs: await theirs() })
    }
  }
  const figures = Object.keys(measured[0]?.ours ?? {}) as Figure[]
  const entries = figures.map((figure) => {
    const ratios = measured.map((round) => round.ours[figure] / round.theirs[figure])
    const compared: Compared = {
      ours: median(measured.map((round) => round.ours[figure])),
      theirs: median(measured.map((round) => round.theirs[figure])),
      ratio: median(ratios),
      lowest: Math.min(...ratios),
      highest: Math.max(...ratios),
    }
    return [figure, compared] as const
  })
  return Object.fromEntries(entries) as Record<Figure, Compared>
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

/** One line: the ratio, how far its rounds lie apart, and whether the goal, if there is one, is reached. */
export function sayRatio(
  what: string,
  { ratio, lowest, highest }: Compared,
  goal?: { least: number } | { most: number },
): void {
  const digits = ratio < 0.1 ? 4 : 2
  const rounds = `rounds from ${lowest.toFixed(digits)} to ${highest.toFixed(digits)}`
  console.log(`${what}: ${ratio.toFixed(digits)} (${rounds}${goal ? `; ${verdict(ratio, goal)}` : ''})`)
}

export function verdict(ratio: number, goal: { least: number } | { most: number }): string {
  const reached = 'least' in goal ? ratio >= goal.least : ratio <= goal.most
  return `goal ${'least' in goal ? `at least ${goal.least}` : `at most ${goal.most}`}: ${reached ? 'reached' : 'MISSED'}`
}

/** How busy the machine was over the last minute, this bench included. */
export const sayNoise = (): void =>
  console.log(`Load of the last minute: ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`)

export const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(0)} MiB`
