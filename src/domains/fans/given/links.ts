import type { Platform } from '../../../platform/platform.ts'

type Deps = { config: Pick<Platform['config'], 'baseUrl'>; signer: Platform['signer'] }

/** `/take/link/<key>.<signature>`: passes name the key, so that the link cannot be made from what a download's address holds. */
export const takePath = (signer: Deps['signer'], key: string): string =>
  `/take/link/${key}.${signer.sign('given-link', key)}`

export const takeLink = ({ config, signer }: Deps, key: string): string => config.baseUrl + takePath(signer, key)

/** What a text message has room for; it leads to the link of the key. */
export const shortTakeLink = ({ config }: Pick<Deps, 'config'>, short: string): string =>
  `${config.baseUrl}/take/${short}`

export function readTakeToken(signer: Deps['signer'], token: string): string | null {
  const [key = '', signature = '', ...more] = token.split('.')
  return key && !more.length && signer.verify('given-link', key, signature) ? key : null
}
