import { z } from 'zod'

/** A mail address as people type it: trimmed, and null when it cannot be one. Case is kept; comparisons ignore it. */
export function readMail(text: unknown): string | null {
  if (typeof text !== 'string') return null
  const trimmed = text.trim()
  return trimmed.length <= 254 && z.email({ pattern: z.regexes.unicodeEmail }).safeParse(trimmed).success
    ? trimmed
    : null
}
