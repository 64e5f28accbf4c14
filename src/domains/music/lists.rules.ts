import { readRole } from './roles.rules.ts'

/** How lists of names are written in a form: one a line, so that no sign within a name is taken for a comma. */

const FEATURED = /^(?:feat\.?|ft\.?|featuring|avec)\s+/iu
const MOST_NAME = 200

const lines = (text: string): string[] =>
  text
    .normalize('NFC')
    .split(/\r?\n/)
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter(Boolean)

export type ArtistLine = { name: string; isFeatured: boolean }

/** "Ada", then "feat. Bo" for a guest. The same name twice is one. */
export function readArtists(text: string): ArtistLine[] {
  const read = lines(text).map((line) => ({
    name: line.replace(FEATURED, '').slice(0, MOST_NAME),
    isFeatured: FEATURED.test(line),
  }))
  return read.filter(({ name }, i) => name && read.findIndex((other) => other.name === name) === i).slice(0, 50)
}

export const writeArtists = (artists: readonly ArtistLine[]): string =>
  artists.map(({ name, isFeatured }) => (isFeatured ? `feat. ${name}` : name)).join('\n')

export type CreditEntry = { role: string; detail: string | null; name: string }

const CREDIT = /^([^:(]+?)\s*(?:\(([^)]*)\))?\s*:\s*(.+)$/u

/** "Bass: Bo" or "Performer (harp): Cy", one a line, roles in either language. A line that is neither is given back by number. */
export function readCredits(text: string): { credits: CreditEntry[] } | { wrongLine: number } {
  const credits: CreditEntry[] = []
  for (const [i, line] of lines(text).slice(0, 200).entries()) {
    const [, role, detail, name] = CREDIT.exec(line) ?? []
    if (!role || !name) return { wrongLine: i + 1 }
    credits.push({ role: readRole(role), detail: detail?.trim() || null, name: name.slice(0, MOST_NAME) })
  }
  return { credits }
}

/** `roleName` says a role in the reader's language. */
export const writeCredits = (credits: readonly CreditEntry[], roleName: (credit: CreditEntry) => string): string =>
  credits.map((credit) => `${roleName(credit)}: ${credit.name}`).join('\n')

/** "folk, field recordings; drone": words of a list, without doubles, as many as `most`. */
export function readWords(text: string, most: number): string[] {
  const words = text
    .normalize('NFC')
    .split(/[,;\n]/)
    .map((word) => word.replace(/\s+/g, ' ').trim().slice(0, 60))
    .filter(Boolean)
  return words.filter((word, i) => words.findIndex((w) => w.toLowerCase() === word.toLowerCase()) === i).slice(0, most)
}
