import { isIP } from 'node:net'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Config } from '../../../platform/config.ts'
import type { Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { audit } from '../audit.ts'
import type { Actor } from '../rights.rules.ts'
import { openSession } from '../sessions.store.ts'
import { siteSettings } from '../site-settings.ts'

/** Web Authentication (W3C, level 3), through SimpleWebAuthn: keys that live on people's devices and open the studio. */

type Deps = Pick<Platform, 'db' | 'config' | 'now'>

/** Read when somebody first uses a passkey, not at each start. */
const webAuthn = () => import('@simplewebauthn/server')

/** EdDSA, ES256 and RS256 (COSE): what devices have. The library would also try Node for newer ones, which it calls experimental. */
const ALGORITHMS = [-8, -7, -257]

const CHALLENGE_MS = 5 * 60_000

const originOf = ({ baseUrl }: Pick<Config, 'baseUrl'>) => new URL(baseUrl).origin
const rpIdOf = ({ baseUrl }: Pick<Config, 'baseUrl'>) => new URL(baseUrl).hostname

/** Browsers give passkeys to a host by name, over HTTPS; localhost is let off both by them. */
export function passkeysPossible(config: Pick<Config, 'baseUrl'>): boolean {
  const { protocol, hostname } = new URL(config.baseUrl)
  if (hostname === 'localhost' || hostname.endsWith('.localhost')) return true
  return protocol === 'https:' && isIP(hostname.replace(/^\[|\]$/g, '')) === 0
}

/** Begins to add a passkey to the account that is signed in. The answer goes to `startRegistration` in the browser. */
export async function offerPasskey({ db, config, now }: Deps, actor: Actor) {
  const there = await db
    .selectFrom('passkeys')
    .select(['id', 'transports'])
    .where('accountId', '=', actor.accountId)
    .execute()
  const options = await (await webAuthn()).generateRegistrationOptions({
    rpName: (await siteSettings(db)).name,
    rpID: rpIdOf(config),
    userName: actor.email,
    userDisplayName: actor.name,
    userID: new Uint8Array(Buffer.from(actor.accountId.replaceAll('-', ''), 'hex')),
    excludeCredentials: there,
    supportedAlgorithmIDs: ALGORITHMS,
    authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
  })
  return { id: await keepChallenge({ db, now }, options.challenge, actor.accountId), options }
}

/** Ends it: what the browser answered becomes a passkey of this account. */
export async function addPasskey(
  { db, config, now }: Deps,
  actor: Actor,
  { id, response, name }: { id: string; response: RegistrationResponseJSON; name: string },
): Promise<Result<{ id: string }, 'refused'>> {
  const challenge = await takeChallenge({ db, now }, id, actor.accountId)
  if (!challenge) return fail('refused')
  const verified = await (await webAuthn())
    .verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: originOf(config),
      expectedRPID: rpIdOf(config),
      requireUserVerification: false,
      supportedAlgorithmIDs: ALGORITHMS,
    })
    .catch(() => null)
  if (!verified?.verified) return fail('refused')
  const { credential } = verified.registrationInfo
  return db.transaction().execute(async (tx) => {
    const added = await tx
      .insertInto('passkeys')
      .values({
        id: credential.id,
        accountId: actor.accountId,
        publicKey: Buffer.from(credential.publicKey),
        counter: credential.counter,
        transports: credential.transports ?? [],
        name,
        createdAt: now(),
        lastUsedAt: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!added) return fail('refused' as const)
    await audit(tx, { accountId: actor.accountId, action: 'account.passkey-add', subject: name })
    return ok(added)
  })
}

/** Begins a sign-in without a name: the device shows whose passkeys it holds for this place. */
export async function askForPasskey({ db, config, now }: Deps) {
  const options = await (await webAuthn()).generateAuthenticationOptions({
    rpID: rpIdOf(config),
    userVerification: 'preferred',
  })
  return { id: await keepChallenge({ db, now }, options.challenge, null), options }
}

/** Ends it: a session of the account that the passkey belongs to. */
export async function signInWithPasskey(
  { db, config, now }: Deps,
  { id, response, device }: { id: string; response: AuthenticationResponseJSON; device: string },
): Promise<Result<{ session: string }, 'refused'>> {
  const challenge = await takeChallenge({ db, now }, id, null)
  if (!challenge) return fail('refused')
  const passkey = await db
    .selectFrom('passkeys')
    .innerJoin('accounts', 'accounts.id', 'passkeys.accountId')
    .select(['passkeys.id', 'accountId', 'publicKey', 'counter', 'transports'])
    .where('passkeys.id', '=', String(response.id))
    .where('disabledAt', 'is', null)
    .executeTakeFirst()
  if (!passkey) return fail('refused')
  const verified = await (await webAuthn())
    .verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: originOf(config),
      expectedRPID: rpIdOf(config),
      credential: { ...passkey, publicKey: new Uint8Array(passkey.publicKey) },
      requireUserVerification: false,
    })
    .catch(() => null)
  if (!verified?.verified) return fail('refused')
  const { newCounter } = verified.authenticationInfo
  return db.transaction().execute(async (tx) => {
    if (!(await countUse(tx, passkey.id, newCounter, now()))) return fail('refused' as const)
    return ok({ session: await openSession(tx, passkey.accountId, device, now()) })
  })
}

/**
 * A counter that does not rise tells of a copied key; two uses at once are settled here, by the row. Most passkeys that are
 * synchronised between devices count nothing and always say 0.
 */
async function countUse(tx: Tx, id: string, counter: number, now: Date): Promise<boolean> {
  const used = await tx
    .updateTable('passkeys')
    .set({ counter, lastUsedAt: now })
    .where('id', '=', id)
    .where('counter', counter === 0 ? '=' : '<', counter)
    .returning('id')
    .executeTakeFirst()
  return used !== undefined
}

async function keepChallenge(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  challenge: string,
  accountId: string | null,
): Promise<string> {
  const id = newId()
  const expiresAt = new Date(now().getTime() + CHALLENGE_MS)
  await db.insertInto('passkeyChallenges').values({ id, challenge, accountId, expiresAt }).execute()
  return id
}

/** A challenge answers once, and only to whom it was put. */
async function takeChallenge(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  id: string,
  accountId: string | null,
): Promise<string | null> {
  const taken = await db
    .deleteFrom('passkeyChallenges')
    .where('id', '=', id)
    .where('accountId', accountId ? '=' : 'is', accountId)
    .where('expiresAt', '>', now())
    .returning('challenge')
    .executeTakeFirst()
  return taken?.challenge ?? null
}

export async function forgetOldChallenges({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  await db.deleteFrom('passkeyChallenges').where('expiresAt', '<', now()).execute()
}
