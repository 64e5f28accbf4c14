/**
 * Text messages as telephones count them: 3GPP TS 23.038 (alphabets) and 23.040 §9.2.3.24.1 (concatenation).
 * One message of 160 septets or 70 UTF-16 units; past that, parts of 153 or 67, since each then carries a header of six octets.
 */

export type SmsEncoding = 'gsm7' | 'ucs2'
export type SmsCount = {
  encoding: SmsEncoding
  /** How many messages are paid for. */
  segments: number
  /** Septets or UTF-16 units in all. */
  units: number
  /** How many more fit before another message is paid for. */
  left: number
}

const ESCAPE = 0x1b
/** The default alphabet; at 0x1B stands the escape, which no text holds. */
const DEFAULT =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{1b}ÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
/** Two septets each: the escape and this. */
const EXTENSION: Record<string, number> = {
  '\f': 0x0a,
  '^': 0x14,
  '{': 0x28,
  '}': 0x29,
  '\\': 0x2f,
  '[': 0x3c,
  '~': 0x3d,
  ']': 0x3e,
  '|': 0x40,
  '€': 0x65,
}
const SEPTET = new Map([...DEFAULT].map((character, at) => [character, at]))
SEPTET.delete('\u{1b}')
const EXTENDED = new Map(Object.entries(EXTENSION).map(([character, code]) => [code, character]))

const LIMITS = { gsm7: { alone: 160, part: 153 }, ucs2: { alone: 70, part: 67 } } as const
/** What is really sent: composed accents, plain line ends, no tabulation and no halves of characters. */
export const asSms = (text: string): string =>
  text.normalize('NFC').replace(/\r\n?/g, '\n').replaceAll('\t', ' ').toWellFormed()

const septetsOf = (character: string): number => (SEPTET.has(character) ? 1 : character in EXTENSION ? 2 : 0)

/** The characters that telephones' own alphabet lacks, once each, in their order: any of them makes a message hold 70 instead of 160. */
export const outsideGsm = (text: string): string[] => [...new Set(asSms(text))].filter((one) => septetsOf(one) === 0)

/** Typography that telephones' own alphabet lacks, said with what it has; letters are left as they are. */
export const plainer = (text: string): string =>
  text
    .replace(/[\u{2018}\u{2019}\u{201a}\u{2032}]/gu, "'")
    .replace(/«[\s\u{a0}\u{202f}]*|[\s\u{a0}\u{202f}]*»|[\u{201c}\u{201d}\u{201e}\u{2033}]/gu, '"')
    .replace(/[\u{2010}-\u{2015}\u{2212}]/gu, '-')
    .replaceAll('…', '...')
    .replace(/[\u{a0}\u{2000}-\u{200a}\u{202f}]/gu, ' ')
    .replace(/[\u{200b}\u{2060}\u{ad}]/gu, '')

/** Letters that do not fall apart into a plain one and its accent. */
const LIGATURES: Record<string, string> = {
  œ: 'oe',
  Œ: 'OE',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ı: 'i',
  þ: 'th',
  Þ: 'Th',
  ð: 'd',
}

const plainLetter = (one: string): string => LIGATURES[one] ?? one.normalize('NFD').replace(/\p{M}/gu, '')

/** Letters that telephones' own alphabet lacks, said with those it has (ê as e, ç as c, œ as oe), and typography as {@link plainer} says it. What has no plain letter stays. */
export const plainLetters = (text: string): string =>
  [...plainer(asSms(text))]
    .map((one) => {
      const plain = septetsOf(one) > 0 ? one : plainLetter(one)
      return plain && [...plain].every((letter) => septetsOf(letter) > 0) ? plain : one
    })
    .join('')

/** The message cut where a new one begins: never inside a character, an escape or a surrogate pair. */
export function splitSms(text: string): { encoding: SmsEncoding; parts: string[]; last: number; units: number } {
  const sent = asSms(text)
  const encoding: SmsEncoding = [...sent].every((one) => septetsOf(one) > 0) ? 'gsm7' : 'ucs2'
  const sizeOf = encoding === 'gsm7' ? septetsOf : (one: string) => one.length
  const { alone, part } = LIMITS[encoding]
  const units = [...sent].reduce((sum, one) => sum + sizeOf(one), 0)
  if (units <= alone) return { encoding, parts: [sent], last: units, units }
  const parts = ['']
  let last = 0
  for (const one of sent) {
    const size = sizeOf(one)
    if (last + size > part) {
      parts.push('')
      last = 0
    }
    parts[parts.length - 1] += one
    last += size
  }
  return { encoding, parts, last, units }
}

/** How many messages a text is, and how much room is left. */
export function countSms(text: string): SmsCount {
  const { encoding, parts, last, units } = splitSms(text)
  const { alone, part } = LIMITS[encoding]
  return { encoding, segments: parts.length, units, left: (parts.length === 1 ? alone : part) - last }
}

export type SmsWeighed = {
  /** As it leaves. */
  sent: string
  count: SmsCount
  /** Signs of it that telephones lack, and those as typed that others stand for now. */
  outside: string[]
  replaced: string[]
  /** How many messages it would be as it was typed. */
  typed: number
  /** With plain letters, where those make it cheaper. */
  plain: { text: string; count: SmsCount } | null
}

/** What is to be known about a text before it leaves, spelt with what telephones have. */
export function weighSms(typed: string, spell: (text: string) => string = plainer): SmsWeighed {
  const sent = spell(typed)
  const count = countSms(sent)
  const outside = outsideGsm(sent)
  const plain = plainLetters(typed)
  const plainCount = countSms(plain)
  return {
    sent,
    count,
    outside,
    replaced: outsideGsm(typed).filter((sign) => !outside.includes(sign)),
    typed: countSms(typed).segments,
    plain: plainCount.segments < count.segments ? { text: plain, count: plainCount } : null,
  }
}

/** Signs as a sentence names them; spaces, which cannot be seen, by a word. */
export function namedSigns(signs: string[], spaces: string): string {
  const seen = signs.filter((one) => !/[\s\u200b\u2060\u00ad]/.test(one))
  return [...seen.slice(0, 8), ...(seen.length < signs.length ? [spaces] : [])].join(', ')
}

/** Millionths of the currency that one message to a country costs; '*' is every other country. */
export type SmsPrices = Record<string, number>

/** What a text costs to so many people a country, in millionths; `unpriced` of them have no known price. */
export function smsCost(
  segments: number,
  people: { country: string; count: number }[],
  prices: SmsPrices,
): { millionths: number; unpriced: number } {
  let millionths = 0
  let unpriced = 0
  for (const { country, count } of people) {
    const price = prices[country] ?? prices['*']
    if (price === undefined) unpriced += count
    else millionths += price * segments * count
  }
  return { millionths, unpriced }
}

/** A price of texts in words, in tenths of a cent where it has them. */
export const smsMoney = (millionths: number, currency: string, lang: string): string =>
  new Intl.NumberFormat(lang, { style: 'currency', currency, maximumFractionDigits: 3 }).format(millionths / 1_000_000)

/** One septet an octet, not packed, as SMPP carries them. What the alphabet lacks becomes a question mark. */
export function encodeGsm7(text: string): Uint8Array {
  const octets: number[] = []
  for (const one of text) {
    const extension = EXTENSION[one]
    if (extension !== undefined) octets.push(ESCAPE, extension)
    else octets.push(SEPTET.get(one) ?? 0x3f)
  }
  return Uint8Array.from(octets)
}

/** An escape that leads nowhere is a space, and what follows it is read as if there were none (23.038 §6.2.1.1). */
export function decodeGsm7(octets: Uint8Array): string {
  let text = ''
  for (let at = 0; at < octets.length; at++) {
    const code = (octets[at] ?? 0) & 0x7f
    if (code !== ESCAPE) {
      text += DEFAULT[code]
      continue
    }
    const extended = EXTENDED.get((octets[at + 1] ?? 0) & 0x7f)
    if (extended !== undefined) at++
    text += extended ?? ' '
  }
  return text
}

/** UTF-16, big end first: what SMPP and telephones call UCS-2. */
export function encodeUcs2(text: string): Uint8Array {
  const octets = new Uint8Array(text.length * 2)
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    octets[at * 2] = unit >> 8
    octets[at * 2 + 1] = unit & 0xff
  }
  return octets
}

export function decodeUcs2(octets: Uint8Array): string {
  let text = ''
  for (let at = 0; at + 1 < octets.length; at += 2)
    text += String.fromCharCode(((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0))
  return text
}

/** The user data header before part `number` (from 1) of `total`. */
export const concatHeader = (reference: number, total: number, number: number): Uint8Array =>
  Uint8Array.of(5, 0, 3, reference & 0xff, total, number)

export type Concat = { reference: number; total: number; number: number }

/**
 * Takes the user data header off: which part of what this is, if it says so (eight- or sixteen-bit reference), and the words.
 * A header that is broken is left where it is: better strange words than none.
 */
export function readUserData(octets: Uint8Array): { concat: Concat | null; body: Uint8Array } {
  const end = (octets[0] ?? 0) + 1
  if (octets.length === 0 || end > octets.length) return { concat: null, body: octets }
  let concat: Concat | null = null
  for (let at = 1; at + 1 < end; ) {
    const [id, length] = [octets[at], octets[at + 1] ?? 0]
    const data = octets.subarray(at + 2, Math.min(at + 2 + length, end))
    if (id === 0 && data.length === 3) concat = concatOf(data[0] ?? 0, data[1], data[2])
    if (id === 8 && data.length === 4) concat = concatOf(((data[0] ?? 0) << 8) | (data[1] ?? 0), data[2], data[3])
    at += 2 + length
  }
  return { concat, body: octets.subarray(end) }
}

/** A part beyond the last, or of a message of one part, is to be read as a message of its own (23.040 §9.2.3.24.1). */
const concatOf = (reference: number, total = 0, number = 0): Concat | null =>
  total > 1 && number >= 1 && number <= total ? { reference, total, number } : null
