/** East Asian letters are about twice as wide as Latin ones, and break anywhere. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/u

const width = (text: string): number => [...text].reduce((sum, letter) => sum + (WIDE.test(letter) ? 2 : 1), 0)

/**
 * By how much a large title shrinks so that it stays a title: 1 up to about two short lines, less for long ones, and enough
 * that a word of up to 23 letters stands whole in the width of a phone; longer ones break. Never under 0.4.
 */
function fitTitle(title: string): number {
  const total = width(title)
  const words = title.split(/[\s\u2010-]+/).filter((word) => !WIDE.test(word))
  const longest = Math.max(1, ...words.map(width))
  const byLength = Math.sqrt(30 / Math.max(30, total))
  const byWord = Math.max(0.55, 13 / Math.max(13, longest))
  return Number(Math.max(0.4, Math.min(byLength, byWord)).toFixed(2))
}

/** Scripts that join their letters or stack marks above and below them: Arabic, Hebrew, those of India, Thai, Khmer, Tibetan. */
const TALL =
  /[\p{sc=Arab}\p{sc=Hebr}\p{sc=Syrc}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}\p{sc=Thai}\p{sc=Laoo}\p{sc=Tibt}\p{sc=Mymr}\p{sc=Khmr}]/u

/** What a large title asks for beyond its place in the page: its size, and air where tight lines would tear its script. */
export function titleStyle(title: string): string | undefined {
  const fit = fitTitle(title)
  const asked = [
    ...(fit < 1 ? [`--fit:${fit}`] : []),
    ...(TALL.test(title) ? ['--title-lead:1.3', '--title-track:0'] : []),
  ]
  return asked.length > 0 ? asked.join(';') : undefined
}
