/** Where the cover drawn from a release's title is found as a picture of so many pixels a side. `query` opens one that not everyone may see. */
export const drawnCoverPath = (releaseId: string, side: number, query = ''): string =>
  `/media/cover/${releaseId}/${side}.png${query && `?${query}`}`
