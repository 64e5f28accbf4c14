export const pressPath = (slug: string): string => `/${slug}/press`

/** The page of one release below `root`, an artist's page for professionals or a link to it. */
export const releasePressPath = (root: string, slug: string): string => `${root}/${encodeURIComponent(slug)}`
