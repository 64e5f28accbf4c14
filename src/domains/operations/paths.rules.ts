/** Public addresses, encoded. */
export const operationPath = (artistSlug: string, slug: string): string =>
  `/${encodeURIComponent(artistSlug)}/take-part/${encodeURIComponent(slug)}`

export const studioPath = (id: string, section = ''): string => `/studio/operations/${id}${section && `/${section}`}`
