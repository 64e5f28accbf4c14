import type { PlayerTrack } from '../player.types.ts'

type Source = PlayerTrack['sources'][number]

/**
 * What this browser says it can play, the surest first; among equals the page's order stands.
 * `canPlay` is `HTMLMediaElement.canPlayType`: 'probably', 'maybe' or ''.
 */
export function playableSources(sources: readonly Source[], canPlay: (type: string) => string): Source[] {
  const rank = (source: Source) => ['probably', 'maybe'].indexOf(canPlay(source.type))
  return sources.filter((source) => rank(source) >= 0).sort((a, b) => rank(a) - rank(b))
}
