import { isId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'

/**
 * Links in messages: `<22 characters of id>.<22 of signature>`, the id being that of a subscription or an address, each signed for one purpose
 * alone. Nothing is stored for them; they open as long as what they name is there.
 */
export type LinkPurpose = 'confirm' | 'leave' | 'fan' | 'browser'

type Deps = { config: Pick<Platform['config'], 'baseUrl'>; signer: Platform['signer'] }

export const tokenFor = (signer: Deps['signer'], purpose: LinkPurpose, id: string): string =>
  `${packed(id)}.${signer.sign(`fans-${purpose}`, id)}`

/** The id that a token was made for, or null when it was made for another purpose or by somebody else. */
export function readToken(signer: Deps['signer'], purpose: LinkPurpose, token: string): string | null {
  const [id = '', signature = '', ...more] = token.split('.')
  const unpacked = unpack(id)
  return unpacked && !more.length && signer.verify(`fans-${purpose}`, unpacked, signature) ? unpacked : null
}

/** Shows the question; its button answers yes. */
export const confirmLink = ({ config, signer }: Deps, subscriptionId: string): string =>
  `${config.baseUrl}/confirm/${tokenFor(signer, 'confirm', subscriptionId)}`

/** Leads to one button; as List-Unsubscribe it takes RFC 8058's POST. */
export const leaveLink = ({ config, signer }: Deps, subscriptionId: string): string =>
  `${config.baseUrl}/leave/${tokenFor(signer, 'leave', subscriptionId)}`

/** All that is known of whoever reads this address, and how they are told. */
export const preferencesLink = ({ config, signer }: Deps, addressId: string): string =>
  `${config.baseUrl}/fan/${tokenFor(signer, 'fan', addressId)}`

const packed = (id: string): string => Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')

function unpack(text: string): string | null {
  if (!/^[\w-]{22}$/.test(text)) return null
  const hex = Buffer.from(text, 'base64url').toString('hex')
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return isId(id) && packed(id) === text ? id : null
}
