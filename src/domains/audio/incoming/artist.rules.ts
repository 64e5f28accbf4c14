import type { ImportPlan, NamedArtist } from '../../music/index.ts'

/**
 * The plan for an artist whom a person named. What tags say stands; a name that was only read from folders or files, where it was taken for
 * the artist's, gives way.
 */
export function planFor(plan: ImportPlan, name: string): ImportPlan {
  const problems = plan.problems.filter(({ code }) => code !== 'artist-unknown')
  if (plan.various || plan.artist.from === 'tag') return { ...plan, problems }
  const guessed = plan.artist.name
  const own = (artist: NamedArtist): NamedArtist => (artist.name === guessed ? { ...artist, name } : artist)
  return {
    ...plan,
    problems,
    artist: { name, confidence: 'high', from: 'guess' },
    albumArtists: [{ name }],
    tracks: plan.tracks.map((track) => {
      if (track.artists.from === 'tag') return track
      const value = track.artists.value.map(own)
      const main = value.some(({ featured }) => !featured)
      return { ...track, artists: { ...track.artists, value: main ? value : [{ name }, ...value] } }
    }),
  }
}
