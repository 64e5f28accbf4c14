/** Latin letters that Unicode does not take apart into a letter and an accent. */
const LATIN: Record<string, string> = {
  ß: 'ss',
  ẞ: 'ss',
  æ: 'ae',
  Æ: 'ae',
  œ: 'oe',
  Œ: 'oe',
  ø: 'o',
  Ø: 'o',
  đ: 'd',
  Đ: 'd',
  ð: 'd',
  Ð: 'd',
  þ: 'th',
  Þ: 'th',
  ł: 'l',
  Ł: 'l',
  ħ: 'h',
  Ħ: 'h',
  ı: 'i',
  ŋ: 'ng',
  Ŋ: 'ng',
  ə: 'e',
}

const MOST = 60

/**
 * The part of an address that a name becomes: `Étude nº 4, “L’Été”` -> `etude-no-4-l-ete`. Latin letters lose their accents,
 * other scripts stay as they are (browsers show them); what is neither letter nor figure becomes a hyphen. At most 60
 * characters, cut between words where possible. `fallback` when nothing is left.
 */
export function slugify(text: string, fallback = ''): string {
  const plain = [...text.normalize('NFC').replace(/(?<=\p{L}\p{L})['’](?=\p{L}{1,2}(?!\p{L}))/gu, '')]
    .map((letter) => LATIN[letter] ?? (isLatin(letter) ? letter.normalize('NFKD').replace(/\p{M}/gu, '') : letter))
    .join('')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, '-')
    .replace(/^[-\p{M}]+|-+$/gu, '')
  return cut(plain) || fallback
}

/** Letters, and the signs that are a letter or a figure in disguise (º, ½, Ａ). */
const isLatin = (letter: string) => /[\p{Script=Latin}\u00a0-\u00bf\uff01-\uff5e]/u.test(letter)

function cut(slug: string): string {
  const letters = [...slug]
  if (letters.length <= MOST) return slug
  const short = letters.slice(0, MOST).join('')
  const end = letters[MOST] === '-' ? short.length : short.lastIndexOf('-')
  return (end > MOST / 2 ? short.slice(0, end) : short).replace(/-+$/, '')
}

/** What is looked up for an asked first segment: addresses are typed in any case, and composed in any way. */
export const asSlug = (segment: string): string => segment.normalize('NFC').toLowerCase()
