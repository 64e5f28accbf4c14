import {
  asSms,
  type Concat,
  concatHeader,
  decodeGsm7,
  decodeUcs2,
  encodeGsm7,
  encodeUcs2,
  readUserData,
  splitSms,
} from '../../sms.rules.ts'

/** What data_coding 0 means is the network's choice (SMPP 3.4, 5.2.19): nearly always telephones' own alphabet, in a few Latin-1. */
export type DefaultAlphabet = 'gsm7' | 'latin1'

export type SubmitPart = { dataCoding: number; octets: Uint8Array; hasHeader: boolean }

const LATIN1 = 3
const UCS2 = 8

/** A text as the parts in which it leaves, each with the header that lets the telephone put them together again. */
export function submitParts(text: string, reference: number, alphabet: DefaultAlphabet): SubmitPart[] {
  const { encoding, parts } = splitSms(text)
  const encode = encoding === 'ucs2' ? encodeUcs2 : alphabet === 'gsm7' ? encodeGsm7 : encodeLatin1
  const latin = encoding === 'gsm7' && alphabet === 'latin1' && isLatin1(asSms(text))
  // A network whose own alphabet is Latin-1 gets as UCS-2 what that lacks (Greek capitals, the euro sign).
  if (encoding === 'gsm7' && alphabet === 'latin1' && !latin) return ucs2Parts(asSms(text), reference)
  return parts.map((part, at) =>
    withHeader(encode(part), encoding === 'ucs2' ? UCS2 : 0, reference, parts.length, at + 1),
  )
}

function ucs2Parts(text: string, reference: number): SubmitPart[] {
  if (text.length <= 70) return [withHeader(encodeUcs2(text), UCS2, reference, 1, 1)]
  const parts: string[] = ['']
  for (const one of text) {
    const last = parts.at(-1) ?? ''
    if (last.length + one.length > 67) parts.push(one)
    else parts[parts.length - 1] = last + one
  }
  return parts.map((part, at) => withHeader(encodeUcs2(part), UCS2, reference, parts.length, at + 1))
}

function withHeader(
  words: Uint8Array,
  dataCoding: number,
  reference: number,
  total: number,
  number: number,
): SubmitPart {
  if (total === 1) return { dataCoding, octets: words, hasHeader: false }
  const octets = new Uint8Array(6 + words.length)
  octets.set(concatHeader(reference, total, number))
  octets.set(words, 6)
  return { dataCoding, octets, hasHeader: true }
}

const isLatin1 = (text: string) => [...text].every((one) => one.charCodeAt(0) < 0x100 && one.length === 1)
const encodeLatin1 = (text: string) => Uint8Array.from(text, (one) => one.charCodeAt(0) & 0xff)
const decodeLatin1 = (octets: Uint8Array) => Array.from(octets, (one) => String.fromCharCode(one)).join('')

/** One message that came in, or one part of one: octets stay octets until all parts are there, since a character may be cut between them. */
export type IncomingPart = { concat: Concat | null; dataCoding: number; octets: Uint8Array }

export function readIncoming(deliver: {
  esmClass: number
  dataCoding: number
  octets: Uint8Array
  sar: Concat | null
}): IncomingPart {
  const hasHeader = (deliver.esmClass & 0x40) !== 0
  const { concat, body } = hasHeader ? readUserData(deliver.octets) : { concat: null, body: deliver.octets }
  return { concat: concat ?? deliver.sar, dataCoding: deliver.dataCoding, octets: body }
}

/** The words of a whole message. Message classes and compressed forms (23.038 §4) count by the alphabet that they name. */
export function decodeIncoming(octets: Uint8Array, dataCoding: number, alphabet: DefaultAlphabet): string {
  const coding = dataCoding >= 0x10 ? ((dataCoding & 0x0c) === 0x08 && dataCoding < 0xf0 ? UCS2 : 0) : dataCoding
  // PostgreSQL keeps no NUL in a text.
  return decode(octets, coding, alphabet).replaceAll('\0', '').toWellFormed()
}

function decode(octets: Uint8Array, coding: number, alphabet: DefaultAlphabet): string {
  if (coding === UCS2) return decodeUcs2(octets)
  if (coding === LATIN1) return decodeLatin1(octets)
  // IA5 (1) is ASCII; what has no table here (Cyrillic, Hebrew, JIS) is known to browsers' names.
  const named = { 6: 'iso-8859-5', 7: 'iso-8859-8', 5: 'shift_jis', 14: 'euc-kr' }[coding]
  if (named) return new TextDecoder(named).decode(octets)
  if (coding === 1) return decodeLatin1(octets.map((one) => one & 0x7f))
  return alphabet === 'gsm7' ? decodeGsm7(octets) : decodeLatin1(octets)
}
