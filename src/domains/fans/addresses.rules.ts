import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { fail, ok, type Result } from '../../platform/result.ts'
import type { Channel } from './tables.ts'

/** Why something typed is no address: worded at the edge. */
export type AddressProblem =
  | 'mail-wrong'
  /** Signs of several scripts in one word, or signs that are only drawn like others. */
  | 'mail-alike'
  | 'phone-wrong'
  | 'phone-country'
  /** A landline, a premium or a service number: no text can be sent there. */
  | 'phone-no-text'
  | 'push-wrong'

export type ReadAddress = {
  channel: Channel
  /** As it is written to. */
  address: string
  /** One spelling for all who mean the same. */
  key: string
  /** Of a number: ISO 3166-1 alpha-2. */
  country: string | null
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/
const ATOM = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+$/u
const LABEL = /^[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u

/** Reads what was typed for a channel. `country`: where a number without its prefix is from. */
export function readAddress(channel: Channel, text: string, country?: string): Result<ReadAddress, AddressProblem> {
  switch (channel) {
    case 'mail':
      return readMailAddress(text)
    case 'sms':
      return readPhone(text, country)
    case 'push':
      return readEndpoint(text)
  }
}

/**
 * A mail address without comments, quotes or brackets, letters of any one script allowed (RFC 6531). The key is in lower case, with the
 * domain in its ASCII form. Whatever could end a header, or looks like another address, is refused.
 */
export function readMailAddress(text: string): Result<ReadAddress, AddressProblem> {
  const address = text.trim()
  const at = address.lastIndexOf('@')
  if (CONTROL.test(address) || address.length > 254 || at < 1) return fail('mail-wrong')
  const local = address.slice(0, at)
  const domain = address.slice(at + 1)
  if (address.normalize('NFKC') !== address) return fail('mail-alike')
  if (local.length > 64 || !local.split('.').every((atom) => ATOM.test(atom))) return fail('mail-wrong')
  const labels = domain.split('.')
  if (labels.length < 2 || !labels.every((label) => label.length <= 63 && LABEL.test(label))) return fail('mail-wrong')
  if (!/\p{L}/u.test(labels.at(-1) ?? '')) return fail('mail-wrong')
  if (![local, ...labels].every(isOneScript)) return fail('mail-alike')
  const ascii = asciiDomain(domain)
  if (!ascii) return fail('mail-wrong')
  return ok({ channel: 'mail', address, key: `${local.toLowerCase()}@${ascii}`, country: null })
}

const SCRIPTS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Georgian}/u,
  /\p{Script=Cherokee}/u,
  /\p{Script=Coptic}/u,
  /\p{Script=Lisu}/u,
]

/** Whether a word keeps to one of the scripts whose letters are drawn alike: `раураl` with Cyrillic а does not. */
function isOneScript(word: string): boolean {
  return SCRIPTS.filter((script) => script.test(word)).length <= 1
}

function asciiDomain(domain: string): string | null {
  try {
    const { hostname } = new URL(`http://${domain}`)
    return hostname.length <= 253 && /^[a-z0-9.-]+$/.test(hostname) && !/^[\d.]+$/.test(hostname) ? hostname : null
  } catch {
    return null
  }
}

/** Kinds of numbers that can be written to; landlines and numbers that cost their caller are none. */
const TEXTS = new Set(['MOBILE', 'FIXED_LINE_OR_MOBILE', 'VOIP', 'PERSONAL_NUMBER'])

/** A telephone number in E.164. Digits of other scripts are digits; letters, extensions and service numbers are refused. */
export function readPhone(text: string, country?: string): Result<ReadAddress, AddressProblem> {
  const typed = text.trim().normalize('NFKC')
  if (CONTROL.test(typed) || !/^\+?[\p{Nd}\s().\-/‐-―]{4,30}$/u.test(typed)) return fail('phone-wrong')
  const from = country && isSupportedCountry(country) ? (country as CountryCode) : undefined
  const written = typed.replace(/^00/, '+')
  if (!from && !written.startsWith('+')) return fail('phone-country')
  const number = parsePhoneNumberFromString(written, from && { defaultCountry: from })
  if (!number?.isValid() || number.ext) return fail('phone-wrong')
  const type = number.getType()
  if (!type || !TEXTS.has(type)) return fail('phone-no-text')
  return ok({ channel: 'sms', address: number.number, key: number.number, country: number.country ?? null })
}

/** A push service's address: https, a public name, nothing of a local network (we will be speaking to it). */
export function readEndpoint(text: string): Result<ReadAddress, AddressProblem> {
  if (text.length > 1_000 || CONTROL.test(text) || !URL.canParse(text)) return fail('push-wrong')
  const { protocol, hostname, port, username, password, href, hash } = new URL(text)
  const isPublic =
    /^(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*$/.test(hostname) &&
    !/\.(?:local|localhost|internal|lan|home|arpa|test|invalid|onion)$/.test(hostname)
  if (protocol !== 'https:' || port || username || password || hash || !isPublic) return fail('push-wrong')
  return ok({ channel: 'push', address: href, key: href, country: null })
}

/** The keys of a push subscription: an uncompressed P-256 point and 16 bytes, in base64url. */
export const isPushKeys = (keys: { p256dh: string; auth: string }): boolean =>
  /^[\w-]{87}=?$/.test(keys.p256dh) && /^[\w-]{22}(?:==)?$/.test(keys.auth)

/** A name as somebody gives it: one line, no signs that steer, at most 100 letters. */
export const readName = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 100)

/** A keyword as it is compared: the first word, upper case, without accents and signs. Null when there is none. */
export const readKeyword = (text: string): string | null =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .match(/[\p{L}\p{N}]+/u)?.[0]
    ?.slice(0, 30) ?? null
