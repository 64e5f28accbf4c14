import type { Signer } from '../../../platform/signing.ts'

/** What an answer by mail belongs to: a conversation, or the message that it answers. */
export type ReplyTo = { conversationId: string } | { deliveryId: number }

const PURPOSE = 'reply-address'

/**
 * Where answers come in that belong to one conversation or one message: `reply+TOKEN@domain`, or for a mailbox that is there already
 * (`me@music.example`) `me+TOKEN@music.example`. Signed, so that nobody gets into a conversation who was not written to; lower case alone, since mail
 * servers change the case as they like; 64 letters at most before the @ (RFC 5321), for a base of up to nine.
 */
export function replyAddress(signer: Pick<Signer, 'sign'>, base: string, to: ReplyTo): string {
  const at = base.lastIndexOf('@')
  const [local, domain] = at < 0 ? ['reply', base] : [base.slice(0, at), base.slice(at + 1)]
  return `${local}+${tokenFor(signer, to)}@${domain}`
}

/** What the address of an incoming mail names, or null when we did not write it. */
export function readReplyAddress(signer: Pick<Signer, 'sign'>, address: string): ReplyTo | null {
  const [, kind, digits = ''] = address.toLowerCase().match(/\+([cd])([0-9a-z]{1,25})-[0-9a-f]{24}@[^@]+$/) ?? []
  const to = kind === 'c' ? conversationOf(digits) : kind === 'd' ? deliveryOf(digits) : null
  return to && address.toLowerCase().includes(`+${tokenFor(signer, to)}@`) ? to : null
}

function tokenFor(signer: Pick<Signer, 'sign'>, to: ReplyTo): string {
  const name = 'deliveryId' in to ? `d${to.deliveryId.toString(36)}` : `c${packed(to.conversationId)}`
  const signature = Buffer.from(signer.sign(PURPOSE, name), 'base64url').toString('hex').slice(0, 24)
  return `${name}-${signature}`
}

/** An id in 25 digits of base 36. */
const packed = (id: string): string => BigInt(`0x${id.replaceAll('-', '')}`).toString(36)

function conversationOf(digits: string): ReplyTo | null {
  let value = 0n
  for (const digit of digits) value = value * 36n + BigInt(Number.parseInt(digit, 36))
  const hex = value.toString(16).padStart(32, '0')
  if (hex.length > 32) return null
  return { conversationId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') }
}

function deliveryOf(digits: string): ReplyTo | null {
  const deliveryId = Number.parseInt(digits, 36)
  return Number.isSafeInteger(deliveryId) ? { deliveryId } : null
}
