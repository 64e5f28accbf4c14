import type { ColumnType, Generated, JSONColumnType } from 'kysely'

type Since = Generated<Date>
export type ReleaseKind = 'album' | 'ep' | 'single' | 'live' | 'compilation'
export type Visibility = 'draft' | 'scheduled' | 'unlisted' | 'members' | 'public'
/** MusicBrainz identifiers by what they name. */
export type MusicBrainzIds = {
  release?: string
  releaseGroup?: string
  recording?: string
  track?: string
  work?: string
}

type NamedArtistRow = {
  position: number
  artistId: string | null
  name: string
  isFeatured: Generated<boolean>
  musicbrainz: string | null
}

declare module '../../platform/database/tables.ts' {
  interface Tables {
    releases: {
      id: string
      artistId: string
      labelId: string | null
      labelName: string | null
      slug: string
      title: string
      kind: Generated<ReleaseKind>
      /** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
      releaseDate: string | null
      description: Generated<string>
      language: string | null
      licence: Generated<string>
      copyright: string | null
      catalogueNumber: string | null
      barcode: string | null
      genres: Generated<string[]>
      tags: Generated<string[]>
      coverImageId: string | null
      musicbrainz: JSONColumnType<MusicBrainzIds, string | undefined, string>
      discTitles: JSONColumnType<Record<string, string>, string | undefined, string>
      visibility: Generated<Visibility>
      publishAt: Date | null
      publishZone: string | null
      publishedAt: Date | null
      givesStream: Generated<boolean>
      givesDownload: Generated<boolean>
      asksAddress: Generated<boolean>
      createdAt: Since
      updatedAt: Since
      revision: Generated<number>
      version: Generated<number>
      removedAt: Date | null
      forMembers: Generated<boolean>
      memberPlans: Generated<string[]>
      membersListed: Generated<boolean>
      teaser: Generated<string>
      membersAt: ColumnType<Date | null, Date | null | undefined, Date | null>
    }
    releaseSlugs: { artistId: string; slug: string; releaseId: string }
    releaseArtists: { releaseId: string } & NamedArtistRow
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
      updatedAt: Since
      lockVersion: Generated<number>
    }
    recordingArtists: { recordingId: string } & NamedArtistRow
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
    removedTracks: {
      id: string
      releaseId: string
      recordingId: string
      disc: number
      position: number
      slug: string
      givesStream: boolean | null
      givesDownload: boolean | null
      removedAt: Since
    }
    trackSlugs: { releaseId: string; slug: string; trackId: string }
    translations: {
      id: string
      recordingId: string
      language: string
      text: string
      name: Generated<string>
      madeAt: Date
    }
    credits: {
      id: string
      releaseId: string | null
      recordingId: string | null
      position: number
      name: string
      role: string
      detail: string | null
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
    appearances: { artistId: string; releaseId: string; shown: boolean; at: Date }
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
