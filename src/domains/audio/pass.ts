import { hashOf, type Signer } from '../../platform/signing.ts'

/**
 * What opens media that are not given to everyone: signed for one item, for a time, by one way in (a secret link, an
 * address that was given for it, or a person who works on the release). Written `way.expires.signature`; `expires` is in seconds, base 36.
 */
export type Pass = { way: string; expires: number }

export const PASS_PARAMETER = 'pass'
const STUDIO = 'studio:'
/** The way of somebody who works on the release: it closes when they no longer may. */
export const studioWay = (accountId: string): string => `${STUDIO}${accountId}`
/** Whose way it is; null for the other ways. */
export const accountOf = (way: string): string | null => (way.startsWith(STUDIO) ? way.slice(STUDIO.length) : null)
const GIVEN = 'given:'
/** The way of somebody who gave an address for it: it closes with the link that was sent there. */
export const givenWay = (key: string): string => `${GIVEN}${key}`
/** The key of that way; null for the other ways. */
export const givenKeyOf = (way: string): string | null => (way.startsWith(GIVEN) ? way.slice(GIVEN.length) : null)
const HELD = 'held:'
/** The way of somebody who bought it: theirs for good, whatever becomes of the release. `subject`: a release, or a track of it. */
export const heldWay = (subject: string): string => `${HELD}${subject}`
/** What of the release that way is of; null for the other ways. */
export const heldOf = (way: string): string | null => (way.startsWith(HELD) ? way.slice(HELD.length) : null)
const MEMBER = 'member:'
/** The way of a member: it closes when the membership is not paid for any more, and when they close what it opened. */
export const memberWay = (ref: string): string => `${MEMBER}${ref}`
/** Whose membership it is; null for the other ways. */
export const memberOf = (way: string): string | null => (way.startsWith(MEMBER) ? way.slice(MEMBER.length) : null)
/** The way of a command on the machine: whoever runs those holds the key that signs passes. */
export const MACHINE = 'machine'
/** The way of a secret link: revoking the link closes it. */
export const wayOf = (secretToken: string): string => hashOf(secretToken).slice(0, 16)

const LIFETIME_SECONDS = 12 * 3600

const signed = (item: string, way: string, expires: string) => `${item} ${way} ${expires}`

/** Makes a pass for `item`, such as `release:<id>`. */
export function makePass(signer: Signer, item: string, way: string, now: Date, seconds = LIFETIME_SECONDS): string {
  const expires = Math.floor(now.getTime() / 1000 + seconds).toString(36)
  return `${way}.${expires}.${signer.sign('media', signed(item, way, expires))}`
}

/** Reads a pass made for this item; null when it was made for another, altered, or has expired. */
export function readPass(signer: Signer, item: string, text: string | undefined, now: Date): Pass | null {
  const [way, expires, signature] = text?.split('.') ?? []
  if (!way || !expires || !signature || !signer.verify('media', signed(item, way, expires), signature)) return null
  const seconds = Number.parseInt(expires, 36)
  return seconds * 1000 > now.getTime() ? { way, expires: seconds } : null
}
