import { studentQuantile } from './student.rules.ts'

/** People of an experiment, one a place in every column. */
export type Sample = {
  /** 1 for who was told, 0 for who was still waiting. */
  told: Uint8Array
  /** Within which group of similar people they were drawn, from 0. */
  stratum: Uint8Array
  /** What each did between the waves. */
  outcome: Float64Array
  /** What each had done before anybody was told: any number of columns, which say nothing of the outcome's own time. */
  past: Float64Array[]
}

export type Lift = {
  /** How much more each did for having been told, and within what it lies. */
  effect: number
  low: number
  high: number
  error: number
  freedom: number
  /** How much each did who waited, what chance put unequally between them being evened out. */
  base: number
  told: number
  waiting: number
  /** How many of both did anything at all. */
  did: number
}

/** Fewer people on one side, or fewer who did anything, and no interval can be believed. */
export const FEWEST_PEOPLE = 20
export const FEWEST_WHO_DID = 20

/** Why nothing is claimed. */
export type TooFew = { tooFew: 'people' | 'doings'; told: number; waiting: number; did: number }

/**
 * What being told brought, a person: the difference of means within each stratum, weighted by the stratum's size (post-stratification: Miratrix, Sekhon
 * and Yu 2013), after the part that the past predicts is taken off (CUPED: Deng, Xu, Kohavi and Walker 2013). One theta for both sides, by least squares within
 * strata and sides: with as many on each side as makes no difference it is as good as one a side (Lin 2013), and steadier when few people do most. The past was settled before the draw, so the
 * estimate is unbiased but for what theta itself was estimated from, which is of the order of 1/n (Freedman 2008).
 *
 * The interval is Welch's over strata: a variance of its own for each side of each stratum, so that the few who do most weigh where they are and
 * what is left of each person made as large as it would have been had theta not leant on them (HC2: MacKinnon and White 1985; HC3 held 97 times in 100, and plain
 * squares 93, of 200 fans); freedom by Satterthwaite. `tails` is how often it may miss, both sides together. Nothing is cut
 * off: what is rare and large is what an artist lives on. Measured by `npm run bench -- lift`.
 */
export function lift(sample: Sample, tails: number): Lift | TooFew {
  const { told, outcome } = sample
  const size = outcome.length
  let did = 0
  let reached = 0
  for (let i = 0; i < size; i++) {
    if (outcome[i] !== 0) did++
    reached += told[i] as number
  }
  const counts = { told: reached, waiting: size - reached, did }
  if (Math.min(counts.told, counts.waiting) < FEWEST_PEOPLE) return { tooFew: 'people', ...counts }
  if (did < FEWEST_WHO_DID) return { tooFew: 'doings', ...counts }
  const { effect, error, freedom, base } = difference(sample)
  // All did the same: nothing varies, and nothing can be told of a difference.
  if (!(error > 0)) return { tooFew: 'doings', ...counts }
  const reach = error * studentQuantile(tails, freedom)
  return { effect, low: effect - reach, high: effect + reach, error, freedom, base, ...counts }
}

type Difference = { effect: number; error: number; freedom: number; base: number }

/** The estimate alone, for whoever has people enough. */
export function difference(sample: Sample): Difference {
  const { told, outcome, past } = sample
  const size = outcome.length
  const { groupOf, groups } = wholeStrata(sample)
  const cells = groups * 2
  const people = new Float64Array(cells)
  const meanY = new Float64Array(cells)
  const meanX = past.map(() => new Float64Array(cells))
  const cellOf = (i: number) => (groupOf[sample.stratum[i] as number] as number) * 2 + (told[i] as number)
  for (let i = 0; i < size; i++) {
    const cell = cellOf(i)
    add(people, cell, 1)
    add(meanY, cell, outcome[i] as number)
    for (let j = 0; j < past.length; j++) add(meanX[j] as Float64Array, cell, past[j]?.[i] as number)
  }
  for (let cell = 0; cell < cells; cell++)
    for (const mean of [meanY, ...meanX]) mean[cell] = (mean[cell] as number) / (people[cell] as number)

  const { theta, inverse } = slopes(sample, cellOf, meanY, meanX)
  const apart = new Float64Array(past.length)
  const squares = new Float64Array(cells)
  for (let i = 0; i < size; i++) {
    const cell = cellOf(i)
    let rest = (outcome[i] as number) - (meanY[cell] as number)
    for (let j = 0; j < past.length; j++) {
      apart[j] = (past[j]?.[i] as number) - (meanX[j]?.[cell] as number)
      rest -= (theta[j] as number) * (apart[j] as number)
    }
    // Who did by far the most draws theta to themselves, and would seem to be well predicted.
    rest /= Math.sqrt(Math.max(0.01, 1 - weight(apart, inverse)))
    add(squares, cell, rest * rest)
  }

  let effect = 0
  let base = 0
  let variance = 0
  let spread = 0
  for (let group = 0; group < groups; group++) {
    const [waiting, reached] = [group * 2, group * 2 + 1]
    const [n0, n1] = [people[waiting] as number, people[reached] as number]
    const share = (n0 + n1) / size
    let here = (meanY[reached] as number) - (meanY[waiting] as number)
    let mine = meanY[waiting] as number
    for (let j = 0; j < past.length; j++) {
      const apart = (meanX[j]?.[reached] as number) - (meanX[j]?.[waiting] as number)
      here -= (theta[j] as number) * apart
      mine += (theta[j] as number) * apart * (n1 / (n0 + n1))
    }
    effect += share * here
    base += share * mine
    for (const [cell, n] of [
      [waiting, n0],
      [reached, n1],
    ] as const) {
      const part = (share * share * (squares[cell] as number)) / (n - 1) / n
      variance += part
      spread += (part * part) / (n - 1)
    }
  }
  return { effect, base, error: Math.sqrt(variance), freedom: spread > 0 ? (variance * variance) / spread : 1 }
}

/** Strata with at least two of each side; one that lost its people (they were erased) is read together with its neighbour. */
function wholeStrata({ told, stratum }: Sample): { groupOf: Uint8Array; groups: number } {
  const counts = [new Uint32Array(256), new Uint32Array(256)]
  for (let i = 0; i < told.length; i++) add(counts[told[i] as number] as Uint32Array, stratum[i] as number, 1)
  const groupOf = new Uint8Array(256)
  let groups = 0
  let held = [0, 0]
  for (let at = 0; at < 256; at++) {
    groupOf[at] = groups
    held = held.map((count, side) => count + (counts[side]?.[at] as number))
    if (Math.min(...held) >= 2) {
      groups++
      held = [0, 0]
    }
  }
  // The last ones, too few for themselves, join those before.
  if (groups > 0) for (let at = 0; at < 256; at++) groupOf[at] = Math.min(groupOf[at] as number, groups - 1)
  return { groupOf, groups: Math.max(1, groups) }
}

/** How much somebody so far from their like has to say in theta: from 0, nothing, to 1. */
function weight(apart: Float64Array, inverse: Float64Array[]): number {
  let sum = 0
  for (let j = 0; j < apart.length; j++)
    for (let l = 0; l < apart.length; l++)
      sum += (apart[j] as number) * (apart[l] as number) * (inverse[j]?.[l] as number)
  return sum
}

/**
 * Least squares of the outcome on the past, within strata and sides, and the inverse of the matrix of its columns. A column that says nothing of its own is
 * given no weight.
 */
function slopes(
  { outcome, past }: Sample,
  cellOf: (i: number) => number,
  meanY: Float64Array,
  meanX: Float64Array[],
): { theta: number[]; inverse: Float64Array[] } {
  const k = past.length
  // Its last columns become the inverse.
  const matrix = past.map((_, j) => new Float64Array(2 * k + 1).fill(1, k + 1 + j, k + 2 + j))
  const apart = new Float64Array(k)
  for (let i = 0; i < outcome.length; i++) {
    const cell = cellOf(i)
    const y = (outcome[i] as number) - (meanY[cell] as number)
    for (let j = 0; j < k; j++) apart[j] = (past[j]?.[i] as number) - (meanX[j]?.[cell] as number)
    for (let j = 0; j < k; j++) {
      const row = matrix[j] as Float64Array
      for (let l = 0; l < k; l++) add(row, l, (apart[j] as number) * (apart[l] as number))
      add(row, k, (apart[j] as number) * y)
    }
  }
  const kept = solve(matrix)
  return {
    theta: matrix.map((row, j) => (kept[j] ? (row[k] as number) : 0)),
    inverse: matrix.map((row, j) => row.slice(k + 1).map((value, l) => (kept[j] && kept[l] ? value : 0))),
  }
}

/** Gauss and Jordan, in place, the pivots in their order: with few columns, which are sums of squares, nothing better is needed. Says which were of use. */
function solve(matrix: Float64Array[]): boolean[] {
  const k = matrix.length
  const before = matrix.map((row, j) => row[j] as number)
  const kept: boolean[] = []
  for (let j = 0; j < k; j++) {
    const row = matrix[j] as Float64Array
    const pivot = row[j] as number
    kept[j] = pivot > 1e-9 * (before[j] as number)
    if (!kept[j]) continue
    for (let l = 0; l < row.length; l++) row[l] = (row[l] as number) / pivot
    for (let other = 0; other < k; other++) {
      if (other === j) continue
      const its = matrix[other] as Float64Array
      const factor = its[j] as number
      for (let l = 0; l < row.length; l++) its[l] = (its[l] as number) - factor * (row[l] as number)
    }
  }
  return kept
}

const add = (column: Float64Array | Uint32Array, at: number, value: number): void => {
  column[at] = (column[at] as number) + value
}

/** How often all that is read may miss, taken together. */
export const MISSES = 0.05

/**
 * How often one interval may miss, so that all that are read hold at once 95 times in 100 (Bonferroni). Two things are read at once: several outcomes, and,
 * while it runs, several days. The steps of Holm would let a second outcome pass a little more easily, but have no intervals that hold together with the same
 * promise, and what is shown is intervals. Nor is a confidence sequence of a growing sample (Howard, Ramdas, McAuliffe and Sekhon 2021; Waudby-Smith and others 2024) true here: the same
 * people are watched each day, so what chance put unequally between them on the first day is there on the second. Shares of as many looks as there will be hold
 * whatever depends on what.
 */
export const tailsOf = ({ outcomes, looks }: { outcomes: number; looks: number }): number => MISSES / (outcomes * looks)

/**
 * The effect that such an experiment shows 80 times in 100: as far from nothing as the interval reaches, and 0.84 errors more. `error` is what the same people's
 * own past would have had.
 */
export function detectable({ error, freedom }: Pick<Lift, 'error' | 'freedom'>, tails: number): number {
  return error * (studentQuantile(tails, freedom) + studentQuantile(0.4, freedom))
}
