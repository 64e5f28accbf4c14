const NBSP = '\u00a0'
const NARROW = '\u202f'

/** Addresses are left exactly as written. The part before an @ is looked for from its beginning alone: from each letter takes seconds. */
const ADDRESS = /((?:https?:\/\/|www\.)\S+|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+|@[\w.-]+@[\w-]+(?:\.[\w-]+)+)/u

/**
 * The typographic details of a text that someone typed on a keyboard: apostrophes, quotes, ellipses, dashes, and in French
 * the spaces that must not break. Plain text, not HTML. Doing it twice changes nothing; languages that it does not know keep
 * their quotes and spaces.
 */
export function refine(text: string, lang: string): string {
  const language = lang.toLowerCase().split('-')[0]
  return text
    .split(ADDRESS)
    .map((part, index) => (index % 2 ? part : refinePart(part, language)))
    .join('')
}

function refinePart(text: string, language: string | undefined): string {
  const common = dashes(ellipses(text))
  if (language === 'fr') return frenchSpaces(frenchQuotes(apostrophes(common)))
  if (language === 'en') return englishQuotes(apostrophes(common))
  return apostrophes(common)
}

const ellipses = (text: string): string => text.replace(/(?<!\.)\.{3}(?!\.)/g, '…')

/** A hyphen between spaces is a dash; between words it is a hyphen. */
const dashes = (text: string): string => text.replace(/(?<=\S) (?:-|--) (?=\S)/g, ' – ')

/** Between letters, after an elision, before the digits of a decade. */
const apostrophes = (text: string): string =>
  text.replace(/(?<=\p{L}|\d)'(?=\p{L})/gu, '’').replace(/(?<=^|\s)'(?=\d\ds?(?!\p{L}|\d|'))/gu, '’')

const OPENS = String.raw`(?<=^|[\s(\[\u2014\u2013/«“‘])`
const CLOSES = String.raw`(?=$|[\s)\].,;:!?…»”’\u2014\u2013/])`
const DOUBLE = new RegExp(`${OPENS}"(?=\\S)([^"\\n]*?\\S)"${CLOSES}`, 'gu')
const SINGLE = new RegExp(`${OPENS}'(?=\\S)([^'\\n]*?\\S)'${CLOSES}`, 'gu')

const frenchQuotes = (text: string): string => text.replace(DOUBLE, `«${NBSP}$1${NBSP}»`)

const englishQuotes = (text: string): string =>
  text
    .replace(DOUBLE, '“$1”')
    .replace(SINGLE, '‘$1’')
    .replace(/(?<=\p{L}s)'(?=\s|$)/gu, '’')

/**
 * Before « ; ! ? » a narrow space, before « : » and inside the quotes a full one (Lexique des règles typographiques en usage
 * à l'Imprimerie nationale), and groups of three figures.
 */
const frenchSpaces = (text: string): string =>
  text
    .replace(/(?<=[\p{L}\p{N})\]»”’…%])[ \u00a0\u202f]*([;!?])(?=[\s!?»”)]|$)/gu, `${NARROW}$1`)
    .replace(/(?<=[\p{L}\p{N})\]»”’…%])[ \u00a0\u202f]*:(?=[\s»]|$)/gu, `${NBSP}:`)
    .replace(/«[ \u00a0\u202f]*(?=\S)/gu, `«${NBSP}`)
    .replace(/(?<=\S)[ \u00a0\u202f]*»/gu, `${NBSP}»`)
    .replace(/(?<!\d|\d[ .,\u202f])\d{1,3}(?:[ \u202f]\d{3})+(?!\d)/g, (number) => number.replaceAll(' ', NARROW))

/** A title of any language: what is before a sign that must not stand alone at the start of a line stays with it. */
export const refineTitle = (title: string): string =>
  apostrophes(ellipses(title))
    .replace(/(?<=\S) (?=[;:!?»])/g, NBSP)
    .replace(/(?<=«) (?=\S)/g, NBSP)
