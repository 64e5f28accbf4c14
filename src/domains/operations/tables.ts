import type { Generated, JSONColumnType } from 'kysely'
import type { Lang } from '../../platform/i18n/index.ts'
import type { Loudness, MasterFacts } from '../audio/index.ts'
import type { Closing, Cluster } from './contests/contest.rules.ts'
import type { FileKind, FileProblem, FileState, StreamKind } from './entry-files/files.rules.ts'
import type { TaskKind } from './missions/mission.rules.ts'
import type { ContestSort, EntryState, FollowUp, How, OperationKind, OperationState } from './operation.rules.ts'
import type { Rhythm } from './series/series.rules.ts'
import type { Each } from './series/set-each.ts'

declare module '../../platform/database/tables.ts' {
  interface Tables {
    operations: {
      id: string
      artistId: string
      kind: OperationKind
      slug: string
      title: Generated<string>
      words: Generated<string>
      language: Generated<Lang>
      timeZone: string
      endsAt: Date | null
      state: Generated<OperationState>
      openedAt: Date | null
      closedAt: Date | null
      followUp: FollowUp | null
      followUpWords: Generated<string>
      followUpSubject: string | null
      thanksSubject: string | null
      thanksWords: Generated<string>
      createdBy: string | null
      createdAt: Generated<Date>
      hiddenAt: Date | null
      version: Generated<number>
    }
    operationPeople: {
      operationId: string
      fanId: string
      how: How
      addressId: string | null
      language: Generated<Lang>
      at: Date
    }
    contests: {
      operationId: string
      sort: ContestSort
      releaseId: string | null
      entriesUntil: Date | null
      /** Hundredths that the jury weighs. */
      juryWeight: Generated<number>
      mostEntries: Generated<number>
      stems: Generated<string[]>
      /** Whether its rules say that votes may be set aside. */
      setsAside: Generated<boolean>
      winnerId: string | null
      /** The draft that was made of what won, as a subject. */
      made: Generated<string | null>
      results: JSONColumnType<Closing, string | null, string | null> | null
    }
    contestRules: { operationId: string; version: number; language: Lang; text: string; madeAt: Date }
    contestEntries: {
      id: string
      operationId: string
      fanId: string | null
      mail: string | null
      name: string
      title: Generated<string>
      text: Generated<string>
      imageId: string | null
      fileId: Generated<string | null>
      alt: Generated<string>
      language: Generated<Lang>
      rulesVersion: number
      rulesLanguage: Lang
      accepted: string
      at: Date
      confirmedAt: Date | null
      state: Generated<EntryState>
      reason: Generated<string>
      decidedBy: string | null
      decidedAt: Date | null
    }
    entryFiles: {
      id: string
      operationId: string
      kind: FileKind
      fileName: string
      storageKey: string
      sha256: string
      size: number
      state: Generated<FileState>
      progress: Generated<number>
      problem: FileProblem | null
      facts: JSONColumnType<MasterFacts | null, string | null, string | null>
      loudness: JSONColumnType<Loudness | null, string | null | undefined, string | null>
      waveform: Buffer | null
      durationMs: number | null
      width: number | null
      height: number | null
      posterImageId: string | null
      captions: string | null
      cameAt: Date
      toldAt: Generated<Date | null>
    }
    entryStreams: { fileId: string; format: StreamKind; storageKey: string; size: number; type: string }
    contestBallots: {
      id: string
      operationId: string
      fanId: string | null
      mail: string | null
      entryIds: string[]
      network: string | null
      language: Generated<Lang>
      at: Date
      confirmedAt: Date | null
    }
    contestVotes: {
      operationId: string
      entryId: string
      fanId: string | null
      at: Date
      withdrawnAt: Date | null
      mergedAt: Date | null
      erasedAs: string | null
      setAsideId: Generated<string | null>
    }
    heldPictures: { ofId: string; operationId: string; storageKey: string; size: number; heldAt: Date }
    contestSetAsides: {
      id: string
      operationId: string
      kind: Cluster['kind']
      people: number
      reason: string
      setBy: string | null
      setAt: Date
      undoneBy: string | null
      undoneAt: Date | null
    }
    contestJurors: { id: string; operationId: string; name: string; invitedAt: Date; removedAt: Date | null }
    series: {
      operationId: string
      unit: Rhythm['unit']
      every: number
      firstDay: string
      hour: string
      count: number | null
      nextAt: Date | null
      notice: Each['notice']
      noticeWords: Generated<string>
      noticeWordsOther: Generated<string>
      noticeTexts: Generated<boolean>
      price: number | null
    }
    seriesItems: {
      id: string
      operationId: string
      releaseId: string | null
      postId: string | null
      place: number
      laidAt: Date
      number: number | null
      claimedAt: Date | null
      givenAt: Date | null
      problem: string | null
      announcementId: string | null
      productId: string | null
    }
    missions: {
      operationId: string
      thanksWords: Generated<string>
      thanksSubject: string | null
      thanksBatch: string | null
    }
    missionTasks: {
      id: string
      operationId: string
      place: number
      kind: TaskKind
      words: Generated<string>
      times: Generated<number>
      subject: string | null
      language: string | null
      thanksWords: Generated<string>
      thanksSubject: string | null
      thanksBatch: string | null
    }
    missionContributions: {
      id: string
      operationId: string
      taskId: string
      fanId: string | null
      mail: string | null
      name: Generated<string>
      text: Generated<string>
      link: Generated<string>
      town: Generated<string>
      imageId: string | null
      alt: Generated<string>
      language: Generated<Lang>
      accepted: Generated<string>
      people: Generated<number>
      at: Date
      confirmedAt: Date | null
      state: Generated<EntryState>
      reason: Generated<string>
      decidedBy: string | null
      decidedAt: Date | null
    }
    missionThanks: {
      id: string
      operationId: string
      taskId: string | null
      fanId: string | null
      dueAt: Date
      givenAt: Date | null
      code: string | null
    }
    contestScores: { jurorId: string; entryId: string; score: number; at: Date }
  }
}
