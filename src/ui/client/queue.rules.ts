import type { PlayerTrack } from '../player.types.ts'

export type Queue = { readonly tracks: readonly PlayerTrack[]; readonly index: number }

export const currentOf = (queue: Queue): PlayerTrack | null => queue.tracks[queue.index] ?? null

export const followingOf = (queue: Queue): PlayerTrack | null => queue.tracks[queue.index + 1] ?? null

/** The queue at another place, or null when there is none there. */
export const movedTo = (queue: Queue, index: number): Queue | null =>
  queue.tracks[index] ? { tracks: queue.tracks, index } : null

/** Past three seconds "previous" means the start of this track, as on every player since the compact disc. */
export const RESTART_AFTER_SECONDS = 3

export const previousOf = (queue: Queue, position: number): Queue | null =>
  position > RESTART_AFTER_SECONDS ? null : movedTo(queue, queue.index - 1)

/** Reads the JSON of a page's `<script data-queue>`; null when it holds no track. */
export function readQueue(json: string | null | undefined, index = 0): Queue | null {
  try {
    const { tracks } = JSON.parse(json ?? '') as { tracks: PlayerTrack[] }
    return movedTo({ tracks, index: 0 }, index)
  } catch {
    return null
  }
}
