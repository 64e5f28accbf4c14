import { playable, type Sound } from '../domains/audio/index.ts'
import { type PublicRelease, type PublicTrack, releasePath, trackPath } from '../domains/music/index.ts'
import type { PlayerTrack } from '../ui/player.types.ts'
import { type Sleeve, still } from './sleeve.ts'

/** What plays on a page, and the place of each track in it. */
export type Heard = { queue: PlayerTrack[]; places: Map<string, number> }

type Playing = {
  release: PublicRelease
  sounds: Map<string, Sound>
  pass: string | null
  sleeve: Sleeve
  linkTo(path: string): string
}

/** The tracks that are given as a stream and ready, in the release's order. */
export function queueOf({ release, sounds, pass, sleeve, linkTo }: Playing): Heard {
  const queue: PlayerTrack[] = []
  const places = new Map<string, number>()
  const artwork = ([320, 640] as const).map((size) => {
    const { src, width, height, type } = still(sleeve, size)
    return { src, sizes: `${width}x${height}`, type }
  })
  for (const track of release.tracks) {
    const found = track.gives.stream ? playable(track.id, sounds.get(track.recordingId), pass) : null
    if (!found) continue
    places.set(track.id, queue.length)
    queue.push({
      id: track.id,
      title: titleOf(track),
      artist: artistsOf(release, track),
      album: release.title,
      url: linkTo(trackPath(release.artist.slug, release.slug, track.slug)),
      albumUrl: linkTo(releasePath(release.artist.slug, release.slug)),
      artwork,
      subject: `track:${track.id}`,
      ...found,
    })
  }
  return { queue, places }
}

const titleOf = ({ title, version }: PublicTrack) => (version ? `${title} (${version})` : title)

const artistsOf = (release: PublicRelease, track: PublicTrack) =>
  (track.artists.length ? track.artists : release.artists).map(({ name }) => name).join(', ')
