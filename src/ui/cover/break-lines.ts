import { setLine } from './letters.ts'

export const MAX_LETTERS = 140

/** Every way worth trying to break a title: one line, two... as even as words allow, up to `most`. */
export function breakings(title: string, most: number): string[][] {
  const pieces = piecesOf(title)
  const found: string[][] = []
  for (let count = 1; count <= Math.min(most, pieces.length); count++) found.push(even(pieces, count))
  return found
}

/** Words with their spaces; letters one by one where a script has no spaces to break at. */
function piecesOf(title: string): string[] {
  const words = title.split(/\s+/).filter(Boolean)
  if (words.length > 1 || [...title].length <= 5 || !setLine(title).unknown) return words.map((word) => `${word} `)
  return [...title]
}

/** The breaking whose widest line is narrowest: a small search by halves over that width. */
function even(pieces: string[], count: number): string[] {
  const widths = pieces.map((piece) => setLine(piece).width)
  let low = Math.max(...widths)
  let high = widths.reduce((a, b) => a + b, 0)
  while (high - low > 1) {
    const middle = (low + high) / 2
    if (fill(pieces, widths, middle).length <= count) high = middle
    else low = middle
  }
  return fill(pieces, widths, high).map((line) => line.trim())
}

function fill(pieces: string[], widths: number[], limit: number): string[] {
  const lines: string[] = []
  let width = Number.POSITIVE_INFINITY
  for (const [index, piece] of pieces.entries()) {
    const own = widths[index] ?? 0
    if (width + own > limit + 0.5) {
      lines.push('')
      width = 0
    }
    lines[lines.length - 1] += piece
    width += own
  }
  return lines
}
