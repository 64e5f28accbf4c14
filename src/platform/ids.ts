import { randomBytes, randomInt } from 'node:crypto'

/** A new identifier: UUID version 7 (RFC 9562), so that rows made together lie together. */
export function newId(now = Date.now()): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(now, 0, 6)
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** A secret that nobody can guess, safe in a URL. 24 bytes make 32 characters. */
export const newToken = (bytes = 24): string => randomBytes(bytes).toString('base64url')

/** What is read from a wall or a telephone: no letter that is taken for another, no sign that ends a sentence. */
const PLAIN = 'abcdefghjkmnpqrstuvwxyz23456789'

/** A code that is typed, or has little room: 31 signs. */
export const newCode = (length: number): string => Array.from({ length }, () => PLAIN[randomInt(PLAIN.length)]).join('')

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
export const isId = (value: unknown): value is string => typeof value === 'string' && UUID.test(value)
