import type { Visibility } from './tables.ts'

/** What deciding needs of a release. Dates are moments. */
export type ReleaseState = {
  visibility: Visibility
  publishAt: Date | null
  gives: Gives
  /** Tokens of the secret links in force. */
  secretTokens: readonly string[]
}

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

/**
 * Whether somebody may see this release. A secret link opens what is unlisted, and what is scheduled (the press hears it first);
 * a draft is seen by those who work on it alone, which is not decided here.
 */
export function maySee(release: ReleaseState, now: Date, token: string | null): boolean {
  const visibility = visibilityAt(release, now)
  if (visibility === 'public') return true
  if (visibility === 'draft') return false
  return token !== null && release.secretTokens.includes(token)
}

/** What a track gives: its own word first, else its release's. */
export const givesOf = (release: Gives, track: TrackGives): Gives => ({
  stream: track.stream ?? release.stream,
  download: track.download ?? release.download,
})

/** Whether this visitor may hear this track as a stream. */
export const mayHear = (release: ReleaseState, track: TrackGives, now: Date, token: string | null): boolean =>
  maySee(release, now, token) && givesOf(release.gives, track).stream

/** What is given, as a form says it. */
export const GIVING = ['stream-and-download', 'stream', 'download', 'nothing'] as const
export type Giving = (typeof GIVING)[number]

export const givingOf = ({ stream, download }: Gives): Giving =>
  stream ? (download ? 'stream-and-download' : 'stream') : download ? 'download' : 'nothing'

export const givesFrom = (giving: Giving): Gives => ({
  stream: giving === 'stream-and-download' || giving === 'stream',
  download: giving === 'stream-and-download' || giving === 'download',
})
