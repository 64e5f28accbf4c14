/** Whom one subscribes to. */
export type To = { artistId: string } | { labelId: string }

export const columnsOf = (to: To): { artistId: string | null; labelId: string | null } =>
  'artistId' in to ? { artistId: to.artistId, labelId: null } : { artistId: null, labelId: to.labelId }
