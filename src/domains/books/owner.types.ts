/** Whose books: an artist's or a label's. */
export type Owner = { artistId: string } | { labelId: string }
