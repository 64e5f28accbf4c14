/** Takes a gift's token (`?via=`) out of an address: the token, or null, and the address as it should be shown. */
export function takeToken(href: string): { token: string | null; href: string } {
  const url = new URL(href)
  const token = url.searchParams.get('via')
  if (token === null) return { token, href }
  url.searchParams.delete('via')
  return { token: token || null, href: url.href }
}

/** Where somebody came from: origin and path of another site, never its query, and nothing for our own pages. */
export function outsideReferrer(referrer: string, origin: string): string | null {
  if (!URL.canParse(referrer)) return null
  const from = new URL(referrer)
  return from.origin === origin || !/^https?:$/.test(from.protocol) ? null : from.origin + from.pathname
}
