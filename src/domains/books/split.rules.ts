import { fail, ok, type Result } from '../../platform/result.ts'
import { WHOLE } from './share.rules.ts'

export type Part = { payeeId: string | null; share: number }
export type SplitProblem = 'share-wrong' | 'sum-wrong' | 'nobody' | 'same' | 'day-wrong' | 'asked-already'

/** "33.34" or "33,34" percent as hundredths of a percent; nothing typed is none. Null when it is no share. */
export function readShare(text: string): number | null {
  const plain = text.replace(/[\s\u00a0\u202f%]/g, '').replace(',', '.')
  if (plain === '') return 0
  if (!/^\d{1,3}(\.\d{1,2})?$/.test(plain)) return null
  const [whole = '', fraction = ''] = plain.split('.')
  const share = Number(whole) * 100 + Number(fraction.padEnd(2, '0'))
  return share <= WHOLE ? share : null
}

/** "33.34", "50": what a field shows. */
export const writeShare = (share: number): string => (share ? String(share / 100) : '')

/** Reads the shares of people and of the seller (null). They sum to all there is, and somebody besides the seller has one. */
export function readParts(
  typed: { payeeId: string | null; text: string }[],
): Result<Part[], { problem: SplitProblem; payeeId?: string | null; sum?: number }> {
  const parts: Part[] = []
  for (const { payeeId, text } of typed) {
    const share = readShare(text)
    if (share === null) return fail({ problem: 'share-wrong', payeeId })
    if (share > 0) parts.push({ payeeId, share })
  }
  const sum = parts.reduce((total, { share }) => total + share, 0)
  if (sum !== WHOLE) return fail({ problem: 'sum-wrong', sum })
  return ok(parts)
}

type Terms = { parts: Part[]; recoupsCosts: boolean }

/** Whom a change concerns: those whose share is another than before, and all who share when what is taken first changes. */
export function concerned(before: Terms | null, after: Terms): string[] {
  if (!before) return []
  const shareIn = (terms: Terms, payeeId: string) => terms.parts.find((part) => part.payeeId === payeeId)?.share ?? 0
  const all = new Set([...before.parts, ...after.parts].flatMap(({ payeeId }) => payeeId ?? []))
  return [...all].filter(
    (payeeId) => before.recoupsCosts !== after.recoupsCosts || shareIn(before, payeeId) !== shareIn(after, payeeId),
  )
}

export const sameTerms = (a: Terms, b: Terms): boolean => {
  const key = ({ parts, recoupsCosts }: Terms) =>
    JSON.stringify([recoupsCosts, parts.map(({ payeeId, share }) => `${payeeId} ${share}`).sort()])
  return key(a) === key(b)
}
