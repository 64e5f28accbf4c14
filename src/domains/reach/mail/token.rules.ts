import type { Signer } from '../../../platform/signing.ts'

const PURPOSE = 'delivery'

/**
 * Names a delivery in a return path or a Message-ID, so that only we can have written it: its id in base 36, then 96 bits of HMAC in hexadecimal.
 * Lower case alone: mail servers change the case of what stands before the @ as they like.
 */
export const deliveryToken = (signer: Pick<Signer, 'sign'>, deliveryId: number): string =>
  `${deliveryId.toString(36)}-${Buffer.from(signer.sign(PURPOSE, String(deliveryId)), 'base64url')
    .toString('hex')
    .slice(0, 24)}`

/** The delivery that a token names, or null when we did not write it. */
export function readDeliveryToken(signer: Pick<Signer, 'sign'>, token: string): number | null {
  const [, digits] = token.toLowerCase().match(/^([0-9a-z]{1,10})-[0-9a-f]{24}$/) ?? []
  if (!digits) return null
  const id = Number.parseInt(digits, 36)
  return Number.isSafeInteger(id) && deliveryToken(signer, id) === token.toLowerCase() ? id : null
}

/** `bounces@music.example` becomes `bounces+TOKEN@music.example`: where bounces of this one message come back (VERP). */
export function returnPathFor(address: string, token: string): string {
  const at = address.lastIndexOf('@')
  return `${address.slice(0, at)}+${token}${address.slice(at)}`
}

/** The delivery that is named in a return path (`bounces+TOKEN@`) or a Message-ID (`<TOKEN@`), if we wrote it. */
export function deliveryIn(signer: Pick<Signer, 'sign'>, text: string): number | null {
  for (const [, token = ''] of text.matchAll(/(?:^|[\s+<])([0-9a-z]{1,10}-[0-9a-f]{24})@/gi)) {
    const id = readDeliveryToken(signer, token)
    if (id !== null) return id
  }
  return null
}
