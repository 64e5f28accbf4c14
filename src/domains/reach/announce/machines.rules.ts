/** A link of one message that was asked for: which one, and when (milliseconds). */
export type Hit = { link: number; at: number }

/** Nobody reads a mail sooner after it was handed over; what examines it does. */
const SOONEST_MS = 4_000
/** So many different links of one message, within so short a time, are no person's clicks. */
const LINKS = 3
const WITHIN_MS = 10_000

/**
 * Whether what followed a link of a message is a program that examines it rather than a person who reads it: see docs/decisions/0052.
 */
export function isMachine(
  { channel, handedAt, hits }: { channel: 'mail' | 'sms' | 'push'; handedAt: Date | null; hits: Hit[] },
  at: Date,
): boolean {
  if (channel === 'mail' && handedAt && at.getTime() - handedAt.getTime() < SOONEST_MS) return true
  const times = hits.toSorted((a, b) => a.at - b.at)
  return times.some(
    ({ at: first }, n) =>
      new Set(times.slice(n).flatMap((hit) => (hit.at - first <= WITHIN_MS ? [hit.link] : []))).size >= LINKS &&
      at.getTime() - first <= 10 * WITHIN_MS,
  )
}
