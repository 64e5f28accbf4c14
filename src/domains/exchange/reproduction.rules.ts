/** How many new people each person brought, on average, with the ends of its 95 % interval. */
export type Reproduction = { mean: number; low: number; high: number }

/** Fewer people than this say nothing of an average. */
export const FEWEST_REACHED = 20

const Z = 1.959964

/**
 * The mean of how many each of `people` brought, from their sum and the sum of their squares. Most bring nobody and a few bring many, so the variance is
 * the counts' own (the sandwich estimator of a quasi-Poisson mean, Wedderburn 1974), never Poisson's; the interval is symmetric on the logarithm of the mean, which
 * keeps it above zero and leans it as such counts lean. Nobody brought: from 0 to 3/n (the rule of three, Hanley and Lippman-Hand 1983).
 * Null for fewer than `FEWEST_REACHED`.
 */
export function reproduction(people: number, sum: number, squares: number): Reproduction | null {
  if (people < FEWEST_REACHED) return null
  if (sum === 0) return { mean: 0, low: 0, high: 3 / people }
  const mean = sum / people
  const variance = (squares - people * mean * mean) / (people - 1)
  const error = Math.sqrt(Math.max(0, variance) / people) / mean
  return { mean, low: mean * Math.exp(-Z * error), high: mean * Math.exp(Z * error) }
}
