const MINUTE_MS = 60_000
/** Greylisting opens after some minutes; what is refused for hours is given up after a day and a half. */
const ROW_MINUTES = [2, 5, 15, 30, 60, 120, 240, 360, 480, 720]

/** When to try a message again after its n-th refusal (from 1), or null when it is given up. */
export function retryAfter(attempt: number, now: Date, asked?: Date): Date | null {
  const minutes = ROW_MINUTES[attempt - 1]
  if (minutes === undefined) return null
  const ours = now.getTime() + minutes * MINUTE_MS
  // Whoever names a time is believed, up to a day.
  const theirs = asked && Math.min(asked.getTime(), now.getTime() + 24 * 60 * MINUTE_MS)
  return new Date(theirs ?? ours)
}

/** A single refusal is one recipient's; from the third in a row on, the whole domain or provider is left alone for a while. */
export function pauseAfter(strikes: number, now: Date, whole: 'domain' | 'provider', asked?: Date): Date | null {
  if (asked) return asked
  const free = whole === 'domain' ? 2 : 0
  if (strikes <= free) return null
  const seconds = Math.min(15 * 2 ** (strikes - free - 1), 3600)
  return new Date(now.getTime() + seconds * 1000)
}

export type Rate = { count: number; seconds: number }

/** `{"count": 100, "seconds": 60}` of a provider's settings; anything else is no limit. */
export function readRate(value: unknown): Rate | null {
  if (typeof value !== 'object' || value === null) return null
  const { count, seconds } = value as Partial<Record<keyof Rate, unknown>>
  return Number.isInteger(count) && Number(count) > 0 && Number(seconds) > 0
    ? { count: Number(count), seconds: Number(seconds) }
    : null
}
