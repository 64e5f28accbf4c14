/** What an address of this site names: a page by its slugs, or a player by its id. */
export type Asked =
  | { kind: 'release'; artistSlug: string; releaseSlug: string }
  | { kind: 'track'; artistSlug: string; releaseSlug: string; trackSlug: string }
  | { kind: 'embed'; of: 'release' | 'track'; id: string }

/** Reads an address that a consumer was given; null for another site's, and for pages that hold no music. */
export function readAddress(text: string, base: string): Asked | null {
  if (text.length > 2_000 || !URL.canParse(text)) return null
  const url = new URL(text)
  // An address is passed on with or without its s: the host is what makes it ours.
  if (url.host !== new URL(base).host || !/^https?:$/.test(url.protocol)) return null
  const parts = url.pathname.split('/').slice(1).map(decoded)
  if (parts.at(-1) === '') parts.pop()
  const [first, second, third, ...rest] = parts
  if (!first || !second || rest.length || parts.some((part) => part.includes('\0'))) return null
  if (first === 'embed') {
    if ((second !== 'release' && second !== 'track') || !third) return null
    return { kind: 'embed', of: second, id: third }
  }
  if (third) return { kind: 'track', artistSlug: first, releaseSlug: second, trackSlug: third }
  return { kind: 'release', artistSlug: first, releaseSlug: second }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** Sizes within what the consumer allows. Below 300 pixels of height the list of tracks stays folded. */
export function sizeWithin(tall: boolean, maxwidth: string | undefined, maxheight: string | undefined) {
  const most = (text: string | undefined) =>
    /^[1-9]\d{0,4}$/.test(text ?? '') ? Number(text) : Number.POSITIVE_INFINITY
  const width = Math.min(400, Math.max(120, most(maxwidth)))
  const room = most(maxheight)
  return { width, height: tall && room >= 300 ? Math.min(500, room) : Math.min(120, Math.max(80, room)) }
}
