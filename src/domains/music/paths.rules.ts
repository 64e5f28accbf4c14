/** Public addresses, encoded. */
export const releasePath = (artistSlug: string, releaseSlug: string): string =>
  `/${encodeURIComponent(artistSlug)}/${encodeURIComponent(releaseSlug)}`

export const trackPath = (artistSlug: string, releaseSlug: string, trackSlug: string): string =>
  `${releasePath(artistSlug, releaseSlug)}/${encodeURIComponent(trackSlug)}`

/** The name under which a secret link's token stands in an address. */
export const SECRET_PARAMETER = 'key'

/** With it, somebody who may edit a release is shown its public page, whatever its visibility. */
export const PREVIEW_PARAMETER = 'preview'
