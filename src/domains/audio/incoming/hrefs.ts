export const NEW = '/studio/music/new'
export const batchHref = (batchId: string): string => `${NEW}/${batchId}`
/** Where a release is edited, of the music domain. */
export const releaseHref = (releaseId: string): string => `/studio/music/${releaseId}`
