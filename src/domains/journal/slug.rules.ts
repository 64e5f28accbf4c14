/** Segments that stand under a journal's address and are no post. */
const RESERVED = new Set(
  'archive atom comment comments embed feed feeds json new page rss search tags video videos'.split(' '),
)

/** The first free one of `slug`, `slug-2`, `slug-3`... `taken` are those in use or that lead on. */
export function freePostSlug(slug: string, taken: ReadonlySet<string>): string {
  if (!taken.has(slug) && !RESERVED.has(slug)) return slug
  let n = 2
  while (taken.has(`${slug}-${n}`)) n++
  return `${slug}-${n}`
}
