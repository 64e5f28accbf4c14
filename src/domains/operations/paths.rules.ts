/** Public addresses, encoded. */
export const operationPath = (artistSlug: string, slug: string): string =>
  `/${encodeURIComponent(artistSlug)}/take-part/${encodeURIComponent(slug)}`

export const studioPath = (id: string, section = ''): string => `/studio/operations/${id}${section && `/${section}`}`

export const seriesPath = (id: string, section = ''): string => `/studio/series/${id}${section && `/${section}`}`

/** Where an artist's announced dates can be subscribed to. */
export const datesPath = (artistSlug: string): string => `/${encodeURIComponent(artistSlug)}/calendar.ics`

export const missionPath = (id: string, section = ''): string => `/studio/missions/${id}${section && `/${section}`}`
