import type { Page } from '@playwright/test'

/** A device that holds passkeys, in place of a phone or a key. */
export type PasskeyDevice = {
  /** The passkeys in it. */
  passkeys(): Promise<{ credentialId: string; rpId: string | undefined }[]>
  /** Whether the person agrees when asked; true from the start. */
  agrees(yes: boolean): Promise<void>
  remove(): Promise<void>
}

/** Gives the page a virtual authenticator (WebAuthn, through Chromium's debugging protocol) that answers by itself. */
export async function givePasskeyDevice(page: Page): Promise<PasskeyDevice> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable', { enableUI: false })
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    async passkeys() {
      const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId })
      return credentials.map(({ credentialId, rpId }) => ({ credentialId, rpId }))
    },
    async agrees(yes) {
      await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: yes })
    },
    async remove() {
      await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
      await session.detach()
    },
  }
}
