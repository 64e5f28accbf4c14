import type { Context } from 'hono'
import { makePass, memberWay, passWayOf, studioWay } from '../domains/audio/index.ts'
import { can, type WebEnv } from '../domains/identity/index.ts'
import {
  type Looking,
  membershipFor,
  PREVIEW_PARAMETER,
  type PublicRelease,
  SECRET_PARAMETER,
} from '../domains/music/index.ts'
import { membershipsHere } from '../domains/shop/index.ts'
import type { Platform } from '../platform/platform.ts'

/** By what right somebody looks at a release: everybody's, a secret link's, a member's, or that of who works on it. */
export type Sight =
  | { kind: 'public' }
  | { kind: 'key'; token: string }
  | { kind: 'member'; ref: string }
  | { kind: 'preview'; accountId: string }

type Moved = { moved: unknown }
type Holding = { release: PublicRelease }
type Found = PublicRelease | Holding | Moved | null

/**
 * Finds something of a release's as this request may see it: as who works on it, when they ask for a preview and may edit it; else by the
 * secret link in the address; else as everybody, and where that is not enough as the member that this browser was let in as.
 */
export async function seeing<T extends Found>(
  c: Context<WebEnv>,
  platform: Pick<Platform, 'db' | 'now'>,
  find: (looking: Looking) => Promise<T>,
): Promise<{ found: T; sight: Sight }> {
  const { now } = platform
  const token = (c.req.query(SECRET_PARAMETER) ?? '').slice(0, 100) || null
  const actor = c.get('actor')
  if (actor && c.req.query(PREVIEW_PARAMETER) === '1') {
    const found = await find({ now: now(), preview: true })
    const artistId = artistOf(found)
    if (artistId && can(actor, 'music.edit', { kind: 'artist', artistId }))
      return { found, sight: { kind: 'preview', accountId: actor.accountId } }
  }
  const found = await find({ now: now(), token })
  if (!found) {
    const memberships = await membershipsHere(c, platform)
    const given = memberships.length ? await find({ now: now(), memberships }) : null
    const membership = membershipFor(releaseOf(given)?.givenTo ?? null, memberships)
    if (given) return { found: given, sight: membership ? { kind: 'member', ref: membership.ref } : { kind: 'public' } }
  }
  const isOpen = releaseOf(found)?.visibility === 'public'
  return { found, sight: token && !isOpen ? { kind: 'key', token } : { kind: 'public' } }
}

const releaseOf = (found: Found): PublicRelease | null =>
  !found || 'moved' in found ? null : 'release' in found ? found.release : found

const artistOf = (found: Found) => releaseOf(found)?.artist.id ?? null

/** What addresses inside such a page carry on. */
export const carriedBy = (sight: Sight): Record<string, string> =>
  sight.kind === 'key'
    ? { [SECRET_PARAMETER]: sight.token }
    : sight.kind === 'preview'
      ? { [PREVIEW_PARAMETER]: '1' }
      : {}

export const queryOf = (sight: Sight): string => new URLSearchParams(carriedBy(sight)).toString()

/** Opens a release's media to this visitor alone; nothing for what is everybody's. */
export function passFor(
  { signer, now }: Pick<Platform, 'signer' | 'now'>,
  releaseId: string,
  sight: Sight,
): string | null {
  if (sight.kind === 'public') return null
  const way =
    sight.kind === 'key'
      ? passWayOf(sight.token)
      : sight.kind === 'member'
        ? memberWay(sight.ref)
        : studioWay(sight.accountId)
  return makePass(signer, `release:${releaseId}`, way, now())
}
