/** What waits to be sent, by play, the oldest first. */
export type Waiting<T> = readonly T[]

/** A later report of the same play takes the place of the earlier; past `limit` the oldest is let go. */
export function keep<T extends { play: string }>(waiting: Waiting<T>, report: T, limit: number): T[] {
  const place = waiting.findIndex(({ play }) => play === report.play)
  const all = place < 0 ? [...waiting, report] : waiting.with(place, report)
  return all.slice(-limit)
}

export const without = <T extends { play: string }>(waiting: Waiting<T>, play: string): T[] =>
  waiting.filter((report) => report.play !== play)
