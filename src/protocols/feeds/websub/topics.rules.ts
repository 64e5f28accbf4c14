/** The path of a feed of this place that a topic names, or null: the hub serves its own feeds only, their first pages. */
export function topicPath(topic: string, base: string): string | null {
  if (topic.length > 2_000 || !URL.canParse(topic)) return null
  const { origin, pathname, search, hash, username, password } = new URL(topic)
  if (origin !== new URL(base).origin || search || hash || username || password) return null
  return /^\/[^/]+\/(?:(?:journal|take-part\/[^/]+)\/feed\.(?:xml|atom|json)|feed\.(?:xml|atom|json)|music\.xml|publisher\.xml|[^/]+\/feed\.xml)$/.test(
    pathname,
  )
    ? pathname
    : null
}

const DAY = 24 * 3600
/** How long one is told without asking again: what the subscriber wished, from an hour to thirty days; ten unless told. */
export function leaseSeconds(wished: string | undefined): number {
  const seconds = Number(wished)
  if (!wished || !Number.isFinite(seconds)) return 10 * DAY
  return Math.min(30 * DAY, Math.max(3600, Math.floor(seconds)))
}
