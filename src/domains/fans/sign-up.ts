import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { allow, type Limit } from '../../platform/http/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Signer } from '../../platform/signing.ts'
import type { WebEnv } from '../identity/index.ts'
import { type ReadAddress, readAddress } from './addresses.rules.ts'
import { join } from './join.ts'
import { readToken, tokenFor } from './links.ts'
import { addressHash } from './suppressions.ts'
import type { AskedWith, ConsentSource } from './tables.ts'
import type { Whose } from './whose.views.ts'

const QUARTER = 15 * 60
/** A whole audience sits behind one address of a concert hall: this only stops a machine. */
const BY_NETWORK: Limit = { name: 'follow', most: 600, windowSeconds: QUARTER }
/** Questions to one address: what protects somebody from a stranger who types it again and again. */
const BY_ADDRESS: Limit = { name: 'follow-address', most: 4, windowSeconds: 24 * 3600 }

const COOKIE = 'asked'
const COOKIE_SECONDS = 30 * 24 * 3600

export const mayFollow = (platform: Platform, c: Context<WebEnv>): Promise<boolean> =>
  allow(platform, BY_NETWORK, c.get('address'))

/** Whether a question may go to this address again. */
export const mayAsk = (platform: Platform, { channel, key }: Pick<ReadAddress, 'channel' | 'key'>): Promise<boolean> =>
  allow(platform, BY_ADDRESS, addressHash(platform.signer, channel, key))

export type Given = { channel: 'mail' | 'sms'; address: string }

/**
 * What a form asks: that these addresses, read and found good before, be told. Answers with the addresses as they are written to; the browser is
 * remembered as the one that asked.
 */
export async function signUp(
  platform: Platform,
  c: Context<WebEnv>,
  {
    whose,
    given,
    country,
    said,
    wording,
    source,
    page,
  }: {
    whose: Whose
    given: Given[]
    country: string
    said: AskedWith
    wording: string
    source: ConsentSource
    page: string
  },
): Promise<Given[]> {
  const { db, signer } = platform
  const sent: Given[] = []
  for (const { channel, address } of given) {
    const read = readAddress(channel, address, country)
    if (!read.ok) continue
    sent.push({ channel, address: read.value.address })
    // Beyond the limit the answer is the same, and nothing is sent.
    if (!(await mayAsk(platform, read.value))) continue
    const { lang: language } = c.get('page')
    const joined = await db.transaction().execute((tx) =>
      join(tx, platform, {
        to: whose.to,
        channel,
        address,
        country,
        said,
        wording,
        language,
        source,
        proof: { page },
      }),
    )
    if (joined.ok) rememberAsked(c, signer, joined.value.subscriptionId)
  }
  return sent
}

/** This browser signed up: a page that it opens may confirm by itself. `id`: what was signed up for, a subscription for example. */
export function rememberAsked(c: Context<WebEnv>, signer: Signer, id: string): void {
  const token = tokenFor(signer, 'browser', id)
  const earlier = c.get('signedUp') ?? heldBy(c)
  const all = [...earlier.filter((one) => one !== token), token].slice(-6)
  c.set('signedUp', all)
  setCookie(c, COOKIE, all.join('~'), {
    httpOnly: true,
    sameSite: 'Lax',
    secure: c.get('https'),
    path: '/',
    maxAge: COOKIE_SECONDS,
  })
}

const heldBy = (c: Context<WebEnv>): string[] => (getCookie(c, COOKIE) ?? '').split('~').filter(Boolean)

/** Whether this browser is the one that asked for this. */
export const isSameBrowser = (c: Context<WebEnv>, signer: Signer, id: string): boolean =>
  heldBy(c).some((token) => readToken(signer, 'browser', token) === id)

declare module 'hono' {
  interface ContextVariableMap {
    /** Tokens of what was signed up for in this very request, with the earlier ones. */
    signedUp?: string[]
  }
}
