import type { Visibility } from './tables.ts'

/** What deciding needs of a release. Dates are moments. */
export type ReleaseState = {
  visibility: Visibility
  publishAt: Date | null
  gives: Gives
  /** Tokens of the secret links in force. */
  secretTokens: readonly string[]
  /** Whose members see it besides; null where none do. */
  givenTo: GivenTo | null
}

/** The members of an artist, by any plan where none is named. */
export type GivenTo = { artistId: string; plans: readonly string[] }
/**
 * A membership that is paid for: of which artist, and by which plan, null when that one is gone. By `ref` it is asked for again, until its member closes what
 * was opened by it.
 */
export type Membership = { ref: string; artistId: string; plan: string | null }

/** The membership by which somebody sees what is given to members; undefined when they have none such. */
export const membershipFor = (
  givenTo: GivenTo | null,
  memberships: readonly Membership[] = [],
): Membership | undefined =>
  givenTo
    ? memberships.find(
        ({ artistId, plan }) =>
          artistId === givenTo.artistId &&
          (givenTo.plans.length === 0 || (plan !== null && givenTo.plans.includes(plan))),
      )
    : undefined

export type Gives = { stream: boolean; download: boolean }
/** What one track says for itself; null where it goes by its release. */
export type TrackGives = { stream: boolean | null; download: boolean | null }

/**
 * The visibility at one moment. A scheduled release is public from its minute on, whether or not the job that records its
 * publication has run.
 */
export function visibilityAt(release: Pick<ReleaseState, 'visibility' | 'publishAt'>, now: Date): Visibility {
  if (release.visibility !== 'scheduled') return release.visibility
  return release.publishAt && release.publishAt.getTime() <= now.getTime() ? 'public' : 'scheduled'
}

/** Whether a secret link opens what is so: one that was passed around opens nothing again once it is for members. */
export const linksOpen = (visibility: Visibility): boolean => visibility === 'unlisted' || visibility === 'scheduled'

/**
 * Whether somebody may see this release. A secret link opens what is unlisted or scheduled (the press hears it first), and not what
 * is for members alone; a draft is seen by those who work on it alone, which is not decided here.
 */
export function maySee(
  release: ReleaseState,
  now: Date,
  token: string | null,
  memberships: readonly Membership[] = [],
): boolean {
  const visibility = visibilityAt(release, now)
  if (visibility === 'public') return true
  if (visibility === 'draft') return false
  const isHeld = token !== null && linksOpen(visibility) && release.secretTokens.includes(token)
  return isHeld || !!membershipFor(release.givenTo, memberships)
}

/** What a track gives: its own word first, else its release's. */
export const givesOf = (release: Gives, track: TrackGives): Gives => ({
  stream: track.stream ?? release.stream,
  download: track.download ?? release.download,
})

/** Whether this visitor may hear this track as a stream. */
export const mayHear = (release: ReleaseState, track: TrackGives, now: Date, token: string | null): boolean =>
  maySee(release, now, token) && givesOf(release.gives, track).stream

/** What SQL compares with plans: `artist` for any of them, `artist:plan` for that one. */
export const planKeys = (memberships: readonly Membership[] = []): string[] =>
  memberships.flatMap(({ artistId, plan }) => (plan ? [artistId, `${artistId}:${plan}`] : [artistId]))

/** What is given, as a form says it. */
export const GIVING = ['stream-and-download', 'stream', 'download', 'nothing'] as const
export type Giving = (typeof GIVING)[number]

export const givingOf = ({ stream, download }: Gives): Giving =>
  stream ? (download ? 'stream-and-download' : 'stream') : download ? 'download' : 'nothing'

export const givesFrom = (giving: Giving): Gives => ({
  stream: giving === 'stream-and-download' || giving === 'stream',
  download: giving === 'stream-and-download' || giving === 'download',
})
