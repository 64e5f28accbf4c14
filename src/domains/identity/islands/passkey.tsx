import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser'

type Props = {
  does: 'add' | 'use'
  next: string
  says: Record<'stopped' | 'there' | 'failed' | 'lost' | 'waiting', string>
}

/** Brings the passkey button to life where the browser knows passkeys; elsewhere it stays hidden and the mailed link does. */
export function mount(element: HTMLElement, { does, next, says }: Props): undefined {
  const button = element.querySelector('button')
  const voice = element.querySelector<HTMLElement>('[data-says]')
  if (!button || !voice || element.dataset['alive'] !== undefined || !browserSupportsWebAuthn()) return
  element.dataset['alive'] = ''
  element.hidden = false
  button.addEventListener('click', async () => {
    button.disabled = true
    voice.textContent = says.waiting
    try {
      const href = does === 'add' ? await add() : await use(next)
      location.assign(href ?? next)
    } catch (error) {
      voice.textContent = says[reasonOf(error)]
      button.disabled = false
    }
  })
}

async function add(): Promise<null> {
  const { id, options } = await post<{ id: string; options: PublicKeyCredentialCreationOptionsJSON }>(
    '/studio/account/passkeys/options',
    {},
  )
  const response = await startRegistration({ optionsJSON: options })
  await post('/studio/account/passkeys', { id, response })
  return null
}

async function use(next: string): Promise<string> {
  const { id, options } = await post<{ id: string; options: PublicKeyCredentialRequestOptionsJSON }>(
    '/studio/sign-in/passkey/options',
    {},
  )
  const response = await startAuthentication({ optionsJSON: options })
  const { href } = await post<{ href: string }>('/studio/sign-in/passkey', { id, response, next })
  return href
}

class Refused extends Error {}

async function post<T>(url: string, body: unknown): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (response.status >= 500) throw new TypeError('The server is not well')
  if (!response.ok) throw new Refused()
  return response.json() as Promise<T>
}

/** Browsers tell little on purpose: a request that was closed, one that timed out and one that found no passkey look alike. */
function reasonOf(error: unknown): keyof Props['says'] {
  if (error instanceof Refused) return 'failed'
  if (error instanceof TypeError) return 'lost'
  return (error as Error).name === 'InvalidStateError' ? 'there' : 'stopped'
}

for (const element of document.querySelectorAll<HTMLElement>('[data-island=passkey]'))
  mount(element, JSON.parse(element.dataset['props'] ?? '{}') as Props)
