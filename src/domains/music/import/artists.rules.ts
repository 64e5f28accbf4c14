import type { AudioFact, Tags } from './facts.rules.ts'
import { byFrequency, folded } from './names.rules.ts'
import type { Surroundings } from './places.rules.ts'
import type { ImportPlan, NamedArtist, Origin } from './plan.ts'
import { isVarious } from './release.rules.ts'
import { takeFeatured } from './titles.rules.ts'

export type ReleaseArtists = {
  artist: ImportPlan['artist']
  albumArtists: NamedArtist[]
  various: boolean
}

/** Artists of one track as its tags name them; "X feat. Y" is two people. */
export function artistsFromTags(tags: Tags): NamedArtist[] {
  const ids = tags.musicbrainz.artists
  const paired = ids.length === tags.artists.length
  return tags.artists.flatMap((text, i) => {
    const { rest, featured } = takeFeatured(text)
    const id = paired && featured.length === 0 ? ids[i] : undefined
    return [
      { name: rest, ...(id ? { musicbrainz: id } : {}) },
      ...featured.map((name): NamedArtist => ({ name, featured: true })),
    ]
  })
}

/** Whose release this is, by the tags alone: the album artists that most files agree on, else the artists of the tracks. */
export function releaseArtistsFromTags(audio: AudioFact[]): ReleaseArtists | null {
  const tagged = audio.map((file) => file.tags).filter((tags): tags is Tags => tags !== null)
  const albumArtists = mostCommon(
    tagged.filter((tags) => tags.albumArtists.length > 0),
    (tags) => tags.albumArtists,
  )
  if (albumArtists) return fromAlbumArtists(albumArtists.of, albumArtists.count / audio.length)
  return fromTrackArtists(
    tagged.filter((tags) => tags.artists.length > 0),
    audio.length,
  )
}

function fromAlbumArtists(tags: Tags, share: number): ReleaseArtists {
  if (tags.albumArtists.some(isVarious)) return variousArtists('tag')
  const ids = tags.musicbrainz.albumArtists
  const paired = ids.length === tags.albumArtists.length
  const albumArtists = tags.albumArtists.map((name, i): NamedArtist => {
    const id = paired ? ids[i] : undefined
    return id ? { name, musicbrainz: id } : { name }
  })
  return { artist: first(albumArtists, share > 0.5 ? 'high' : 'medium', 'tag'), albumArtists, various: false }
}

function fromTrackArtists(tagged: Tags[], count: number): ReleaseArtists | null {
  const leading = mostCommon(tagged, (tags) =>
    artistsFromTags(tags)
      .filter((artist) => !artist.featured)
      .map(({ name }) => name),
  )
  if (!leading) return null
  const albumArtists = artistsFromTags(leading.of).filter((artist) => !artist.featured)
  if (albumArtists.some(({ name }) => isVarious(name))) return variousArtists('tag')
  const share = leading.count / tagged.length
  if (share < 2 / 3 && tagged.length > 2) return variousArtists('guess')
  const confidence = share === 1 && tagged.length === count ? 'high' : 'medium'
  return { artist: first(albumArtists, confidence, 'tag'), albumArtists, various: false }
}

/** Without tags: the folder's name, the folder above, the names of the files, and last the folder around it all. */
export function releaseArtistsFromNames(
  around: Surroundings,
  fileArtists: (string | undefined)[],
  parentFolder: string | undefined,
): ReleaseArtists {
  if (around.artist) return isVarious(around.artist) ? variousArtists('folder') : one(around.artist, 'medium', 'folder')
  const named = byFrequency(fileArtists.filter((name): name is string => !!name))
  if (named[0] && named[0].count > fileArtists.length / 2) return one(named[0].value, 'medium', 'filename')
  if (named.length > 2) return variousArtists('filename')
  if (around.artistFolder) {
    return isVarious(around.artistFolder) ? variousArtists('folder') : one(around.artistFolder, 'medium', 'folder')
  }
  return parentFolder ? one(parentFolder, 'low', 'guess') : { ...one('', 'low', 'guess'), albumArtists: [] }
}

const one = (name: string, confidence: 'medium' | 'low', from: Origin): ReleaseArtists => ({
  artist: { name, confidence, from },
  albumArtists: [{ name }],
  various: false,
})

const VARIOUS_ARTISTS = 'Various Artists'
const variousArtists = (from: Origin): ReleaseArtists => ({
  artist: { name: VARIOUS_ARTISTS, confidence: from === 'guess' ? 'medium' : 'high', from },
  albumArtists: [{ name: VARIOUS_ARTISTS }],
  various: true,
})

function first(artists: NamedArtist[], confidence: 'high' | 'medium', from: Origin): ImportPlan['artist'] {
  const [leading] = artists
  return {
    name: leading?.name ?? '',
    confidence,
    from,
    ...(leading?.musicbrainz ? { musicbrainz: leading.musicbrainz } : {}),
  }
}

function mostCommon(tagged: Tags[], names: (tags: Tags) => string[]): { of: Tags; count: number } | null {
  const keys = tagged.map((tags) => names(tags).map(folded).join('\n'))
  const [top] = byFrequency(keys)
  const of = top && tagged[keys.indexOf(top.value)]
  return of ? { of, count: top.count } : null
}
