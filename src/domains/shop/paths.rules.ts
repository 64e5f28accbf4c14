/** Public addresses, encoded. */
export const shopPath = (artistSlug: string): string => `/${encodeURIComponent(artistSlug)}/shop`

export const productPath = (artistSlug: string, productSlug: string): string =>
  `${shopPath(artistSlug)}/${encodeURIComponent(productSlug)}`
