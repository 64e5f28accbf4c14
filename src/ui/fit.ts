/** East Asian letters are about twice as wide as Latin ones, and break anywhere. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/u

const width = (text: string): number => [...text].reduce((sum, letter) => sum + (WIDE.test(letter) ? 2 : 1), 0)

/**
 * By how much a large title shrinks so that it stays a title: 1 up to about two short lines, less for long ones, and enough
 * that a word of up to 23 letters stands whole in the width of a phone; longer ones break. Never under 0.4.
 */
export function fitTitle(title: string): number {
  const total = width(title)
  const words = title.split(/[\s\u2010-]+/).filter((word) => !WIDE.test(word))
  const longest = Math.max(1, ...words.map(width))
  const byLength = Math.sqrt(30 / Math.max(30, total))
  const byWord = Math.max(0.55, 13 / Math.max(13, longest))
  return Number(Math.max(0.4, Math.min(byLength, byWord)).toFixed(2))
}
