/** What an artist may agree to show, one by one. */
export const PROOFS = ['towns', 'growth', 'response', 'retention'] as const
export type ProofKind = (typeof PROOFS)[number]

/** What a figure is about: all that an artist does, or one release. */
export type Of = 'artist' | 'release'

/** A town is named from so many people on. */
export const TOWN_FLOOR = 5
/** A share is told from so many people on. */
export const SHARE_FLOOR = 20

/** `n` of `of` people, with the 95 % interval of the share (0 to 1). */
export type Share = { n: number; of: number; low: number; high: number }

/** Days are `YYYY-MM-DD`, in UTC. */
export type Facts =
  | { towns: { place: string; people: number }[] }
  | { months: { on: string; people: number }[] }
  | ({ from: string; to: string } & Share)
  | { from: string; to: string; tooFew: true }

const Z = 1.959963984540054

/**
 * The 95 % interval of a share by Wilson's score (1927; Brown, Cai and DasGupta 2001 recommend it for small numbers).
 * Null under `SHARE_FLOOR` people.
 */
export function shareOf(n: number, of: number): Share | null {
  if (of < SHARE_FLOOR) return null
  const p = n / of
  const middle = (p + (Z * Z) / (2 * of)) / (1 + (Z * Z) / of)
  const half = (Z / (1 + (Z * Z) / of)) * Math.sqrt((p * (1 - p)) / of + (Z * Z) / (4 * of * of))
  return { n, of, low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}
