import * as z from 'zod'

/**
 * A mail address as people type it: trimmed, and null when it cannot be one. Case is kept; comparisons ignore it. Signs that only look like
 * others (fullwidth letters, ligatures: all that Unicode's NFKC changes) are refused, since a mail server may take them for those others.
 */
export function readMail(text: unknown): string | null {
  if (typeof text !== 'string') return null
  const trimmed = text.trim()
  return trimmed.length <= 254 &&
    trimmed.normalize('NFKC') === trimmed &&
    z.email({ pattern: z.regexes.unicodeEmail }).safeParse(trimmed).success
    ? trimmed
    : null
}
