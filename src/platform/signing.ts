import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** Signs texts for one purpose each, so that a signature made for one thing never opens another. */
export type Signer = {
  /** 22 characters of base64url: 132 bits of HMAC-SHA-256. */
  sign(purpose: string, text: string): string
  verify(purpose: string, text: string, signature: string): boolean
}

export function createSigner(secret: string): Signer {
  const sign = (purpose: string, text: string) =>
    createHmac('sha256', secret).update(`${purpose}\0${text}`).digest('base64url').slice(0, 22)
  return {
    sign,
    verify: (purpose, text, signature) => sameText(sign(purpose, text), signature),
  }
}

/** SHA-256 in hexadecimal: what we keep of a secret that somebody else holds. */
export const hashOf = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex')

/** Names what a form showed when it was filled in, so that a save can tell whether somebody else saved since. */
export const digestOf = (fields: Record<string, string>): string =>
  hashOf(JSON.stringify(Object.entries(fields).sort())).slice(0, 24)

/** Compares without telling by its duration where two texts differ. */
export function sameText(a: string, b: string): boolean {
  const left = createHash('sha256').update(a).digest()
  const right = createHash('sha256').update(b).digest()
  return timingSafeEqual(left, right)
}
