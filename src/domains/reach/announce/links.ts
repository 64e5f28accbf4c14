import { type Signer, sameText } from '../../../platform/signing.ts'

/** Which delivery a link of a message came in, and which of its links it is. */
export type LinkOf = { deliveryId: number; link: number }

const SIGNED = 8
const PURPOSE = 'message link'

/**
 * The code of a link, as `/l/CODE` and `?via=m.CODE` have it: the link's number in one byte, the delivery's in as few as it needs, and 48
 * bits of signature. Nothing is stored for it, and it is short enough for a text message.
 */
export function linkCode(signer: Signer, { deliveryId, link }: LinkOf): string {
  const digits = deliveryId.toString(16)
  const hex = digits.length % 2 ? `0${digits}` : digits
  const said = Buffer.concat([Buffer.of(link), Buffer.from(hex, 'hex')]).toString('base64url')
  return said + signer.sign(PURPOSE, said).slice(0, SIGNED)
}

/** What a code says, or null when it is none of ours. */
export function readLinkCode(signer: Signer, code: string): LinkOf | null {
  const said = code.slice(0, -SIGNED)
  if (!/^[\w-]{3,12}$/.test(said) || !sameText(signer.sign(PURPOSE, said).slice(0, SIGNED), code.slice(-SIGNED)))
    return null
  const bytes = Buffer.from(said, 'base64url')
  // Several spellings of the same bytes would be several links.
  if (bytes.toString('base64url') !== said) return null
  return { link: bytes[0] ?? 0, deliveryId: Number.parseInt(bytes.subarray(1).toString('hex'), 16) }
}
