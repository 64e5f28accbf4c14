/** Segments that stand under an artist's address and are no release. */
const RESERVED = new Set(
  (
    'about embed fans feed feeds follow inbox journal listen live media new outbox press radio releases rss search shop stats stream ' +
    'studio tags take-part tracks'
  ).split(' '),
)
const NONE: ReadonlySet<string> = new Set()

/** The first free one of `slug`, `slug-2`, `slug-3`... `taken` are those in use or that lead on. */
export function freeSlug(slug: string, taken: ReadonlySet<string>, reserved: ReadonlySet<string> = NONE): string {
  if (!taken.has(slug) && !reserved.has(slug)) return slug
  let n = 2
  while (taken.has(`${slug}-${n}`)) n++
  return `${slug}-${n}`
}

/** The same for a release, beside the pages that every artist has. */
export const freeReleaseSlug = (slug: string, taken: ReadonlySet<string>): string => freeSlug(slug, taken, RESERVED)
