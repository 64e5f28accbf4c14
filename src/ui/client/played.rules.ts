/**
 * Seconds really played, in milliseconds. What counts is the smaller of the time that passed and the music that passed:
 * seeking forward adds nothing, waiting for the network adds nothing, a laptop that slept adds nothing, and listening at
 * double speed counts the time it took. Readings come a few times a second; both are measured from the last break.
 */
export type Played = { counted: number; from: Reading; last: Reading }

/** `wall` and `position` in milliseconds; `wall` from any clock that does not go back. */
export type Reading = { wall: number; position: number }

/** A difference of more than this between clock and music within one reading is a jump, not jitter. */
const JUMP_MS = 1000

export const startPlayed = (at: Reading): Played => ({ counted: 0, from: at, last: at })

export const playedMs = ({ counted, from, last }: Played): number => Math.round(counted + shorter(from, last))

/** Playback goes on, or did until now. */
export function hear(played: Played, now: Reading): Played {
  const wall = now.wall - played.last.wall
  const position = now.position - played.last.position
  if (Math.abs(wall - position) <= JUMP_MS) return { ...played, last: now }
  return {
    counted: played.counted + shorter(played.from, played.last) + shorter(played.last, now),
    from: now,
    last: now,
  }
}

/** Playback begins again here: nothing between the last reading and this one was heard. */
export const resumePlayed = (played: Played, now: Reading): Played => ({
  counted: played.counted + shorter(played.from, played.last),
  from: now,
  last: now,
})

const shorter = (a: Reading, b: Reading) => Math.max(0, Math.min(b.wall - a.wall, b.position - a.position))

/**
 * A listen, as Last.fm and ListenBrainz have it: half of the track or four minutes, whichever comes first, of a track that
 * is longer than 30 seconds.
 */
export const isListen = (played: number, durationMs: number): boolean =>
  durationMs > 30_000 && played >= Math.min(durationMs / 2, 240_000)
