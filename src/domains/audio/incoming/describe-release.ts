import type { Platform } from '../../../platform/platform.ts'
import { releaseById, trackPath } from '../../music/index.ts'
import { MACHINE, makePass } from '../pass.ts'
import { playable, soundsOf } from '../streams.views.ts'

export type DescribedRelease = {
  artist: { name: string; url: string }
  title: string
  url: string
  studioUrl: string
  visibility: string
  already: boolean
  /** `streamUrl` is null while a sound is not prepared. Of a release that is not public it opens for twelve hours. */
  tracks: { title: string; url: string; streamUrl: string | null; durationMs: number }[]
}

/** Where a release is and how its tracks are heard, in full addresses: for programs and terminals. */
export async function describeRelease(
  { db, signer, config, now }: Pick<Platform, 'db' | 'signer' | 'config' | 'now'>,
  releaseId: string,
  already: boolean,
): Promise<DescribedRelease> {
  const release = await releaseById(db, releaseId, { now: now(), preview: true })
  if (!release) throw new Error(`No release ${releaseId}`)
  const sounds = await soundsOf(
    db,
    release.tracks.map((track) => track.recordingId),
  )
  const open = release.visibility === 'public' && release.tracks.every((track) => track.gives.stream)
  const pass = open ? null : makePass(signer, `release:${releaseId}`, MACHINE, now())
  const at = (path: string) => `${config.baseUrl}${path}`
  return {
    artist: { name: release.artist.name, url: at(`/${encodeURIComponent(release.artist.slug)}`) },
    title: release.title,
    url: at(release.path),
    studioUrl: at(`/studio/music/${releaseId}`),
    visibility: release.visibility,
    already,
    tracks: release.tracks.map((track) => {
      const sound = sounds.get(track.recordingId)
      const source = playable(track.id, sound, pass)?.sources[0]?.src
      return {
        title: [track.title, track.version && `(${track.version})`].filter(Boolean).join(' '),
        url: at(trackPath(release.artist.slug, release.slug, track.slug)),
        streamUrl: source ? at(source) : null,
        durationMs: sound?.durationMs ?? 0,
      }
    }),
  }
}
