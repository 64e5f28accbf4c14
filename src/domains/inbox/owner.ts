/** Whose inbox. */
export type Owner = { artistId: string } | { labelId: string }

export const idOf = (owner: Owner): string => ('artistId' in owner ? owner.artistId : owner.labelId)
export const ownerColumns = (owner: Owner): { artistId: string | null; labelId: string | null } =>
  'artistId' in owner ? { artistId: owner.artistId, labelId: null } : { artistId: null, labelId: owner.labelId }
export const ownerOf = ({ artistId, labelId }: { artistId: string | null; labelId: string | null }): Owner =>
  artistId ? { artistId } : { labelId: labelId as string }
