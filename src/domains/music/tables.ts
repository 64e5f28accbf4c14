import type { Generated, JSONColumnType } from 'kysely'

type Since = Generated<Date>
export type ReleaseKind = 'album' | 'ep' | 'single' | 'live' | 'compilation'
export type Visibility = 'draft' | 'scheduled' | 'unlisted' | 'public'
/** MusicBrainz identifiers by what they name. */
export type MusicBrainzIds = {
  release?: string
  releaseGroup?: string
  recording?: string
  track?: string
  artist?: string[]
  work?: string
}

declare module '../../platform/database/tables.ts' {
  interface Tables {
    releases: {
      id: string
      artistId: string
      labelId: string | null
      slug: string
      title: string
      kind: Generated<ReleaseKind>
      releaseDate: string | null
      description: Generated<string>
      language: string | null
      licence: Generated<string>
      catalogueNumber: string | null
      barcode: string | null
      genres: Generated<string[]>
      tags: Generated<string[]>
      coverImageId: string | null
      musicbrainz: JSONColumnType<MusicBrainzIds, string | undefined, string>
      visibility: Generated<Visibility>
      publishAt: Date | null
      publishedAt: Date | null
      givesStream: Generated<boolean>
      givesDownload: Generated<boolean>
      createdAt: Since
      updatedAt: Since
      revision: Generated<number>
    }
    releaseSlugs: { artistId: string; slug: string; releaseId: string }
    releaseArtists: { releaseId: string; position: number; artistId: string | null; name: string }
    recordings: {
      id: string
      artistId: string
      title: string
      version: string | null
      isrc: string | null
      language: string | null
      lyrics: Generated<string>
      isExplicit: Generated<boolean>
      bpm: string | null
      musicalKey: string | null
      musicbrainz: JSONColumnType<MusicBrainzIds, string | undefined, string>
      createdAt: Since
    }
    recordingArtists: { recordingId: string; position: number; artistId: string | null; name: string }
    tracks: {
      id: string
      releaseId: string
      recordingId: string
      disc: Generated<number>
      position: number
      slug: string
      givesStream: boolean | null
      givesDownload: boolean | null
    }
    credits: {
      id: string
      releaseId: string | null
      recordingId: string | null
      position: number
      name: string
      role: string
    }
    bonusFiles: {
      id: string
      releaseId: string
      position: number
      fileName: string
      storageKey: string
      sha256: string
      size: number
      type: string
    }
    secretLinks: {
      id: string
      releaseId: string
      token: string
      note: Generated<string>
      visits: Generated<number>
      createdAt: Since
      revokedAt: Date | null
    }
  }
}
