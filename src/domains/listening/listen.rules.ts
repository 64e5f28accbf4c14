const SHORTEST_MS = 30_000
const ENOUGH_MS = 240_000

/**
 * Whether so much of a track makes a listen, as the field counts (Last.fm's scrobble rule, ListenBrainz): the track is over
 * 30 seconds long, and half of it or four minutes were really heard.
 */
export function isListen(playedMs: number, durationMs: number): boolean {
  return durationMs > SHORTEST_MS && playedMs >= Math.min(durationMs / 2, ENOUGH_MS)
}

/** Clocks of phones are wrong by minutes, and what was heard offline comes late; what lies further out is no listen of today's. */
const AHEAD_MS = 10 * 60_000
const LATE_MS = 30 * 24 * 3_600_000

/** What of a report can be believed: nobody hears more of a track than the time since it began, nor before or long after. Null: nothing. */
export function believable(
  report: { startedAt: Date; playedMs: number },
  now: Date,
): { startedAt: Date; playedMs: number } | null {
  const startedAt = new Date(Math.min(report.startedAt.getTime(), now.getTime()))
  if (report.startedAt.getTime() > now.getTime() + AHEAD_MS || now.getTime() - startedAt.getTime() > LATE_MS)
    return null
  const since = now.getTime() - startedAt.getTime()
  const slack = AHEAD_MS
  return { startedAt, playedMs: Math.max(0, Math.min(report.playedMs, since + slack)) }
}
