import type { Signer } from '../../../../platform/signing.ts'
import type { Service } from './services.rules.ts'

type Hooked = { id: string; settings: Record<string, unknown> }

/** Postmark signs nothing: it says the name and password that stand in the address. Named anew each time that its reports are set up. */
export const postmarkAuth = (signer: Pick<Signer, 'sign'>, { id, settings }: Hooked) => ({
  user: 'postmark',
  password: signer.sign('postmark-hook', `${id} ${String(settings['hookSince'] ?? '')}`),
})

/** What has to be typed at a service, so that it tells us. */
export function hookAddress(baseUrl: string, signer: Pick<Signer, 'sign'>, service: Service, hooked: Hooked): string {
  const url = new URL(`${baseUrl}/hooks/${service}/${hooked.id}`)
  if (service === 'postmark') {
    const { user, password } = postmarkAuth(signer, hooked)
    url.username = user
    url.password = password
  }
  return url.href
}
