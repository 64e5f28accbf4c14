/** Public addresses, encoded. */
export const journalPath = (artistSlug: string): string => `/${encodeURIComponent(artistSlug)}/journal`

export const postPath = (artistSlug: string, postSlug: string): string =>
  `${journalPath(artistSlug)}/${encodeURIComponent(postSlug)}`
