import { isId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'

/**
 * Links to what somebody bought: signed for one purpose, with nothing stored for them, and open as long as what they name is there. An order's is
 * `<code>.<signature>`; a library's holds the address itself, so that it opens for ever.
 */
type Deps = { config: Pick<Platform['config'], 'baseUrl'>; signer: Platform['signer'] }

export const orderPath = (signer: Deps['signer'], orderId: string): string =>
  `/order/${orderId}.${signer.sign('shop-order', orderId)}`

export const readOrderToken = (signer: Deps['signer'], token: string): string | null =>
  readSigned(signer, 'shop-order', token)

function readSigned(signer: Deps['signer'], purpose: string, token: string): string | null {
  const [id = '', signature = '', ...more] = token.split('.')
  return isId(id) && more.length === 0 && signer.verify(purpose, id, signature) ? id : null
}

export const memberPath = (signer: Deps['signer'], membershipId: string): string =>
  `/member/${membershipId}.${signer.sign('shop-member', membershipId)}`

export const readMemberToken = (signer: Deps['signer'], token: string): string | null =>
  readSigned(signer, 'shop-member', token)

/** A member's own feed: found by its key, which is made anew when it is to be closed. */
export const memberFeedPath = (feedKey: string): string => `/member-feed/${feedKey}.xml`

/** Made for one address: when the buyer sets it right, the link before opens nothing any more. */
export const presentPath = (signer: Deps['signer'], orderId: string, mailKey: string): string =>
  `/present/${orderId}.${signer.sign('shop-present', `${orderId} ${mailKey}`)}`

export function readPresentToken(signer: Deps['signer'], token: string, mailKey: string): string | null {
  const [id = '', signature = '', ...more] = token.split('.')
  const isSigned = mailKey !== '' && more.length === 0 && signer.verify('shop-present', `${id} ${mailKey}`, signature)
  return isId(id) && isSigned ? id : null
}

export const libraryPath = (signer: Deps['signer'], mailKey: string): string =>
  `/library/${Buffer.from(mailKey).toString('base64url')}.${signer.sign('shop-library', mailKey)}`

/** The address whose library it opens; null when somebody made it up. */
export function readLibraryToken(signer: Deps['signer'], token: string): string | null {
  const [packed = '', signature = '', ...more] = token.split('.')
  const mailKey = Buffer.from(packed, 'base64url').toString()
  return mailKey && more.length === 0 && signer.verify('shop-library', mailKey, signature) ? mailKey : null
}
