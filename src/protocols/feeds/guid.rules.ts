/** Namespace of the guid of a podcast feed (https://podcasting2.org/docs/podcast-namespace/tags/guid). */
const PODCAST = 'ead4c236-bf58-58c6-a2c6-a6b28d128cb6'

/** What of SHA-1 a UUID needs: given, so that this file has no I/O. */
type Sha1 = (bytes: Uint8Array) => Uint8Array

/** A UUID of version 5 (RFC 9562, section 5.5): the same name always gives the same one. */
export function uuid5(namespace: string, name: string, sha1: Sha1): string {
  const space = Uint8Array.from(namespace.replaceAll('-', '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  const bytes = sha1(new Uint8Array([...space, ...new TextEncoder().encode(name)])).slice(0, 16)
  bytes[6] = 0x50 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** A feed address as its guid is made of it: without scheme and slashes at the end. */
export const guidOfFeed = (url: string, sha1: Sha1): string =>
  uuid5(PODCAST, url.replace(/^[a-z]+:\/\//i, '').replace(/\/+$/, ''), sha1)
