import type { ColumnType, Generated } from 'kysely'
import type { Lang } from '../../platform/i18n/index.ts'
import type { Visibility } from '../music/index.ts'

export type CommentState = 'waiting' | 'shown' | 'hidden' | 'spam'

export type VideoState = 'waiting' | 'preparing' | 'ready' | 'failed'

declare module '../../platform/database/tables.ts' {
  interface Tables {
    posts: {
      id: string
      artistId: string | null
      labelId: string | null
      /** Of whichever of the two it is. */
      senderId: ColumnType<string, never, never>
      slug: string
      title: string
      body: Generated<string>
      language: Generated<Lang>
      coverImageId: string | null
      coverAlt: Generated<string>
      visibility: Generated<Visibility>
      publishAt: Date | null
      publishZone: string | null
      publishedAt: Date | null
      secretToken: string | null
      commentsOpen: Generated<boolean>
      createdBy: string | null
      createdAt: Generated<Date>
      changedAt: Generated<Date>
      removedAt: Date | null
      version: Generated<number>
      forMembers: Generated<boolean>
      memberPlans: Generated<string[]>
      membersListed: Generated<boolean>
      teaser: Generated<string>
      membersAt: ColumnType<Date | null, Date | null | undefined, Date | null>
    }
    postSlugs: {
      artistId: string | null
      labelId: string | null
      senderId: ColumnType<string, never, never>
      slug: string
      postId: string
    }
    postPictures: { id: string; postId: string; imageId: string; alt: Generated<string>; createdAt: Generated<Date> }
    postVideos: {
      id: string
      postId: string
      title: string
      fileName: string
      originalStorageKey: string
      originalSize: number
      state: Generated<VideoState>
      progress: Generated<number>
      problem: string | null
      mp4StorageKey: string | null
      mp4Size: number | null
      mp4Type: string | null
      webmStorageKey: string | null
      webmSize: number | null
      webmType: string | null
      posterImageId: string | null
      width: number | null
      height: number | null
      durationMs: number | null
      createdAt: Generated<Date>
      removedAt: ColumnType<Date | null, Date | null | undefined, Date | null>
      removedFrom: ColumnType<string | null, string | null | undefined, string | null>
    }
    videoUploads: {
      id: string
      postId: string
      fileName: string
      size: number
      modifiedMs: number
      touchedAt: Generated<Date>
    }
    videoCaptions: { videoId: string; language: Lang; vtt: string }
    comments: {
      id: string
      postId: string
      answers: string | null
      accountId: string | null
      fanId: string | null
      mail: string | null
      confirmedAt: Date | null
      language: Generated<Lang>
      name: string
      text: string
      state: CommentState
      at: Date
      moderatedBy: string | null
      moderatedAt: Date | null
    }
  }
}
