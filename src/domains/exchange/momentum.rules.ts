/** Days of the artist's own past that a day is compared with: twelve weeks, so each weekday stands in it as often. */
export const PAST_DAYS = 84
/**
 * Over so many robust standard deviations a day is out of the ordinary. Set by simulation (momentum.test.ts): an artist to whom nothing happens is told of a burst about once a year at most, with counts as uneven as those of a gamma
 * mixture of shape 2 and a week that swings by half; where chance alone is at work, hardly ever.
 */
export const LIMIT = 4.6
/** Fewer listens in a day are no news, however quiet it was before. */
const LEAST = 12

export type Momentum = {
  /** What an ordinary such weekday brings: the middle of the artist's own past. */
  usual: number
  /** How far the day is from it, in robust standard deviations of that past. */
  score: number
  isBurst: boolean
}

const CHANGE = (count: number) => 2 * Math.sqrt(count + 3 / 8)
const back = (value: number) => Math.max(0, (value / 2) ** 2 - 3 / 8)

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2
}

/**
 * Whether `today` stands out of the past, counted a day each, the oldest first, exactly twelve weeks, the last being yesterday. Counts are made alike in variance by Anscombe's root (1948), each
 * weekday is set against its own median, and what is left is measured by the median absolute deviation: a burst in the past hides no other. The deviation is at least that of chance alone (Poisson); what it has above
 * that grows with the count, as in a negative binomial, so that a weekday that is always strong is allowed more.
 */
export function momentum(past: readonly number[], today: number): Momentum {
  const changed = past.map(CHANGE)
  const middle = median(changed)
  const effects = Array.from(
    { length: 7 },
    (_, weekday) => median(changed.filter((_, i) => i % 7 === weekday)) - middle,
  )
  const left = changed.map((value, i) => value - (effects[i % 7] ?? 0))
  const centre = median(left)
  const spread = Math.max(1, 1.4826 * median(left.map((value) => Math.abs(value - centre))))
  // The day after twelve whole weeks is of the weekday with which they begin.
  const usual = centre + (effects[0] ?? 0)
  const uneven = (spread ** 2 - 1) / Math.max(1, back(centre))
  const score = (CHANGE(today) - usual) / Math.sqrt(1 + uneven * back(usual))
  return { usual: back(usual), score, isBurst: past.length === PAST_DAYS && today >= LEAST && score > LIMIT }
}
