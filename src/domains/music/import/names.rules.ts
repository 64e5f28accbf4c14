const CONTROL = /[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu

/** Text for people: NFC, one line, no control or direction-forcing characters. Null when nothing is left. */
export function tidy(text: string | null | undefined, maxLength = 300): string | null {
  if (!text) return null
  const line = text.normalize('NFC').replace(CONTROL, ' ').replace(/\s+/g, ' ').trim()
  return line === '' ? null : [...line].slice(0, maxLength).join('')
}

/** The same for text of several lines (lyrics, a description): line breaks are kept. */
export function tidyLines(text: string | null | undefined, maxLength = 20_000): string | null {
  if (!text) return null
  const lines = text
    .normalize('NFC')
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .split('\n')
    .map((line) => line.replace(CONTROL, ' ').trimEnd())
  const whole = lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
  return whole === '' ? null : [...whole].slice(0, maxLength).join('')
}

const CP1252 = new Map(
  Array.from(new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 256 }, (_, i) => i)), (char, i) => [
    char,
    i,
  ]),
)

/** "PiÃ¨ce" is "Pièce", written in UTF-8 and read as if it were not: common in WAV and old MP3. Other texts are left alone. */
export function mended(text: string): string {
  if (!/[\u00c2-\u00f4]/.test(text)) return text
  const bytes = Array.from(text, (char) => (char <= '\u00ff' ? char.charCodeAt(0) : CP1252.get(char)))
  if (bytes.some((byte) => byte === undefined)) return text
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes as number[]))
  } catch {
    return text
  }
}

/** Lower case, without accents or punctuation: for comparing, never for showing. */
export function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** "2 b" before "10 a", capitals and accents beside their letters, and never undecided. */
export function naturalOrder(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
}

/** Files of a folder before those of the folders inside it. */
export function naturalOrderOfSegments(a: string[], b: string[]): number {
  const folders = Math.min(a.length, b.length) - 1
  for (let i = 0; i < folders; i++) {
    const order = naturalOrder(a[i] ?? '', b[i] ?? '')
    if (order !== 0) return order
  }
  return a.length - b.length || naturalOrder(a.at(-1) ?? '', b.at(-1) ?? '')
}

/** "03_title_words" and "03-title-words" were written for machines: give the words back. `whole` is the name it was part of. */
export function unslugged(stem: string, whole = stem): string {
  if (/\s/.test(whole)) return stem
  const words = stem.includes('_') ? stem.replace(/_+/g, ' ').trim() : lowerCaseSlug(stem)
  if (words === stem && whole === stem) return stem
  return words === words.toLowerCase() ? words.replace(/\p{L}/u, (first) => first.toUpperCase()) : words
}

function lowerCaseSlug(stem: string): string {
  const manyHyphens = (stem.match(/-/g)?.length ?? 0) >= 2
  return manyHyphens && stem === stem.toLowerCase() ? stem.replace(/-+/g, ' ').trim() : stem
}

/** The values in order of how often they come, first come first among equals; compared without accents or case. */
export function byFrequency(values: string[]): { value: string; count: number }[] {
  const counts = new Map<string, { value: string; count: number }>()
  for (const value of values) {
    const key = folded(value) || value
    const entry = counts.get(key)
    if (entry) entry.count++
    else counts.set(key, { value, count: 1 })
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)
}

/** The value that at least half of all the files say, silent ones included. */
export function saidByHalf(values: (string | null | undefined)[]): string | null {
  const first = byFrequency(values.filter((value): value is string => !!value))[0]
  return first && first.count * 2 >= values.length ? first.value : null
}

/** The value that most of the files agree on, if at least half of those that speak do. */
export function agreed(values: (string | null | undefined)[]): string | null {
  const spoken = values.filter((value): value is string => !!value)
  const first = byFrequency(spoken)[0]
  return first && first.count * 2 >= spoken.length ? first.value : null
}
