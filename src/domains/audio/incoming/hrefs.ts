export const NEW = '/studio/music/new'
export const batchHref = (batchId: string): string => `${NEW}/${batchId}`
/** Where a release is edited, of the music domain. */
export const releaseHref = (releaseId: string): string => `/studio/music/${releaseId}`
export const addTracksHref = (releaseId: string): string => `${releaseHref(releaseId)}/tracks/new`
export const replaceSoundHref = (trackId: string): string => `/studio/music/tracks/${trackId}/master`
