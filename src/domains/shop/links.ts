import { isId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'

/**
 * Links to what somebody bought: signed for one purpose, with nothing stored for them, and open as long as what they name is there. An order's is
 * `<code>.<signature>`; a library's holds the address itself, so that it opens for ever.
 */
type Deps = { config: Pick<Platform['config'], 'baseUrl'>; signer: Platform['signer'] }

export const orderPath = (signer: Deps['signer'], orderId: string): string =>
  `/order/${orderId}.${signer.sign('shop-order', orderId)}`

export function readOrderToken(signer: Deps['signer'], token: string): string | null {
  const [id = '', signature = '', ...more] = token.split('.')
  return isId(id) && more.length === 0 && signer.verify('shop-order', id, signature) ? id : null
}

export const libraryPath = (signer: Deps['signer'], mailKey: string): string =>
  `/library/${Buffer.from(mailKey).toString('base64url')}.${signer.sign('shop-library', mailKey)}`

/** The address whose library it opens; null when somebody made it up. */
export function readLibraryToken(signer: Deps['signer'], token: string): string | null {
  const [packed = '', signature = '', ...more] = token.split('.')
  const mailKey = Buffer.from(packed, 'base64url').toString()
  return mailKey && more.length === 0 && signer.verify('shop-library', mailKey, signature) ? mailKey : null
}
